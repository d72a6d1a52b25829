//! Keys that their schedules want rotated, of types whose secrets can be read again: the secrets of the
//! others end by themselves.

use super::row::{read, select};
use crate::{Error, Read, Tx, value::Value};
use domain::{
    id::{KeyId, Scope},
    key::Key,
    time::Timestamp,
};

/// Where a look at them goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DuePosition {
    due_at: Timestamp,
    id: KeyId,
}

impl DuePosition {
    /// Behind this key.
    #[must_use]
    pub fn of(key: &Key) -> Option<Self> {
        key.rotation.map(|rotation| Self { due_at: rotation.due_at, id: key.id })
    }
}

/// Those that are due at `at`, the longest due first: of keys that are neither revoked nor expired, of
/// tenants that are in service.
///
/// # Errors
/// The database fails.
pub fn list_due(
    r: &mut Read,
    at: Timestamp,
    after: Option<DuePosition>,
    limit: u32,
) -> Result<Vec<Key>, Error> {
    let (due_at, id) = after.map_or((i64::MIN, Vec::new()), |after| {
        (after.due_at.as_millis(), after.id.as_bytes().to_vec())
    });
    let args: [Value; 4] = [at.into(), limit.into(), due_at.into(), id.into()];
    r.query(
        select!(
            "keys k WHERE k.rotate_at IS NOT NULL AND k.deleted_at IS NULL
                 AND k.rotate_at <= $1 AND k.secret_ends_at IS NULL
                 AND (k.revoked_at IS NULL OR k.revoked_at > $1)
                 AND (k.expires_at IS NULL OR k.expires_at > $1)
                 AND (k.scope = '*' OR EXISTS (SELECT 1 FROM tenants t
                     WHERE t.id = k.scope AND t.deleted_at IS NULL AND t.enabled))
                 AND (k.rotate_at, k.id) > ($3, $4)
             ORDER BY k.rotate_at, k.id LIMIT $2"
        ),
        &args,
    )?
    .iter()
    .map(read)
    .collect()
}

/// The key of this id if it is still due, and nobody else changes it until this transaction has ended:
/// of two nodes that found it due one rotates it.
///
/// # Errors
/// The database fails, or the key is locked for too long.
pub fn find_due_for_update(tx: &mut Tx, id: KeyId, at: Timestamp) -> Result<Option<Key>, Error> {
    let Some(key) = super::find_for_update(tx, None, id)? else { return Ok(None) };
    let serves = match key.scope {
        Scope::Cluster => true,
        Scope::Tenant(tenant) => crate::tenants::find_by_id(tx, tenant)?.is_some_and(|t| t.enabled),
    };
    let is_due = key.rotation.is_some_and(|rotation| rotation.due_at <= at)
        && key.secret_ends_at.is_none()
        && key.unavailable_at().is_none_or(|end| end > at);
    Ok((serves && is_due).then_some(key))
}
