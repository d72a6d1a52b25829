//! What an installation is before anyone uses it: its id, its master keys' check values, its sealed
//! long-lived keys.

use crate::{
    Error,
    master_keys::require_writable,
    tx::{Bookkeeping, Read, Writer},
};
use std::fmt;
use uuid::Uuid;

/// The installation as it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Installation {
    /// Made at random once; salt of every derived key.
    pub id: Uuid,
    /// Every master key that was ever used.
    pub master_keys: Vec<MasterKeyRow>,
    /// The long-lived keys.
    pub sealed: Vec<SealedKeyRow>,
}

/// What [`crate::Store::install`] writes.
pub type NewInstallation = Installation;

/// A master key, without the key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MasterKeyRow {
    /// Its number: the generation that sealed rows carry.
    pub n: i32,
    /// Its name in the key file.
    pub name: String,
    /// HMAC of the installation's id: tells the right key from a wrong one.
    pub check: [u8; 32],
    /// The word of a `master_keys::State`.
    pub state: String,
}

/// A long-lived key, sealed under a master key.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedKeyRow {
    /// `audit`, `head-sign`, …
    pub name: String,
    /// The number of the master key that sealed it.
    pub generation: i32,
    /// The sealed key.
    pub sealed: Vec<u8>,
}

impl fmt::Debug for SealedKeyRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedKeyRow")
            .field("name", &self.name)
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

/// The installation; `None` in a new, empty database.
///
/// # Errors
/// The database fails.
pub fn find(r: &mut Read) -> Result<Option<Installation>, Error> {
    let Some(row) = r.query_one("SELECT id FROM installation", &[])? else {
        return Ok(None);
    };
    let id = row.uuid(0)?;
    let master_keys = master_keys(r)?;
    let sealed = list_sealed(r)?;
    Ok(Some(Installation { id, master_keys, sealed }))
}

/// Every master key that was ever used.
///
/// # Errors
/// The database fails.
pub fn master_keys(r: &mut Read) -> Result<Vec<MasterKeyRow>, Error> {
    r.query("SELECT n, name, check_value, state FROM master_keys ORDER BY n", &[])?
        .iter()
        .map(|row| {
            Ok(MasterKeyRow {
                n: row.i32(0)?,
                name: row.text(1)?,
                check: row.bytes(2)?,
                state: row.text(3)?,
            })
        })
        .collect()
}

/// The long-lived keys: a handful, each once for every master key that it is sealed under.
///
/// # Errors
/// The database fails.
pub fn list_sealed(r: &mut Read) -> Result<Vec<SealedKeyRow>, Error> {
    r.query("SELECT name, generation, sealed FROM sealed_keys ORDER BY name, generation", &[])?
        .iter()
        .map(|row| {
            Ok(SealedKeyRow { name: row.text(0)?, generation: row.i32(1)?, sealed: row.blob(2)? })
        })
        .collect()
}

/// Writes all of it. Two first starts at once: the second one gets `Conflict("installation")`.
///
/// # Errors
/// The database fails, or there is an installation already.
pub fn insert(b: &mut Bookkeeping, new: &NewInstallation) -> Result<(), Error> {
    let written = b.execute(
        "INSERT INTO installation (one, id) VALUES (1, $1) ON CONFLICT DO NOTHING",
        &[new.id.into()],
    )?;
    if written == 0 {
        return Err(Error::Conflict("installation"));
    }
    for key in &new.master_keys {
        insert_master_key(b, key)?;
    }
    new.sealed.iter().try_for_each(|key| put_sealed(b, key))
}

/// Adds a master key.
///
/// # Errors
/// The database fails; `Conflict("master_key")`: its number or name is taken.
pub fn insert_master_key(b: &mut Bookkeeping, key: &MasterKeyRow) -> Result<(), Error> {
    let written = b.execute(
        "INSERT INTO master_keys (n, name, check_value, state) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
        &[key.n.into(), key.name.as_str().into(), key.check.into(), key.state.as_str().into()],
    )?;
    if written == 0 {
        return Err(Error::Conflict("master_key"));
    }
    Ok(())
}

