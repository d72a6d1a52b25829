//! Showing a key type.

use crate::{Service, caller::Caller, error::Error};
use domain::{id::Scope, key_type::KeyType};

impl Service {
    /// The type of this name: one that every installation has, or one of the tenant's own. `named`
    /// is the tenant that a caller of the cluster means.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a type or a tenant that is not there for this caller.
    pub fn show_key_type(
        &self,
        caller: &Caller,
        named: Option<Scope>,
        name: &str,
    ) -> Result<KeyType, Error> {
        let scope = match self.listed_scope(caller, named) {
            // Types that every installation has need no tenant.
            Err(Error::Invalid { .. }) => None,
            scope => scope?,
        };
        self.key_types.find(scope.unwrap_or(Scope::Cluster), name).ok_or(Error::NotFound)
    }
}
