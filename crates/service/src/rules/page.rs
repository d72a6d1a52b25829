//! Pages of things that are known by their names.

use crate::{Service, cursor::ListId, error::Error};
use domain::id::Scope;
use std::collections::BTreeMap;

impl Service {
    /// The part of the things that one page holds, and where the list goes on.
    pub(crate) fn page_by_name<T>(
        &self,
        (route, scope): (&str, Option<Scope>),
        mut things: BTreeMap<String, T>,
        limit: u32,
        cursor: &Option<String>,
    ) -> Result<(Vec<T>, Option<String>), Error> {
        let id = ListId { route, scope, filter: [0; 32] };
        if let Some(text) = cursor {
            let after = self.read_long_cursor(&id, text)?;
            things.retain(|name, _| name.as_bytes() > after.as_slice());
        }
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let next = match (things.len() > limit, things.keys().nth(limit.saturating_sub(1))) {
            (true, Some(last)) => Some(self.sign_cursor(&id, last.as_bytes())),
            _ => None,
        };
        Ok((things.into_values().take(limit).collect(), next))
    }
}
