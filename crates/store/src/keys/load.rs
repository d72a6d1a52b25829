//! Keys for memory: all of them at the start, one when another node changed it.

use super::{
    row::{COLUMNS, read, select},
    secrets,
};
use crate::{Apply, Error, Read, Row, SealedDigest};
use domain::{id::KeyId, key::Key, time::Timestamp};
use verifier::KeyState;

/// Some keys in the order of their ids, each with the instant since when it waits to be acknowledged
/// and with its secrets, which are still sealed.
pub(crate) struct Chunk {
    pub(crate) keys: Vec<(Key, Option<Timestamp>, Vec<Sealed>)>,
    /// Rows that cannot be read: those keys alone are out of service.
    pub(crate) unreadable: Vec<KeyId>,
}

/// One secret of a key, and when it ends.
pub(crate) struct Sealed {
    pub(crate) digest: SealedDigest,
    pub(crate) ends_at: Option<Timestamp>,
}

/// The rows of a chunk, as they came; decoding them may be another thread's work.
pub(crate) struct Rows {
    keys: Vec<Row>,
    secrets: Vec<Row>,
    /// Where the next chunk begins.
    pub(crate) last: KeyId,
}

/// The next keys behind `after`, deleted ones apart; `None`: there are no more. Both tables lie in
/// the order of key ids, so two scans that run side by side join them. What memory has no use for
/// (descriptions, who made it, hints) is not read: a start reads millions of these.
pub(crate) fn rows(r: &mut Read, after: Option<KeyId>, limit: u32) -> Result<Option<Rows>, Error> {
    let behind: Vec<u8> = after.map_or_else(Vec::new, |id| id.as_bytes().to_vec());
    let keys = r.query(
        "SELECT id, scope, key_type, name, NULL, owner, permissions, enabled, starts_at, expires_at,
             revoked_at, NULL, capacity, frequency_s, allow_list, '', NULL, 0, '', version,
             rotate_every_days, rotate_overlap_s, rotate_at, secret_ends_at, held_at, unacknowledged_since
         FROM keys WHERE id > $1 AND deleted_at IS NULL ORDER BY id LIMIT $2",
        &[behind.as_slice().into(), limit.into()],
    )?;
    let Some(last) = keys.last() else {
        return Ok(None);
    };
    let last = KeyId::from_bytes(last.bytes(0)?);
    let secrets = r.query(
        "SELECT key_id, slot, generation, sealed_digest, ends_at
         FROM secrets WHERE key_id > $1 AND key_id <= $2 ORDER BY key_id, slot",
        &[behind.into(), last.as_bytes().into()],
    )?;
    Ok(Some(Rows { keys, secrets, last }))
}

impl Rows {
    /// Reads the rows, keys and secrets side by side.
    pub(crate) fn decode(&self) -> Result<Chunk, Error> {
        let mut chunk = Chunk { keys: Vec::with_capacity(self.keys.len()), unreadable: Vec::new() };
        let mut stored = self.secrets.iter().peekable();
        for row in &self.keys {
            let id: [u8; 16] = row.bytes(0)?;
            let mut key = read(row).ok();
            let mut own = Vec::with_capacity(1);
            while let Some(secret) =
                stored.next_if(|s| s.bytes(0).is_ok_and(|of: [u8; 16]| of <= id))
            {
                // A secret of a smaller id belongs to a deleted key.
                if secret.bytes::<16>(0)? != id {
                    continue;
                }
                match key.as_ref().map(|key| sealed(key, secret)) {
                    Some(Ok(secret)) => own.push(secret),
                    Some(Err(_)) => key = None,
                    None => {}
                }
            }
            match key {
                Some(key) => chunk.keys.push((key, row.opt_timestamp(COLUMNS)?, own)),
                None => chunk.unreadable.push(KeyId::from_bytes(id)),
            }
        }
        Ok(chunk)
    }
}

fn sealed(key: &Key, row: &Row) -> Result<Sealed, Error> {
    let digest = SealedDigest {
        scope: key.scope,
        key_id: key.id,
        key_type: key.key_type.clone(),
        slot: row.u8(1)?,
        generation: row.i32(2)?,
        sealed: row.blob(3)?,
    };
    Ok(Sealed { digest, ends_at: row.opt_timestamp(4)? })
}

/// The next keys behind `after` with all that is said of them, without their secrets: for comparing
/// them with the audit log. A key is `None` where its row cannot be read.
pub(crate) fn whole(
    r: &mut Read,
    after: Option<KeyId>,
    limit: u32,
) -> Result<Vec<(KeyId, Option<Key>)>, Error> {
    let behind: Vec<u8> = after.map_or_else(Vec::new, |id| id.as_bytes().to_vec());
    r.query(
        select!("keys k WHERE k.id > $1 AND k.deleted_at IS NULL ORDER BY k.id LIMIT $2"),
        &[behind.into(), limit.into()],
    )?
    .iter()
    .map(|row| Ok((KeyId::from_bytes(row.bytes(0)?), read(row).ok())))
    .collect()
}

/// Since when a key waits to be acknowledged; `None`: it does not.
///
/// # Errors
/// The database fails.
pub fn unacknowledged_since(r: &mut Read, id: KeyId) -> Result<Option<Timestamp>, Error> {
    let row = r.query_one(
        "SELECT unacknowledged_since FROM keys WHERE id = $1",
        &[id.as_bytes().into()],
    )?;
    row.map_or(Ok(None), |row| row.opt_timestamp(0))
}

/// What memory must learn of a key as it is now; `None`: there never was such a key.
pub(crate) fn current(r: &mut Read, id: KeyId) -> Result<Option<Apply>, Error> {
    if let Some(key) = super::find_by_id(r, None, id)? {
        let stored = secrets::secrets_of(r, id)?;
        let secrets = secrets::opened(r, &key, &stored);
        let unacknowledged_since = unacknowledged_since(r, id)?;
        let state = KeyState { key, secrets, unacknowledged_since };
        return Ok(Some(Apply::Key(Box::new(state))));
    }
    let row = r.query_one("SELECT version FROM keys WHERE id = $1", &[id.as_bytes().into()])?;
    row.map(|row| Ok(Apply::KeyRemoved { id, version: row.u32(0)? })).transpose()
}
