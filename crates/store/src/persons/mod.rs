//! Persons and the records of their passwords.

/// `SELECT` every column that [`read`] reads, in its order; then what follows `WHERE`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, scope, username, roles, enabled, must_change_password, created_at, version, email,
                 given_name, family_name, issuer, subject, mapped_roles
             FROM persons WHERE ",
            $rest
        )
    };
}

mod list;
mod memory;
mod outside;

pub use list::{PersonFilter, Position, list, list_for_update};
pub(crate) use memory::{role_changed, standing, state, states};
pub use outside::{find_by_subject, is_username_taken, list_by_issuer};

use crate::{Bookkeeping, Error, Read, Row, Tx, json_list};
use domain::{
    id::{PersonId, Scope},
    person::{OutsideIdentity, Person, Profile, fold_username},
    secret::Secret,
};
use memory::changed;

/// What a password is checked against: the hash with its settings (PHC string). Never printed.
#[derive(Debug)]
pub struct PasswordRecord(Secret);

impl PasswordRecord {
    /// Takes the PHC string over.
    #[must_use]
    pub fn new(phc: String) -> Self {
        Self(Secret::new(phc))
    }

    /// The PHC string: for the password hasher alone.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

/// The person of this id, unless deleted.
///
/// # Errors
/// The database fails.
pub fn find_by_id(r: &mut Read, id: PersonId) -> Result<Option<Person>, Error> {
    r.query_one(select!("id = $1 AND NOT deleted"), &[id.into()])?.as_ref().map(read).transpose()
}

/// The person of this user name, which the caller has folded, and the password's record.
///
/// # Errors
/// The database fails.
pub fn find_by_username(
    r: &mut Read,
    scope: Scope,
    folded: &str,
) -> Result<Option<(Person, PasswordRecord)>, Error> {
    let row = r.query_one(
        "SELECT id, scope, username, roles, enabled, must_change_password, created_at, version,
             email, given_name, family_name, issuer, subject, mapped_roles, password
         FROM persons WHERE scope = $1 AND folded = $2 AND NOT deleted",
        &[scope.into(), folded.into()],
    )?;
    row.map(|row| Ok((read(&row)?, PasswordRecord::new(row.text(14)?)))).transpose()
}

/// The person's version if they may sign in, locked against a change until this transaction ends. A
/// sign-in that stores tokens compares it with the version whose password it proved: a password that
/// was changed meanwhile must not leave tokens behind that its change did not revoke.
///
/// # Errors
/// The database fails, or the person is locked for too long.
pub fn version_for_sign_in(b: &mut Bookkeeping, id: PersonId) -> Result<Option<u32>, Error> {
    b.query_one(
        "SELECT version FROM persons WHERE id = $1 AND enabled = $2 AND NOT deleted FOR SHARE",
        &[id.into(), true.into()],
    )?
    .map(|row| row.u32(0))
    .transpose()
}

/// The person of this id in this scope, unless deleted, held against another change until the
/// transaction ends.
///
/// # Errors
/// The database fails.
pub fn find_for_update(tx: &mut Tx, scope: Scope, id: PersonId) -> Result<Option<Person>, Error> {
    tx.query_one(
        select!("id = $1 AND scope = $2 AND NOT deleted FOR UPDATE"),
        &[id.into(), scope.into()],
    )?
    .as_ref()
    .map(read)
    .transpose()
}

/// Whether there is, or ever was, a person of this id.
///
/// # Errors
/// The database fails.
pub fn is_id_of_one(r: &mut Read, id: PersonId) -> Result<bool, Error> {
    Ok(r.query_one("SELECT 1 FROM persons WHERE id = $1", &[id.into()])?.is_some())
}

/// Adds a person.
///
/// # Errors
/// `Conflict("username")`: the scope has this name in some case.
pub fn insert(tx: &mut Tx, person: &Person, password: &PasswordRecord) -> Result<(), Error> {
    let outside = person.outside.as_ref();
    outside::check(outside, password.expose())?;
    let written = tx.execute(
        "INSERT INTO persons (id, scope, username, folded, roles, enabled, must_change_password,
             password, created_at, deleted, version, revision, email, given_name, family_name, issuer,
             subject, mapped_roles)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
         ON CONFLICT DO NOTHING",
        &[
            person.id.into(),
            person.scope.into(),
            person.username.as_str().into(),
            fold_username(&person.username).into(),
            json_list::write(&person.roles).into(),
            person.enabled.into(),
            person.must_change_password.into(),
            password.expose().into(),
            person.created_at.into(),
            false.into(),
            person.version.into(),
            1_i64.into(),
            person.profile.email.as_deref().into(),
            person.profile.given_name.as_deref().into(),
            person.profile.family_name.as_deref().into(),
            outside.map(|o| o.issuer.as_str()).into(),
            outside.map(|o| o.subject.as_str()).into(),
            mapped_roles(outside).into(),
        ],
    )?;
    if written == 0 {
        return Err(Error::Conflict("username"));
    }
    changed(tx, person.id)
}

