//! What a restored database needs: what happened after the backup, out of a newer database, and an
//! end of what was issued before it.

use crate::{
    Bookkeeping, Error, Read, audit::ChainHead, clients::ClientSecret, persons::PasswordRecord,
};
use domain::{
    id::{ClientId, KeyId, PersonId, Scope},
    key::Key,
};

/// The kind and id of every thing that events behind these heads speak of; of chains that are not
/// among them, all of their events.
///
/// # Errors
/// The database fails.
pub fn changed_since(r: &mut Read, heads: &[ChainHead]) -> Result<Vec<(String, String)>, Error> {
    let mut things = Vec::new();
    let scopes = r.query("SELECT scope FROM audit_heads ORDER BY scope", &[])?;
    for row in &scopes {
        let scope: Scope = row.scope(0)?;
        let known = heads.iter().find(|head| head.scope == scope).map_or(0, |head| head.position);
        let rows = r.query(
            "SELECT DISTINCT subject_kind, subject_id FROM audit_events
             WHERE scope = $1 AND position > $2",
            &[scope.into(), known.into()],
        )?;
        for row in &rows {
            things.push((row.text(0)?, row.text(1)?));
        }
    }
    Ok(things)
}

/// The keys that imports brought behind these heads and that are still there. The events of an import
/// name its batch as what they are about; every batch has one in the cluster's chain.
///
/// # Errors
/// The database fails.
pub fn imported_since(r: &mut Read, heads: &[ChainHead]) -> Result<Vec<KeyId>, Error> {
    let known = heads.iter().find(|head| head.scope == Scope::Cluster).map_or(0, |h| h.position);
    r.query(
        "SELECT i.key_id FROM key_imports i JOIN keys k ON k.id = i.key_id
         WHERE k.deleted_at IS NULL AND i.batch IN (
             SELECT subject_id FROM audit_events
             WHERE scope = $1 AND position > $2 AND subject_kind = 'import')",
        &[Scope::Cluster.into(), known.into()],
    )?
    .iter()
    .map(|row| row.bytes(0).map(KeyId::from_bytes))
    .collect()
}

/// Place and link of the newest event of all.
///
/// # Errors
/// The database fails.
pub fn last_event(r: &mut Read) -> Result<Option<ChainHead>, Error> {
    r.query_one("SELECT scope, position, link FROM audit_events ORDER BY seq DESC LIMIT 1", &[])?
        .map(|row| {
            Ok(ChainHead { scope: row.scope(0)?, position: row.int(1)?, link: row.bytes(2)? })
        })
        .transpose()
}

/// Ends every token, session and code, and forgets what was agreed to and the answers that a repeated
/// call would get: nobody knows which of them were ended after the backup.
///
/// # Errors
/// The database fails.
pub fn end_sessions(b: &mut Bookkeeping) -> Result<u64, Error> {
    let ended = b.execute("DELETE FROM tokens", &[])?;
    b.execute("DELETE FROM token_families", &[])?;
    b.execute("DELETE FROM sessions", &[])?;
    b.execute("DELETE FROM authorization_codes", &[])?;
    // One that was taken back since must not come back: who agreed is asked again.
    b.execute("DELETE FROM consents", &[])?;
    b.execute("DELETE FROM idempotency", &[])?;
    Ok(ended)
}

/// The record of a person's password.
///
/// # Errors
/// The database fails.
pub fn password_of(r: &mut Read, id: PersonId) -> Result<Option<PasswordRecord>, Error> {
    r.query_one("SELECT password FROM persons WHERE id = $1 AND NOT deleted", &[id.into()])?
        .map(|row| row.text(0).map(PasswordRecord::new))
        .transpose()
}

/// A client's sealed secret; `None` where there is no such client or it has none.
///
/// # Errors
/// The database fails.
pub fn secret_of_client(r: &mut Read, id: ClientId) -> Result<Option<ClientSecret>, Error> {
    let row = r.query_one(
        "SELECT secret_generation, secret_digest FROM clients WHERE id = $1 AND NOT deleted",
        &[id.into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    match row.opt_blob(1)? {
        Some(sealed_digest) => Ok(Some(ClientSecret { generation: row.i32(0)?, sealed_digest })),
        None => Ok(None),
    }
}

/// The next keys behind `after` that are not deleted, in the order of their ids.
///
/// # Errors
/// The database fails.
pub fn keys_behind(r: &mut Read, after: Option<KeyId>, limit: u32) -> Result<Vec<Key>, Error> {
    let rows = crate::keys::whole(r, after, limit)?;
    Ok(rows.into_iter().filter_map(|(_, key)| key).collect())
}
