//! Lists of things that are known by their names: what each of them is asked, and a page of one.

use crate::{Service, cursor::ListId, error::Error};
use domain::id::Scope;
use std::collections::BTreeMap;

/// The longest page.
pub const MAX_PAGE: u32 = 200;

/// Which things of a list, and how many of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ListByName {
    /// Those of this tenant alone, or of the cluster; `None`: all that the caller may see.
    pub scope: Option<Scope>,
    /// How many at most.
    pub limit: u32,
    /// Where an earlier page ended.
    pub cursor: Option<String>,
}

/// Part of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PageByName<T> {
    /// The things.
    pub things: Vec<T>,
    /// Where the list goes on; `None`: this was the end.
    pub next: Option<String>,
}

impl Service {
    /// The part of the things that one page holds, and where the list goes on. A cursor is good for the
    /// operation and the scope that it was made for.
    pub(crate) fn page_by_name<T>(
        &self,
        route: &str,
        scope: Option<Scope>,
        mut things: BTreeMap<String, T>,
        list: &ListByName,
    ) -> Result<PageByName<T>, Error> {
        let id = ListId { route, scope, filter: [0; 32] };
        if let Some(text) = &list.cursor {
            let after = self.read_long_cursor(&id, text)?;
            things.retain(|name, _| name.as_bytes() > after.as_slice());
        }
        let limit = usize::try_from(list.limit).unwrap_or(usize::MAX);
        let next = match (things.len() > limit, things.keys().nth(limit.saturating_sub(1))) {
            (true, Some(last)) => Some(self.sign_cursor(&id, last.as_bytes())),
            _ => None,
        };
        Ok(PageByName { things: things.into_values().take(limit).collect(), next })
    }
}
