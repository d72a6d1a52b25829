//! Listing key types: those that every installation has, then those of tenants, by name.

use crate::{
    Service,
    by_name::{ListByName, PageByName},
    caller::Caller,
    error::Error,
};
use domain::key_type::KeyType;

impl Service {
    /// Lists key types: those that every installation has, and those of the scope, or of everybody whom
    /// the caller reaches.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tenant out of reach, [`Error::Invalid`] for a cursor of another list.
    pub fn list_key_types(
        &self,
        caller: &Caller,
        list: &ListByName,
    ) -> Result<PageByName<KeyType>, Error> {
        let scope = self.listed_scope(caller, list.scope)?;
        let custom = self.key_types.custom(scope);
        let all = self.key_types.seeded().iter().chain(&custom);
        let places = all.map(|of_type| (place(of_type), of_type.clone())).collect();
        self.page_by_name("list_key_types", scope, places, list)
    }
}

/// Where a type stands in the list; nobody's come before everybody's, as `/` comes before digits.
fn place(of_type: &KeyType) -> String {
    let tenant = of_type.tenant.map_or_else(String::new, |tenant| tenant.to_string());
    format!("{tenant}/{}", of_type.name)
}
