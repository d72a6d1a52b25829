//! Listing key types: those that every installation has, then those of tenants, by name.

use crate::{Service, caller::Caller, cursor::ListId, error::Error};
use domain::{id::Scope, key_type::KeyType};

/// The longest page.
pub const MAX_PAGE: u32 = 200;

/// Which types, and how many of them.
#[derive(Clone, Debug)]
pub struct ListKeyTypes {
    /// Whose, besides those that every installation has; `None`: everybody's whom the caller reaches.
    pub scope: Option<Scope>,
    /// How many at most.
    pub limit: u32,
    /// Where an earlier page ended.
    pub cursor: Option<String>,
}

/// Part of the list.
#[derive(Clone, Debug)]
pub struct KeyTypePage {
    /// The types.
    pub key_types: Vec<KeyType>,
    /// Where the list goes on; `None`: this was the end.
    pub next: Option<String>,
}

impl Service {
    /// Lists key types.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a tenant out of reach, [`Error::Invalid`] for a cursor of another list.
    pub fn list_key_types(
        &self,
        caller: &Caller,
        list: &ListKeyTypes,
    ) -> Result<KeyTypePage, Error> {
        let scope = self.listed_scope(caller, list.scope)?;
        let id = ListId { route: "list_key_types", scope, filter: [0; 32] };
        let after = match &list.cursor {
            Some(text) => Some(self.read_long_cursor(&id, text)?),
            None => None,
        };
        let custom = self.key_types.custom(scope);
        let mut places: Vec<(String, &KeyType)> = self
            .key_types
            .seeded()
            .iter()
            .chain(&custom)
            .map(|of_type| (place(of_type), of_type))
            .filter(|(place, _)| after.as_deref().is_none_or(|after| place.as_bytes() > after))
            .collect();
        places.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        let limit = usize::try_from(list.limit).unwrap_or(usize::MAX);
        let more = places.len() > limit;
        places.truncate(limit);
        let last = places.last().filter(|_| more);
        let next = last.map(|(place, _)| self.sign_cursor(&id, place.as_bytes()));
        let key_types = places.into_iter().map(|(_, of_type)| of_type.clone()).collect();
        Ok(KeyTypePage { key_types, next })
    }
}

/// Where a type stands in the list; nobody's come before everybody's, as `/` comes before digits.
fn place(of_type: &KeyType) -> String {
    let tenant = of_type.tenant.map_or_else(String::new, |tenant| tenant.to_string());
    format!("{tenant}/{}", of_type.name)
}
