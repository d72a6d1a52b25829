//! One key, or the few of one person.

use super::row::{read, select};
use crate::{Error, Read, Tx, like, value::Value};
use domain::{
    id::{KeyId, PersonId, Scope},
    key::Key,
    time::Timestamp,
};

/// The key of this id, unless deleted; with a scope, only if it belongs there.
///
/// # Errors
/// The database fails.
pub fn find_by_id(r: &mut Read, scope: Option<Scope>, id: KeyId) -> Result<Option<Key>, Error> {
    let row = r.query_one(
        select!("keys k WHERE k.id = $1 AND k.deleted_at IS NULL"),
        &[id.as_bytes().into()],
    )?;
    within(scope, row.as_ref().map(read).transpose()?)
}

/// The same, and nobody else changes it until this transaction has ended.
///
/// # Errors
/// The database fails, or the key is locked for too long.
pub fn find_for_update(tx: &mut Tx, scope: Option<Scope>, id: KeyId) -> Result<Option<Key>, Error> {
    let row = tx.query_one(
        select!("keys k WHERE k.id = $1 AND k.deleted_at IS NULL FOR UPDATE"),
        &[id.as_bytes().into()],
    )?;
    within(scope, row.as_ref().map(read).transpose()?)
}

/// Look-up values that one statement asks for; a shorter rest is filled up.
const LOOKUPS_AT_ONCE: usize = 4;

/// The key that has a secret with one of these look-up values (one a master key), and its slot. One
/// statement asks for all of them: between two looks a row could be sealed anew, and be in neither.
///
/// # Errors
/// The database fails.
pub fn find_by_lookup(r: &mut Read, candidates: &[[u8; 32]]) -> Result<Option<(Key, u8)>, Error> {
    for lookups in candidates.chunks(LOOKUPS_AT_ONCE) {
        let row = r.query_one(
            "SELECT key_id, slot FROM secrets WHERE lookup IN ($1, $2, $3, $4)",
            &at_once(lookups),
        )?;
        if let Some(row) = row {
            let (id, slot) = (KeyId::from_bytes(row.bytes(0)?), row.u8(1)?);
            return Ok(find_by_id(r, None, id)?.map(|key| (key, slot)));
        }
    }
    Ok(None)
}

/// Whether a secret with one of these look-up values is taken, be it by a key that was revoked and
/// deleted. Asked as [`find_by_lookup`] asks.
///
/// # Errors
/// The database fails.
pub fn lookup_taken(r: &mut Read, candidates: &[[u8; 32]]) -> Result<bool, Error> {
    for lookups in candidates.chunks(LOOKUPS_AT_ONCE) {
        let row = r.query_one(
            "SELECT 1 FROM secrets WHERE lookup IN ($1, $2, $3, $4)",
            &at_once(lookups),
        )?;
        if row.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn at_once(lookups: &[[u8; 32]]) -> [Value; LOOKUPS_AT_ONCE] {
    std::array::from_fn(|n| lookups.get(n).map_or_else(|| Value::Blob(Vec::new()), Into::into))
}

/// The keys of one person, newest first.
///
/// # Errors
/// The database fails.
pub fn list_by_owner(r: &mut Read, owner: PersonId) -> Result<Vec<Key>, Error> {
    r.query(
        select!(
            "keys k WHERE k.owner = $1 AND k.deleted_at IS NULL ORDER BY k.created_at DESC, k.id DESC"
        ),
        &[owner.into()],
    )?
    .iter()
    .map(read)
    .collect()
}

/// When a key that is not deleted was last changed; its creation, where it never was.
///
/// # Errors
/// The database fails.
pub fn changed_at(r: &mut Read, id: KeyId) -> Result<Option<Timestamp>, Error> {
    r.query_one(
        "SELECT COALESCE(updated_at, created_at) FROM keys WHERE id = $1 AND deleted_at IS NULL",
        &[id.as_bytes().into()],
    )?
    .map(|row| row.timestamp(0))
    .transpose()
}

/// The names of a scope's keys that begin with this text, in whatever case.
///
/// # Errors
/// The database fails.
pub fn names_beginning_with(
    r: &mut Read,
    scope: Scope,
    beginning: &str,
) -> Result<Vec<String>, Error> {
    let rows = r.query(
        "SELECT name FROM keys
         WHERE scope = $1 AND deleted_at IS NULL AND search LIKE $2 ESCAPE '!'",
        &[scope.into(), like::beginning(&beginning.to_lowercase()).into()],
    )?;
    rows.iter().map(|row| row.text(0)).collect()
}

fn within(scope: Option<Scope>, key: Option<Key>) -> Result<Option<Key>, Error> {
    Ok(key.filter(|key| scope.is_none_or(|scope| scope == key.scope)))
}
