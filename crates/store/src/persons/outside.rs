//! Persons whom an issuer outside signs in.

use super::read;
use crate::{Error, Read, Tx};
use domain::{
    id::Scope,
    person::{OutsideIdentity, Person},
};

/// The person whom an issuer calls by this `sub`, unless deleted.
///
/// # Errors
/// The database fails.
pub fn find_by_subject(
    r: &mut Read,
    scope: Scope,
    issuer: &str,
    subject: &str,
) -> Result<Option<Person>, Error> {
    r.query_one(
        select!("scope = $1 AND issuer = $2 AND subject = $3 AND NOT deleted"),
        &[scope.into(), issuer.into(), subject.into()],
    )?
    .as_ref()
    .map(read)
    .transpose()
}

/// Everybody whom an issuer signs in, held against other changes until the transaction ends.
///
/// # Errors
/// The database fails, or one of them is locked for too long.
pub fn list_by_issuer(tx: &mut Tx, scope: Scope, issuer: &str) -> Result<Vec<Person>, Error> {
    tx.query(
        select!("scope = $1 AND issuer = $2 AND NOT deleted ORDER BY id FOR UPDATE"),
        &[scope.into(), issuer.into()],
    )?
    .iter()
    .map(read)
    .collect()
}

/// Whether somebody of this scope has this user name, which the caller has folded.
///
/// # Errors
/// The database fails.
pub fn is_username_taken(r: &mut Read, scope: Scope, folded: &str) -> Result<bool, Error> {
    let found = r.query_one(
        "SELECT 1 FROM persons WHERE scope = $1 AND folded = $2 AND NOT deleted",
        &[scope.into(), folded.into()],
    )?;
    Ok(found.is_some())
}

/// What somebody outside is inserted with instead of a password's record.
pub(super) fn check(outside: Option<&OutsideIdentity>, record: &str) -> Result<(), Error> {
    if outside.is_some() && !record.is_empty() {
        return Err(Error::unavailable("somebody whom an issuer signs in has no password here"));
    }
    Ok(())
}
