//! Persons and the records of their passwords.

use crate::{Apply, Error, Read, Row, Tx, json_list, like, roles};
use domain::{
    actor::PrincipalId,
    id::{PersonId, Scope},
    person::{Person, fold_username},
    right::Role,
    secret::Secret,
    verdict::Standing,
};
use verifier::PrincipalState;

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
    r.query_one(
        "SELECT id, scope, username, roles, enabled, must_change_password, created_at, version
         FROM persons WHERE id = $1 AND NOT deleted",
        &[id.into()],
    )?
    .as_ref()
    .map(read)
    .transpose()
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
        "SELECT id, scope, username, roles, enabled, must_change_password, created_at, version, password
         FROM persons WHERE scope = $1 AND folded = $2 AND NOT deleted",
        &[scope.into(), folded.into()],
    )?;
    row.map(|row| Ok((read(&row)?, PasswordRecord::new(row.text(8)?)))).transpose()
}

/// At most `limit` persons of a scope in the order of their folded names, behind `after`.
///
/// # Errors
/// The database fails.
pub fn list_by_scope(
    r: &mut Read,
    scope: Scope,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<Person>, Error> {
    r.query(
        "SELECT id, scope, username, roles, enabled, must_change_password, created_at, version
         FROM persons WHERE scope = $1 AND folded > $2 AND NOT deleted ORDER BY folded LIMIT $3",
        &[scope.into(), after.unwrap_or("").into(), limit.into()],
    )?
    .iter()
    .map(read)
    .collect()
}

/// Adds a person.
///
/// # Errors
/// `Conflict("username")`: the scope has this name in some case.
pub fn insert(tx: &mut Tx, person: &Person, password: &PasswordRecord) -> Result<(), Error> {
    let written = tx.execute(
        "INSERT INTO persons (id, scope, username, folded, roles, enabled, must_change_password,
             password, created_at, deleted, version, revision)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO NOTHING",
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
        ],
    )?;
    if written == 0 {
        return Err(Error::Conflict("username"));
    }
    changed(tx, person.id)
}

/// Writes a person's new values; the caller has raised the version by one. The password stays.
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
             must_change_password = $5, version = $6, revision = revision + 1
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
    b: &mut crate::Bookkeeping,
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

/// Tells memory anew of everyone who holds this role: a cluster role's holders are everywhere.
pub(crate) fn role_changed(tx: &mut Tx, scope: Scope, role: &str) -> Result<(), Error> {
    let rows = tx.query(
        "UPDATE persons SET revision = revision + 1
         WHERE ($1 = '*' OR scope = $1) AND roles LIKE $2 ESCAPE '!' AND NOT deleted RETURNING id",
        &[scope.into(), like::listing(role).into()],
    )?;
    for row in &rows {
        changed(tx, PersonId(row.uuid(0)?))?;
    }
    Ok(())
}

/// What memory holds of a person, deleted ones included; `None`: there never was one.
pub(crate) fn state(r: &mut Read, id: PersonId) -> Result<Option<PrincipalState>, Error> {
    let row = r.query_one(
        "SELECT id, scope, username, roles, enabled, deleted, revision FROM persons WHERE id = $1",
        &[id.into()],
    )?;
    let Some(row) = row else {
        return Ok(None);
    };
    let roles = roles::list(r, row.scope(1)?)?;
    read_state(&row, &roles).map(Some)
}

/// What memory holds of every person, deleted ones included: their keys are refused for it.
pub(crate) fn states(r: &mut Read, roles: &[Role]) -> Result<Vec<PrincipalState>, Error> {
    r.query(
        "SELECT id, scope, username, roles, enabled, deleted, revision FROM persons ORDER BY id",
        &[],
    )?
    .iter()
    .map(|row| read_state(row, roles))
    .collect()
}

fn changed(tx: &mut Tx, id: PersonId) -> Result<(), Error> {
    let state =
        state(tx, id)?.ok_or_else(|| Error::corrupt("a person that was just written is gone"))?;
    tx.changed(Apply::Principal(Box::new(state)));
    Ok(())
}

fn read(row: &Row) -> Result<Person, Error> {
    Ok(Person {
        id: PersonId(row.uuid(0)?),
        scope: row.scope(1)?,
        username: row.text(2)?,
        roles: json_list::read(row.str(3)?)?,
        enabled: row.bool(4)?,
        must_change_password: row.bool(5)?,
        created_at: row.timestamp(6)?,
        version: row.u32(7)?,
    })
}

fn read_state(row: &Row, roles: &[Role]) -> Result<PrincipalState, Error> {
    let (scope, names) = (row.scope(1)?, json_list::read(row.str(3)?)?);
    Ok(PrincipalState {
        id: PrincipalId::Person(PersonId(row.uuid(0)?)),
        scope,
        name: row.text(2)?,
        rights: roles::rights_of(roles, scope, &names),
        roles: names,
        contact_centers: Vec::new(),
        standing: standing(row.bool(4)?, row.bool(5)?),
        version: row.u32(6)?,
    })
}

/// Where a person or client stands by its two columns.
pub(crate) const fn standing(enabled: bool, deleted: bool) -> Standing {
    match (enabled, deleted) {
        (_, true) => Standing::Deleted,
        (false, false) => Standing::Disabled,
        (true, false) => Standing::Live,
    }
}
