//! What persons agreed that clients may know of them and do for them.

use crate::{Error, Read, Row, Tx};
use domain::{
    id::{ClientId, PersonId},
    time::Timestamp,
};
use uuid::Uuid;

/// What a person agreed to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Consent {
    /// For which client.
    pub client: ClientId,
    /// Scopes, joined by a space.
    pub scopes: String,
    /// When, the last time.
    pub granted_at: Timestamp,
}

/// What this person agreed to for this client.
///
/// # Errors
/// The database fails.
pub fn find(r: &mut Read, person: PersonId, client: ClientId) -> Result<Option<Consent>, Error> {
    r.query_one(
        "SELECT client, scopes, granted_at FROM consents WHERE person = $1 AND client = $2",
        &[person.0.as_bytes().into(), client.0.as_bytes().into()],
    )?
    .map(|row| read(&row))
    .transpose()
}

/// Everything that this person agreed to.
///
/// # Errors
/// The database fails.
pub fn list(r: &mut Read, person: PersonId) -> Result<Vec<Consent>, Error> {
    r.query(
        "SELECT client, scopes, granted_at FROM consents WHERE person = $1
         ORDER BY granted_at DESC, client LIMIT 200",
        &[person.0.as_bytes().into()],
    )?
    .iter()
    .map(read)
    .collect()
}

/// Writes what a person agrees to for a client, in the place of what they agreed to before.
///
/// # Errors
/// The database fails.
pub fn insert(tx: &mut Tx, person: PersonId, consent: &Consent) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO consents (person, client, scopes, granted_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (person, client) DO UPDATE SET scopes = $3, granted_at = $4",
        &[
            person.0.as_bytes().into(),
            consent.client.0.as_bytes().into(),
            consent.scopes.as_str().into(),
            consent.granted_at.into(),
        ],
    )?;
    Ok(())
}

/// Takes a consent back. False: there was none.
///
/// # Errors
/// The database fails.
pub fn delete(tx: &mut Tx, person: PersonId, client: ClientId) -> Result<bool, Error> {
    let gone = tx.execute(
        "DELETE FROM consents WHERE person = $1 AND client = $2",
        &[person.0.as_bytes().into(), client.0.as_bytes().into()],
    )?;
    Ok(gone == 1)
}

fn read(row: &Row) -> Result<Consent, Error> {
    Ok(Consent {
        client: ClientId(row.bytes(0).map(Uuid::from_bytes)?),
        scopes: row.text(1)?,
        granted_at: row.timestamp(2)?,
    })
}