/// Writes a person's new values; the caller has raised the version by one. The password stays, and
/// whoever vouches for them.
///
/// # Errors
/// `Conflict`: `username` is taken, or `version`: someone else changed the person meanwhile.
pub fn update(tx: &mut Tx, person: &Person) -> Result<(), Error> {
    let folded = fold_username(&person.username);
    let other = tx.query_one(
        "SELECT 1 FROM persons WHERE scope = $1 AND folded = $2 AND id <> $3 AND NOT deleted",
        &[person.scope.into(), folded.as_str().into(), person.id.into()],
    )?;
    if other.is_some() {
        return Err(Error::Conflict("username"));
    }
    let written = tx.execute(
        "UPDATE persons SET username = $1, folded = $2, roles = $3, enabled = $4,
             must_change_password = $5, version = $6, email = $9, given_name = $10, family_name = $11,
             mapped_roles = $12, revision = revision + 1
         WHERE id = $7 AND version = $8 AND NOT deleted",
        &[
            person.username.as_str().into(),
            folded.into(),
            json_list::write(&person.roles).into(),
            person.enabled.into(),
            person.must_change_password.into(),
            person.version.into(),
            person.id.into(),
            person.version.saturating_sub(1).into(),
            person.profile.email.as_deref().into(),
            person.profile.given_name.as_deref().into(),
            person.profile.family_name.as_deref().into(),
            mapped_roles(person.outside.as_ref()).into(),
        ],
    )?;
    if written == 0 {
        return Err(Error::Conflict("version"));
    }
    changed(tx, person.id)
}

/// Replaces the password's record; `version` is the person's new one.
///
/// # Errors
/// `Conflict("version")`: someone else changed the person meanwhile.
pub fn set_password(
    tx: &mut Tx,
    id: PersonId,
    password: &PasswordRecord,
    must_change: bool,
    version: u32,
) -> Result<(), Error> {
    let written = tx.execute(
        "UPDATE persons SET password = $1, must_change_password = $2, version = $3, revision = revision + 1
         WHERE id = $4 AND version = $5 AND NOT deleted",
        &[
            password.expose().into(),
            must_change.into(),
            version.into(),
            id.into(),
            version.saturating_sub(1).into(),
        ],
    )?;
    if written == 0 {
        return Err(Error::Conflict("version"));
    }
    changed(tx, id)
}

/// Replaces the record of an unchanged password by one with newer settings, after a sign-in that
/// proved it. Nothing a person sees changes, so the version stays. False: it was replaced meanwhile.
///
/// # Errors
/// The database fails.
pub fn rehash_password(
    b: &mut Bookkeeping,
    id: PersonId,
    proven: &PasswordRecord,
    renewed: &PasswordRecord,
) -> Result<bool, Error> {
    let written = b.execute(
        "UPDATE persons SET password = $1 WHERE id = $2 AND password = $3 AND NOT deleted",
        &[renewed.expose().into(), id.into(), proven.expose().into()],
    )?;
    Ok(written == 1)
}

/// Ends a person: gone from service, the name is free, the row stays. The password's record does not.
///
/// # Errors
/// The database fails.
pub fn delete(tx: &mut Tx, id: PersonId) -> Result<bool, Error> {
    let written = tx.execute(
        "UPDATE persons SET deleted = $1, enabled = $2, password = '', version = version + 1, revision = revision + 1
         WHERE id = $3 AND NOT deleted",
        &[true.into(), false.into(), id.into()],
    )?;
    if written == 0 {
        return Ok(false);
    }
    changed(tx, id)?;
    Ok(true)
}

fn mapped_roles(outside: Option<&OutsideIdentity>) -> String {
    json_list::write(outside.map(|o| o.mapped_roles.as_slice()).unwrap_or_default())
}

fn read_outside(row: &Row) -> Result<Option<OutsideIdentity>, Error> {
    match (row.opt_text(11)?, row.opt_text(12)?) {
        (Some(issuer), Some(subject)) => {
            let mapped_roles = json_list::read(row.str(13)?)?;
            Ok(Some(OutsideIdentity { issuer, subject, mapped_roles }))
        }
        (None, None) => Ok(None),
        _ => Err(Error::corrupt("half of a person's identity outside")),
    }
}

fn read(row: &Row) -> Result<Person, Error> {
    Ok(Person {
        id: PersonId(row.uuid(0)?),
        scope: row.scope(1)?,
        username: row.text(2)?,
        roles: json_list::read(row.str(3)?)?,
        enabled: row.bool(4)?,
        must_change_password: row.bool(5)?,
        profile: Profile {
            email: row.opt_text(8)?,
            given_name: row.opt_text(9)?,
            family_name: row.opt_text(10)?,
        },
        outside: read_outside(row)?,
        created_at: row.timestamp(6)?,
        version: row.u32(7)?,
    })
}
