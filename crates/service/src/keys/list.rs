//! Lists keys, newest first, page by page. A list that a wire wants whole is paged inside.

use super::scope_exists;
use crate::{
    Service,
    caller::Caller,
    cursor::{ListId, filter_digest},
    error::Error,
};
use domain::{
    id::{KeyId, Scope},
    key::{Key, Standing},
    key_type::KeyType,
    right::{Deed, Right},
    time::Timestamp,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use store::{
    Read,
    keys::{KeyFilter, Position},
};
use tokio::sync::OwnedMutexGuard;

/// The longest page that a wire gives out.
pub const MAX_PAGE: u32 = 200;
/// The pages in which a whole list is read.
pub const WHOLE_LIST_PAGE: u32 = 500;
/// Bytes of a position: the row's instant and id.
const POSITION_BYTES: usize = 24;

/// Which keys, and how many of them.
#[derive(Clone, Debug)]
pub struct ListKeys<'a> {
    /// The operation, which a cursor is bound to.
    pub route: &'static str,
    /// Where they belong; `None`: everywhere that the caller reaches.
    pub scope: Option<Scope>,
    /// The types that the surface serves.
    pub key_types: &'a [&'a str],
    /// Of [`super::ALL_TYPES`], this one alone.
    pub key_type: Option<String>,
    /// A part of the name or of the creator's name, in any case.
    pub search: Option<String>,
    /// Which states; none pressed shows all.
    pub status: StatusFilter,
    /// What must be against it, besides.
    pub standing: Option<Standing>,
    /// A permission that a key must cover.
    pub permission: Option<String>,
    /// Whether its secret, shown once, was acknowledged.
    pub acknowledged: Option<bool>,
    /// Whether it is held back because nobody used it.
    pub held: Option<bool>,
    /// How many at most.
    pub limit: u32,
    /// Where an earlier page ended.
    pub cursor: Option<String>,
}

/// Pressed filters unite.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct StatusFilter {
    /// Neither revoked nor expired.
    pub available: bool,
    /// Revoked or expired.
    pub unavailable: bool,
    /// Available, and revoked or expired within 30 days.
    pub soon_unavailable: bool,
}

/// A part of a list.
#[derive(Debug)]
pub struct KeyPage {
    /// The keys.
    pub keys: Vec<Key>,
    /// Where the list goes on; `None`: this was the end.
    pub next: Option<String>,
}

impl Service {
    /// Lists keys without their secrets.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right to see, [`Error::NotFound`] for a tenant that is not
    /// there for this caller, [`Error::Invalid`] for a cursor of another list.
    pub async fn list_keys(&self, caller: &Caller, list: ListKeys<'_>) -> Result<KeyPage, Error> {
        self.require_deed(caller, list.key_types, Deed::See)?;
        if list.key_types.is_empty() {
            self.require_some_type(caller)?;
        }
        let scope = self.listed_scope(caller, list.scope)?;
        let key_types = self.listed_types(caller, &list, scope)?;
        let id = ListId { route: list.route, scope, filter: list.digest() };
        let after = match &list.cursor {
            Some(text) => Some(position(&self.read_cursor(&id, text)?)),
            None => None,
        };
        let filter = KeyFilter {
            scope,
            key_types,
            search: list.search,
            available: list.status.available,
            unavailable: list.status.unavailable,
            soon_unavailable: list.status.soon_unavailable,
            standing: list.standing,
            permission: list.permission,
            acknowledged: list.acknowledged,
            held: list.held,
            now: self.now().wall,
            after,
            limit: list.limit,
        };
        let page = self
            .store
            .read(move |r: &mut Read| {
                if let Some(scope) = scope
                    && !scope_exists(r, scope)?
                {
                    return Ok(None);
                }
                store::keys::list(r, &filter).map(Some)
            })
            .await
            .map_err(|e: store::Error| Error::from(e))?
            .ok_or(Error::NotFound)?;
        let next = page.next.map(|at| self.sign_cursor(&id, &bytes(at)));
        Ok(KeyPage { keys: page.items, next })
    }

    /// The types that the list shows: the surface's, or all that the caller may see there.
    fn listed_types(
        &self,
        caller: &Caller,
        list: &ListKeys<'_>,
        scope: Option<Scope>,
    ) -> Result<Vec<String>, Error> {
        if !list.key_types.is_empty() {
            return Ok(list.key_types.iter().map(|&t| t.to_owned()).collect());
        }
        if let Some(wanted) = &list.key_type {
            let custom = self.key_types.custom(scope);
            let there = || self.key_types.seeded().iter().chain(&custom);
            let sees = |t: &KeyType| caller.has(t.family.rights_for(Deed::See));
            let mut of_name = there().filter(|t| t.name == *wanted).peekable();
            if of_name.peek().is_none() {
                return Err(Error::invalid("keyType", "there is no such key type"));
            }
            // A filter without a type would show all of them.
            let seen = of_name.any(sees);
            return Ok(vec![if seen { wanted.clone() } else { String::new() }]);
        }
        Ok(self.seen_types(caller, scope))
    }

