//! What lies under a master key that has a successor, and how it is put under that one.
//!
//! Rows come in the order of their keys, so that a job that was cut off begins anew and passes over
//! what is done. A row is written only if it is still the one that was read: whatever changed it
//! meanwhile wrote it under the successor, or comes again. Nothing is told to memory, which knows no
//! master keys, and there is no event a row.

use crate::{
    Bookkeeping, Error, Read, Row, SealedKeyRow,
    clients::ClientSecret,
    issuers::IssuerSecret,
    master_keys::require_writable,
    sealed::SealedDigest,
    signing_keys::{self, StoredSigningKey},
    value::Value,
};
use domain::id::{ClientId, IssuerId, KeyId};
use std::fmt;

/// The secret of a key, sealed; of a deleted key, too.
#[derive(Clone, PartialEq, Eq)]
pub struct OldSecret {
    /// Its sealed digest, and where it belongs.
    pub digest: SealedDigest,
    /// Its look-up value.
    pub lookup: [u8; 32],
    /// Its sealed text, for recoverable types.
    pub text: Option<Vec<u8>>,
}

/// The same under another master key.
#[derive(Clone, PartialEq, Eq)]
pub struct NewSecret {
    /// The number of the master key.
    pub generation: i32,
    /// Its look-up value.
    pub lookup: [u8; 32],
    /// Its sealed digest.
    pub digest: Vec<u8>,
    /// Its sealed text, for recoverable types.
    pub text: Option<Vec<u8>>,
}

macro_rules! says_nothing {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }
    )+};
}

says_nothing!(OldSecret, NewSecret);

/// A place in the order of secrets.
pub type Place = (KeyId, u8);

/// Whether a secret of a key lies under a master key.
///
/// # Errors
/// The database fails.
pub fn has_secrets(r: &mut Read, n: i32) -> Result<bool, Error> {
    let one = r.query_one("SELECT 1 FROM secrets WHERE generation = $1 LIMIT 1", &[n.into()])?;
    Ok(one.is_some())
}

/// At most `limit` secrets under a master key, behind `after`, by the index of generations.
///
/// # Errors
/// The database fails.
pub fn secrets(
    r: &mut Read,
    n: i32,
    after: Option<Place>,
    limit: u32,
) -> Result<Vec<OldSecret>, Error> {
    let (id, slot) = after.map_or((Vec::new(), 0), |(id, slot)| (id.as_bytes().to_vec(), slot));
    r.query(
        "SELECT s.key_id, k.scope, k.key_type, s.slot, s.generation, s.sealed_digest, s.lookup,
             s.sealed_secret
         FROM secrets s CROSS JOIN keys k
         WHERE k.id = s.key_id AND s.generation = $3 AND (s.key_id, s.slot) > ($1, $2)
         ORDER BY s.key_id, s.slot LIMIT $4",
        &[id.into(), slot.into(), n.into(), limit.into()],
    )?
    .iter()
    .map(read_secret)
    .collect()
}

fn read_secret(row: &Row) -> Result<OldSecret, Error> {
    Ok(OldSecret {
        digest: SealedDigest {
            key_id: KeyId::from_bytes(row.bytes(0)?),
            scope: row.scope(1)?,
            key_type: row.text(2)?,
            slot: row.u8(3)?,
            generation: row.i32(4)?,
            sealed: row.blob(5)?,
        },
        lookup: row.bytes(6)?,
        text: row.opt_blob(7)?,
    })
}

/// A text that was erased meanwhile stays erased.
const PUT_SECRET: &str = "UPDATE secrets SET lookup = $4, generation = $5, sealed_digest = $6,
     sealed_secret = CASE WHEN sealed_secret IS NULL THEN sealed_secret ELSE $7 END
 WHERE key_id = $1 AND slot = $2 AND lookup = $3";

/// Puts secrets under another master key, all of them the same.
///
/// # Errors
/// The database fails, or nothing may be written under that master key.
pub fn put_secrets(b: &mut Bookkeeping, moved: &[(OldSecret, NewSecret)]) -> Result<(), Error> {
    let Some((_, first)) = moved.first() else { return Ok(()) };
    require_writable(b, first.generation)?;
    let rows: Vec<(&str, Vec<Value>)> = moved
        .iter()
        .map(|(old, new)| {
            let args = vec![
                old.digest.key_id.into(),
                old.digest.slot.into(),
                old.lookup.into(),
                new.lookup.into(),
                new.generation.into(),
                new.digest.as_slice().into(),
                new.text.as_deref().into(),
            ];
            (PUT_SECRET, args)
        })
        .collect();
    b.driver.execute_all(&rows)
}

