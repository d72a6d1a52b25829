//! Keys that nobody uses, and those that are held back for it.

use crate::{Error, Read, Tx};
use domain::{
    id::{KeyId, Scope},
    time::Timestamp,
};

/// At most `limit` keys of a type that could be held back at `at`: they serve, and nothing happened to
/// them after `since`.
///
/// # Errors
/// The database fails.
pub fn list_unused(
    r: &mut Read,
    (scope, key_type): (Scope, &str),
    since: Timestamp,
    at: Timestamp,
    limit: u32,
) -> Result<Vec<KeyId>, Error> {
    r.query(
        "SELECT k.id FROM keys k LEFT JOIN key_usage u ON u.key_id = k.id
         WHERE k.scope = $1 AND k.key_type = $2 AND k.deleted_at IS NULL AND k.held_at IS NULL
             AND k.enabled AND k.created_at <= $3
             AND (k.unused_since IS NULL OR k.unused_since <= $3)
             AND (k.starts_at IS NULL OR k.starts_at <= $3)
             AND (u.last_used IS NULL OR u.last_used <= $3)
             AND (k.unavailable_at IS NULL OR k.unavailable_at > $4)
             AND NOT EXISTS (
                 SELECT 1 FROM key_policies p WHERE p.scope = k.scope AND p.counted_since > $3)
         LIMIT $5",
        &[scope.into(), key_type.into(), since.into(), at.into(), limit.into()],
    )?
    .iter()
    .map(|row| row.bytes(0).map(KeyId::from_bytes))
    .collect()
}

/// Scopes and types of which keys are held back that are not revoked at `at`.
///
/// # Errors
/// The database fails.
pub fn list_held_types(r: &mut Read, at: Timestamp) -> Result<Vec<(Scope, String)>, Error> {
    r.query(
        "SELECT DISTINCT scope, key_type FROM keys
         WHERE held_at IS NOT NULL AND deleted_at IS NULL AND (revoked_at IS NULL OR revoked_at > $1)
         ORDER BY scope, key_type",
        &[at.into()],
    )?
    .iter()
    .map(|row| Ok((row.scope(0)?, row.text(1)?)))
    .collect()
}

/// At most `limit` keys of a type that are held back and not revoked at `at`; with `since` those to which
/// something happened after it.
///
/// # Errors
/// The database fails.
pub fn list_held(
    r: &mut Read,
    (scope, key_type): (Scope, &str),
    since: Option<Timestamp>,
    at: Timestamp,
    limit: u32,
) -> Result<Vec<KeyId>, Error> {
    r.query(
        "SELECT k.id FROM keys k LEFT JOIN key_usage u ON u.key_id = k.id
         WHERE k.scope = $1 AND k.key_type = $2 AND k.held_at IS NOT NULL AND k.deleted_at IS NULL
             AND (k.revoked_at IS NULL OR k.revoked_at > $4)
             AND (k.created_at > $3 OR k.unused_since > $3 OR k.starts_at > $3 OR u.last_used > $3)
         LIMIT $5",
        &[
            scope.into(),
            key_type.into(),
            since.map_or(i64::MIN, Timestamp::as_millis).into(),
            at.into(),
            limit.into(),
        ],
    )?
    .iter()
    .map(|row| row.bytes(0).map(KeyId::from_bytes))
    .collect()
}

/// When last something happened to a key that counts as use: its creation, its beginning, its release, a
/// call that passed. `None`: there is no such key.
///
/// # Errors
/// The database fails.
pub fn last_activity(r: &mut Read, id: KeyId) -> Result<Option<Timestamp>, Error> {
    let row = r.query_one(
        "SELECT k.created_at, k.starts_at, k.unused_since, u.last_used
         FROM keys k LEFT JOIN key_usage u ON u.key_id = k.id WHERE k.id = $1",
        &[id.as_bytes().into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let later = [row.opt_timestamp(1)?, row.opt_timestamp(2)?, row.opt_timestamp(3)?];
    Ok(Some(later.into_iter().flatten().fold(row.timestamp(0)?, Ord::max)))
}

/// Time without use counts from `at` on for all keys of a scope: until then nobody could use them.
///
/// # Errors
/// The database fails.
pub fn count_anew(tx: &mut Tx, scope: Scope, at: Timestamp) -> Result<(), Error> {
    let args = [scope.into(), at.into()];
    tx.execute("UPDATE key_policies SET counted_since = $2 WHERE scope = $1", &args).map(|_| ())
}

/// Counts a key as in use from `at` on. Call it with the change that releases it.
///
/// # Errors
/// The database fails.
pub fn set_unused_since(tx: &mut Tx, id: KeyId, at: Timestamp) -> Result<(), Error> {
    let args = [id.as_bytes().into(), at.into()];
    tx.execute("UPDATE keys SET unused_since = $2 WHERE id = $1", &args).map(|_| ())
}