/// Moves a master key to another state; false when there is none of this number.
///
/// # Errors
/// The database fails.
pub fn set_master_key_state(b: &mut Bookkeeping, n: i32, state: &str) -> Result<bool, Error> {
    b.execute("UPDATE master_keys SET state = $2 WHERE n = $1", &[n.into(), state.into()])
        .map(|rows| rows > 0)
}

/// How often each master key has sealed, by its number.
///
/// # Errors
/// The database fails.
pub fn seals(r: &mut Read) -> Result<Vec<(i32, u64)>, Error> {
    r.query("SELECT n, seals FROM master_keys ORDER BY n", &[])?
        .iter()
        .map(|row| Ok((row.i32(0)?, u64::try_from(row.int(1)?).unwrap_or(0))))
        .collect()
}

/// Adds to how often a master key has sealed; returns the sum, of all nodes.
///
/// # Errors
/// The database fails.
pub fn add_seals(b: &mut Bookkeeping, n: i32, more: u64) -> Result<u64, Error> {
    let more = i64::try_from(more).unwrap_or(i64::MAX);
    let row = b.query_one(
        "UPDATE master_keys SET seals = seals + $2 WHERE n = $1 RETURNING seals",
        &[n.into(), more.into()],
    )?;
    row.map_or(Ok(0), |row| Ok(u64::try_from(row.int(0)?).unwrap_or(0)))
}

/// Whether something is sealed under a master key and under no other.
///
/// # Errors
/// The database fails.
pub fn is_master_key_used(r: &mut Read, n: i32) -> Result<bool, Error> {
    let used = r.query_one(
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM secrets WHERE generation = $1)
            OR EXISTS (SELECT 1 FROM clients WHERE secret_generation = $1)
            OR EXISTS (SELECT 1 FROM signing_keys WHERE generation = $1)
            OR EXISTS (SELECT 1 FROM issuers WHERE generation = $1)
            OR EXISTS (SELECT 1 FROM sealed_keys AS own WHERE own.generation = $1
                AND NOT EXISTS (SELECT 1 FROM sealed_keys AS other
                    WHERE other.name = own.name AND other.generation <> $1))",
        &[n.into()],
    )?;
    Ok(used.is_some())
}

/// Forgets a master key, unless a secret, a client or a long-lived key is still sealed under it.
///
/// # Errors
/// The database fails; `Conflict("master_key")`: it is in use.
pub fn delete_master_key(b: &mut Bookkeeping, n: i32) -> Result<(), Error> {
    let used = b.query_one(
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM secrets WHERE generation = $1)
            OR EXISTS (SELECT 1 FROM clients WHERE secret_generation = $1)
            OR EXISTS (SELECT 1 FROM signing_keys WHERE generation = $1)
            OR EXISTS (SELECT 1 FROM issuers WHERE generation = $1)
            OR EXISTS (SELECT 1 FROM sealed_keys WHERE generation = $1)",
        &[n.into()],
    )?;
    if used.is_some() {
        return Err(Error::Conflict("master_key"));
    }
    b.execute("DELETE FROM master_keys WHERE n = $1", &[n.into()]).map(drop)
}

/// Writes a long-lived key as sealed under one more master key.
///
/// # Errors
/// The database fails.
pub fn put_sealed(b: &mut Writer, key: &SealedKeyRow) -> Result<(), Error> {
    require_writable(b, key.generation)?;
    b.execute(
        "INSERT INTO sealed_keys (name, generation, sealed) VALUES ($1, $2, $3)
         ON CONFLICT (name, generation) DO UPDATE SET sealed = excluded.sealed",
        &[key.name.as_str().into(), key.generation.into(), key.sealed.as_slice().into()],
    )
    .map(drop)
}

/// Forgets a long-lived key as sealed under one master key.
///
/// # Errors
/// The database fails.
pub fn delete_sealed(b: &mut Bookkeeping, name: &str, generation: i32) -> Result<(), Error> {
    b.execute(
        "DELETE FROM sealed_keys WHERE name = $1 AND generation = $2",
        &[name.into(), generation.into()],
    )
    .map(drop)
}
