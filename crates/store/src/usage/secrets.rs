//! When each secret of a key last opened it.

use super::in_batches;
use crate::{Bookkeeping, Error, Read};
use domain::{id::KeyId, time::Timestamp};
use std::collections::BTreeMap;

/// Last uses by key and slot.
pub(super) type LastUses = BTreeMap<([u8; 16], u8), Timestamp>;

/// When the secret in each slot of a key last opened it; the secrets that are there now, and no earlier
/// ones that were in their slots.
///
/// # Errors
/// The database fails.
pub fn last_used_by_secret(r: &mut Read, id: KeyId) -> Result<BTreeMap<u8, Timestamp>, Error> {
    r.query(
        "SELECT u.slot, u.last_used FROM secret_usage u JOIN secrets s
             ON s.key_id = u.key_id AND s.slot = u.slot
         WHERE u.key_id = $1 AND (s.created_at IS NULL OR s.created_at <= u.last_used)",
        &[id.as_bytes().into()],
    )?
    .iter()
    .map(|row| Ok((row.u8(0)?, row.timestamp(1)?)))
    .collect()
}

/// A use from before its slot got the secret that is there now was another secret's, and is not noted.
pub(super) fn write(b: &mut Bookkeeping, last_uses: LastUses) -> Result<(), Error> {
    let statements = last_uses.into_iter().map(|((key, slot), at)| {
        (
            "INSERT INTO secret_usage (key_id, slot, last_used)
             SELECT key_id, slot, CAST($3 AS BIGINT) FROM secrets
             WHERE key_id = $1 AND slot = $2 AND (created_at IS NULL OR created_at <= $3)
             ON CONFLICT (key_id, slot) DO UPDATE SET last_used = excluded.last_used
             WHERE secret_usage.last_used < excluded.last_used",
            vec![key.into(), slot.into(), at.into()],
        )
    });
    in_batches(b, statements)
}
