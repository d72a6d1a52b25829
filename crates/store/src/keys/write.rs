//! Inserting, changing and deleting keys.

use super::{
    row::{schedule, values},
    secrets,
};
use crate::{Apply, Error, StoredSecret, Tx};
use domain::{
    id::{KeyId, Scope},
    key::Key,
    secret::SecretDigest,
    time::Timestamp,
};
use verifier::{KeyState, LiveSecret};

/// Adds a key. `digests` belong to `secrets`, one each, in order.
///
/// # Errors
/// `Conflict`: `secret` is taken by some key of the installation, or `key_id`.
pub fn insert(
    tx: &mut Tx,
    key: &Key,
    stored: &[StoredSecret],
    digests: &[SecretDigest],
) -> Result<(), Error> {
    let live = secrets::live(stored, digests)?;
    let shown_once = stored.iter().all(|secret| secret.sealed_secret.is_none());
    let unacknowledged_since =
        (shown_once && key.acknowledged_at.is_none()).then_some(key.created_at);
    let mut args = values(key);
    args.extend([
        key.scope.into(),
        key.key_type.as_str().into(),
        key.owner.into(),
        key.created_at.into(),
        key.created_by.as_str().into(),
        unacknowledged_since.into(),
        key.secret_ends_at.into(),
    ]);
    args.extend(schedule(key));
    let written = tx.execute(
        "INSERT INTO keys (name, description, permissions, enabled, starts_at, expires_at, revoked_at,
             revoke_reason, capacity, frequency_s, allow_list, hint, acknowledged_at, version,
             unavailable_at, search, id, scope, key_type, owner, created_at, created_by,
             unacknowledged_since, secret_ends_at, rotate_every_days, rotate_overlap_s, rotate_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
             $20, $21, $22, $23, $24, $25, $26, $27)
         ON CONFLICT DO NOTHING",
        &args,
    )?;
    if written == 0 {
        return Err(Error::Conflict("key_id"));
    }
    secrets::insert_all(tx, key.id, stored, Some(key.created_at))?;
    // A new key has no earlier state in this transaction to look for: an import makes many.
    let state = KeyState { key: key.clone(), secrets: live, unacknowledged_since };
    tx.changed(Apply::Key(Box::new(state)));
    Ok(())
}

/// Writes a key's settings, the version raised by one by the caller. What was revoked at `now` stays
/// revoked, from the instant it says (OT-06); everything else about it may change.
///
/// # Errors
/// `Conflict`: `revoked`, or `version`: someone else changed or deleted it meanwhile.
pub fn update(tx: &mut Tx, key: &Key, now: Timestamp) -> Result<(), Error> {
    let mut args = values(key);
    args.extend([key.version.saturating_sub(1).into(), now.into()]);
    args.extend([key.secret_ends_at.into(), key.held_at.into()]);
    args.extend(schedule(key));
    let written = tx.query_one(
        "UPDATE keys SET name = $1, description = $2, permissions = $3, enabled = $4, starts_at = $5,
             expires_at = $6, revoked_at = $7, revoke_reason = $8, capacity = $9, frequency_s = $10,
             allow_list = $11, hint = $12, acknowledged_at = $13, version = $14, unavailable_at = $15,
             search = $16, updated_at = $19, secret_ends_at = $20, held_at = $21,
             rotate_every_days = $22, rotate_overlap_s = $23, rotate_at = $24, unacknowledged_since = CASE
                 WHEN acknowledged_at IS NULL AND CAST($13 AS BIGINT) IS NULL THEN unacknowledged_since
                 WHEN CAST($13 AS BIGINT) IS NULL THEN CAST($19 AS BIGINT) END
         WHERE id = $17 AND version = $18 AND deleted_at IS NULL
             AND (revoked_at IS NULL OR revoked_at > $19 OR revoked_at = $7)
         RETURNING unacknowledged_since",
        &args,
    )?;
    let Some(row) = written else {
        return Err(why_not(tx, key, now)?);
    };
    let since = row.opt_timestamp(0)?;
    let stored = secrets::secrets_of(tx, key.id)?;
    let live = secrets::opened(tx, key, &stored);
    changed(tx, key.clone(), live, since);
    Ok(())
}