    /// The names of the types whose keys the caller may see there; none: all of them.
    pub(crate) fn seen_types(&self, caller: &Caller, scope: Option<Scope>) -> Vec<String> {
        let custom = self.key_types.custom(scope);
        let there = || self.key_types.seeded().iter().chain(&custom);
        let sees = |t: &KeyType| caller.has(t.family.rights_for(Deed::See));
        if there().all(sees) {
            return Vec::new();
        }
        let mut seen: Vec<String> = there().filter(|t| sees(t)).map(|t| t.name.clone()).collect();
        seen.sort_unstable();
        seen.dedup();
        seen
    }

    /// Demands that the caller sees keys of some type: asked before anything is said of tenants.
    pub(crate) fn require_some_type(&self, caller: &Caller) -> Result<(), Error> {
        match self.sees_a_type(caller) {
            true => Ok(()),
            false => Err(Error::NotAllowed { right: None }),
        }
    }

    /// Whether the caller may see keys of some type, be it their own alone.
    pub(super) fn sees_some(&self, caller: &Caller) -> bool {
        self.sees_a_type(caller) || caller.holds(Right::PersonalKeysUse)
    }

    fn sees_a_type(&self, caller: &Caller) -> bool {
        self.key_types.seeded().iter().any(|t| caller.has(t.family.rights_for(Deed::See)))
    }

    /// Waits until this caller reads no other whole list: each holds a reader for as long as the
    /// client takes.
    pub async fn begin_whole_list(&self, caller: &Caller) -> WholeList {
        let turn = self.whole_lists.turn_of(caller.principal.id);
        WholeList { _turn: turn.lock_owned().await }
    }
}

impl ListKeys<'_> {
    fn digest(&self) -> [u8; 32] {
        let StatusFilter { available, unavailable, soon_unavailable } = self.status;
        let status: String = [available, unavailable, soon_unavailable]
            .map(|pressed| if pressed { '1' } else { '0' })
            .into_iter()
            .collect();
        let types = match &self.key_type {
            Some(one) => format!("={one}"),
            None => self.key_types.join(" "),
        };
        let optional =
            |t: &Option<String>| t.as_deref().map_or_else(String::new, |t| format!("={t}"));
        let either = |switch| match switch {
            None => "",
            Some(true) => "yes",
            Some(false) => "no",
        };
        let (acknowledged, held) = (either(self.acknowledged), either(self.held));
        let (search, permission) = (optional(&self.search), optional(&self.permission));
        let mut parts = vec![&types, &search, &status, &permission, acknowledged, held];
        parts.extend(self.standing.map(Standing::as_str));
        filter_digest(&parts)
    }
}

fn bytes(at: Position) -> [u8; POSITION_BYTES] {
    let mut bytes = [0; POSITION_BYTES];
    let (instant, id) = bytes.split_at_mut(8);
    instant.copy_from_slice(&at.created_at.as_millis().to_be_bytes());
    id.copy_from_slice(at.id.as_bytes());
    bytes
}

fn position(bytes: &[u8; POSITION_BYTES]) -> Position {
    let (instant, id) = bytes.split_at(8);
    Position {
        created_at: Timestamp::from_millis(i64::from_be_bytes(
            instant.first_chunk().copied().unwrap_or_default(),
        )),
        id: KeyId::from_bytes(id.first_chunk().copied().unwrap_or_default()),
    }
}

/// A whole list is being read; the caller's next one waits for its end.
#[derive(Debug)]
pub struct WholeList {
    _turn: OwnedMutexGuard<()>,
}

/// Whose turn it is to read a whole list.
#[derive(Debug, Default)]
pub(crate) struct WholeLists(
    Mutex<HashMap<domain::actor::PrincipalId, Arc<tokio::sync::Mutex<()>>>>,
);

impl WholeLists {
    fn turn_of(&self, id: domain::actor::PrincipalId) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        Arc::clone(turns.entry(id).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_survives_its_bytes() {
        let at = Position {
            created_at: Timestamp::from_millis(1_767_225_600_123),
            id: KeyId::from_bytes([9; 16]),
        };
        assert_eq!(position(&bytes(at)), at);
    }
}
