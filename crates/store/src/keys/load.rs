//! Keys for memory: all of them at the start, one when another node changed it.

use super::{
    row::{read, select},
    secrets,
};
use crate::{Apply, Error, Read, Row, StoredSecret};
use domain::{id::KeyId, key::Key};
use verifier::KeyState;

/// Some keys in the order of their ids, each with its secrets.
pub(crate) struct Chunk {
    pub(crate) keys: Vec<(Key, Vec<StoredSecret>)>,
    /// Rows that cannot be read: those keys alone are out of service.
    pub(crate) unreadable: Vec<KeyId>,
}

/// The rows of a chunk, as they came; decoding them may be another thread's work.
pub(crate) struct Rows {
    keys: Vec<Row>,
    secrets: Vec<Row>,
    /// Where the next chunk begins.
    pub(crate) last: KeyId,
}

/// The next keys behind `after`, deleted ones apart; `None`: there are no more. Both tables lie in
/// the order of key ids, so two scans that run side by side join them.
pub(crate) fn rows(r: &mut Read, after: Option<KeyId>, limit: u32) -> Result<Option<Rows>, Error> {
    let behind: Vec<u8> = after.map_or_else(Vec::new, |id| id.as_bytes().to_vec());
    let keys = r.query(
        select!("keys k WHERE k.id > $1 AND k.deleted_at IS NULL ORDER BY k.id LIMIT $2"),
        &[behind.as_slice().into(), limit.into()],
    )?;
    let Some(last) = keys.last() else {
        return Ok(None);
    };
    let last = KeyId::from_bytes(last.bytes(0)?);
    let secrets = r.query(
        "SELECT key_id, slot, lookup, generation, sealed_digest, NULL, hint, ends_at
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
            let mut own = Vec::with_capacity(1);
            let mut readable = true;
            while let Some(secret) =
                stored.next_if(|s| s.bytes(0).is_ok_and(|of: [u8; 16]| of <= id))
            {
                // A secret of a smaller id belongs to a deleted key.
                if secret.bytes::<16>(0)? == id {
                    match secrets::read(secret) {
                        Ok(secret) => own.push(secret),
                        Err(_) => readable = false,
                    }
                }
            }
            match read(row) {
                Ok(key) if readable => chunk.keys.push((key, own)),
                _ => chunk.unreadable.push(KeyId::from_bytes(id)),
            }
        }
        Ok(chunk)
    }
}

/// What memory must learn of a key as it is now; `None`: there never was such a key.
pub(crate) fn current(r: &mut Read, id: KeyId) -> Result<Option<Apply>, Error> {
    if let Some(key) = super::find_by_id(r, None, id)? {
        let stored = secrets::secrets_of(r, id)?;
        let secrets = secrets::opened(r, &key, &stored);
        return Ok(Some(Apply::Key(Box::new(KeyState { key, secrets, held: false }))));
    }
    let row = r.query_one("SELECT version FROM keys WHERE id = $1", &[id.as_bytes().into()])?;
    row.map(|row| Ok(Apply::KeyRemoved { id, version: row.u32(0)? })).transpose()
}