/// Counts from `at` on for how long nobody acknowledged the key's secret, where somebody has to. Call it
/// before the change that gives the key a new secret: nobody could have acknowledged that one earlier.
///
/// # Errors
/// The database fails.
pub fn set_unacknowledged_since(tx: &mut Tx, id: KeyId, at: Timestamp) -> Result<(), Error> {
    tx.execute(
        "UPDATE keys SET unacknowledged_since = $2
         WHERE id = $1 AND unacknowledged_since IS NOT NULL",
        &[id.as_bytes().into(), at.into()],
    )
    .map(|_| ())
}

/// Deletes a key: gone from service, its row stays for the audit log, its sealed secret is erased.
/// Its secret is free again, unless it was revoked at `at`: then it stays taken for ever.
/// False: it was deleted before.
///
/// # Errors
/// The database fails.
pub fn delete(tx: &mut Tx, key: &Key, at: Timestamp) -> Result<bool, Error> {
    let id = *key.id.as_bytes();
    let row = tx.query_one(
        "UPDATE keys SET deleted_at = $1, version = version + 1
         WHERE id = $2 AND deleted_at IS NULL RETURNING version, revoked_at",
        &[at.into(), id.into()],
    )?;
    let Some(row) = row else {
        return Ok(false);
    };
    if row.opt_timestamp(1)?.is_some_and(|revoked| revoked <= at) {
        tx.execute("UPDATE secrets SET sealed_secret = NULL WHERE key_id = $1", &[id.into()])?;
    } else {
        tx.execute("DELETE FROM secrets WHERE key_id = $1", &[id.into()])?;
    }
    forget(tx, key);
    tx.changed(Apply::KeyRemoved { id: key.id, version: row.u32(0)? });
    Ok(true)
}

/// Deletes every key of a scope by the same rule. Memory is told of the scope's end, not of each key.
pub(crate) fn delete_scope(tx: &mut Tx, scope: Scope, at: Timestamp) -> Result<u64, Error> {
    let args = [scope.into(), at.into()];
    tx.execute(
        "DELETE FROM secrets WHERE key_id IN
             (SELECT id FROM keys WHERE scope = $1 AND deleted_at IS NULL
                 AND (revoked_at IS NULL OR revoked_at > $2))",
        &args,
    )?;
    tx.execute(
        "UPDATE secrets SET sealed_secret = NULL WHERE key_id IN
             (SELECT id FROM keys WHERE scope = $1 AND deleted_at IS NULL AND revoked_at <= $2)",
        &args,
    )?;
    tx.execute(
        "UPDATE keys SET deleted_at = $2, version = version + 1 WHERE scope = $1 AND deleted_at IS NULL",
        &args,
    )
}

/// Notes the key's state for memory, in place of an earlier one of this transaction: of two states
/// with one version memory would keep the first.
pub(super) fn changed(
    tx: &mut Tx,
    key: Key,
    secrets: Vec<LiveSecret>,
    unacknowledged_since: Option<Timestamp>,
) {
    forget(tx, &key);
    let state = KeyState { key, secrets, unacknowledged_since };
    tx.changed(Apply::Key(Box::new(state)));
}

fn forget(tx: &mut Tx, key: &Key) {
    tx.applies.retain(|apply| !matches!(apply, Apply::Key(state) if state.key.id == key.id));
}

fn why_not(tx: &mut Tx, key: &Key, now: Timestamp) -> Result<Error, Error> {
    let row = tx.query_one(
        "SELECT revoked_at FROM keys WHERE id = $1 AND deleted_at IS NULL AND version = $2",
        &[key.id.as_bytes().into(), key.version.saturating_sub(1).into()],
    )?;
    let revoked = match row {
        Some(row) => row.opt_timestamp(0)?.is_some_and(|at| at <= now),
        None => false,
    };
    Ok(Error::Conflict(if revoked { "revoked" } else { "version" }))
}