/// At most `limit` secrets of clients under a master key, behind `after`.
///
/// # Errors
/// The database fails.
pub fn clients(
    r: &mut Read,
    n: i32,
    after: Option<ClientId>,
    limit: u32,
) -> Result<Vec<(ClientId, ClientSecret)>, Error> {
    let after = after.map(|id| id.0.hyphenated().to_string()).unwrap_or_default();
    r.query(
        "SELECT id, secret_generation, secret_digest FROM clients
         WHERE secret_generation = $1 AND id > $2 ORDER BY id LIMIT $3",
        &[n.into(), after.into(), limit.into()],
    )?
    .iter()
    .map(|row| {
        let secret = ClientSecret { generation: row.i32(1)?, sealed_digest: row.blob(2)? };
        Ok((ClientId(row.uuid(0)?), secret))
    })
    .collect()
}

/// Puts a client's secret under another master key.
///
/// # Errors
/// The database fails, or nothing may be written under that master key.
pub fn put_client(
    b: &mut Bookkeeping,
    id: ClientId,
    old: &ClientSecret,
    new: &ClientSecret,
) -> Result<(), Error> {
    require_writable(b, new.generation)?;
    b.execute(
        "UPDATE clients SET secret_generation = $3, secret_digest = $4
         WHERE id = $1 AND secret_digest = $2",
        &[
            id.into(),
            old.sealed_digest.as_slice().into(),
            new.generation.into(),
            new.sealed_digest.as_slice().into(),
        ],
    )
    .map(drop)
}

/// At most `limit` secrets of issuers under a master key, behind `after`.
///
/// # Errors
/// The database fails.
pub fn issuers(
    r: &mut Read,
    n: i32,
    after: Option<IssuerId>,
    limit: u32,
) -> Result<Vec<(IssuerId, IssuerSecret)>, Error> {
    let after = after.map(|id| id.0.hyphenated().to_string()).unwrap_or_default();
    r.query(
        "SELECT id, generation, secret FROM issuers
         WHERE generation = $1 AND id > $2 ORDER BY id LIMIT $3",
        &[n.into(), after.into(), limit.into()],
    )?
    .iter()
    .map(|row| {
        let secret = IssuerSecret { generation: row.i32(1)?, sealed: row.blob(2)? };
        Ok((IssuerId(row.uuid(0)?), secret))
    })
    .collect()
}

/// Puts an issuer's secret under another master key.
///
/// # Errors
/// The database fails, or nothing may be written under that master key.
pub fn put_issuer(
    b: &mut Bookkeeping,
    id: IssuerId,
    old: &IssuerSecret,
    new: &IssuerSecret,
) -> Result<(), Error> {
    require_writable(b, new.generation)?;
    b.execute(
        "UPDATE issuers SET generation = $3, secret = $4 WHERE id = $1 AND secret = $2",
        &[
            id.into(),
            old.sealed.as_slice().into(),
            new.generation.into(),
            new.sealed.as_slice().into(),
        ],
    )
    .map(drop)
}

/// At most `limit` private halves of signing keys under a master key, behind the key `after`.
///
/// # Errors
/// The database fails.
pub fn signing_keys(
    r: &mut Read,
    n: i32,
    after: &str,
    limit: u32,
) -> Result<Vec<StoredSigningKey>, Error> {
    signing_keys::list_by_generation(r, n, after, limit)
}

/// Puts the private half of a signing key under another master key.
///
/// # Errors
/// The database fails, or nothing may be written under that master key.
pub fn put_signing_key(
    b: &mut Bookkeeping,
    kid: &str,
    old: &signing_keys::SealedPrivate,
    new: &signing_keys::SealedPrivate,
) -> Result<(), Error> {
    require_writable(b, new.generation)?;
    b.execute(
        "UPDATE signing_keys SET generation = $3, sealed = $4 WHERE kid = $1 AND sealed = $2",
        &[
            kid.into(),
            old.sealed.as_slice().into(),
            new.generation.into(),
            new.sealed.as_slice().into(),
        ],
    )
    .map(drop)
}

/// Puts a long-lived key under another master key, and takes it away from under the old one. Where it
/// lies under the new one already, that stays.
///
/// # Errors
/// The database fails, or nothing may be written under that master key.
pub fn put_named(b: &mut Bookkeeping, old: &SealedKeyRow, new: &SealedKeyRow) -> Result<(), Error> {
    require_writable(b, new.generation)?;
    b.execute(
        "INSERT INTO sealed_keys (name, generation, sealed) VALUES ($1, $2, $3)
         ON CONFLICT (name, generation) DO NOTHING",
        &[new.name.as_str().into(), new.generation.into(), new.sealed.as_slice().into()],
    )?;
    crate::installation::delete_sealed(b, &old.name, old.generation)
}

/// Whether nothing at all lies under a master key.
///
/// # Errors
/// The database fails.
pub fn is_empty(r: &mut Read, n: i32) -> Result<bool, Error> {
    let used = r.query_one(
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM secrets WHERE generation = $1)
            OR EXISTS (SELECT 1 FROM clients WHERE secret_generation = $1)
            OR EXISTS (SELECT 1 FROM signing_keys WHERE generation = $1)
            OR EXISTS (SELECT 1 FROM issuers WHERE generation = $1)
            OR EXISTS (SELECT 1 FROM sealed_keys WHERE generation = $1)",
        &[n.into()],
    )?;
    Ok(used.is_none())
}
