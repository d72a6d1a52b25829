//! Roles, and what the roles of a person or client add up to.

use crate::{Error, Read, Row, Tx, clients, json_list, like, persons};
use domain::{
    id::Scope,
    right::{Right, Rights, Role},
};

/// The seeded roles and, for a tenant, its own behind them.
///
/// # Errors
/// The database fails.
pub fn list(r: &mut Read, scope: Scope) -> Result<Vec<Role>, Error> {
    let mut roles = of_scope(r, Scope::Cluster)?;
    if scope != Scope::Cluster {
        roles.extend(of_scope(r, scope)?);
    }
    Ok(roles)
}

/// Adds a role.
///
/// # Errors
/// `Conflict("role")`: the scope has this name, or a role that its holders may have has it.
pub fn insert(tx: &mut Tx, role: &Role) -> Result<(), Error> {
    let shared = tx.query_one(
        "SELECT 1 FROM roles WHERE scope = '*' AND name = $1 AND cluster_only = $2",
        &[role.name.as_str().into(), false.into()],
    )?;
    let written = if shared.is_some() {
        0
    } else {
        tx.execute(
            "INSERT INTO roles (scope, name, cluster_only, rights, version) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING",
            &[
                role.scope.into(),
                role.name.as_str().into(),
                role.cluster_only.into(),
                rights_text(role.rights).into(),
                role.version.into(),
            ],
        )?
    };
    if written == 0 {
        return Err(Error::Conflict("role"));
    }
    holders_changed(tx, role.scope, &role.name)
}

/// Writes what a role allows; whoever holds it has it from the commit on. The caller has raised the
/// version by one. False: there is no such role of the version before.
///
/// # Errors
/// The database fails.
pub fn update(tx: &mut Tx, role: &Role) -> Result<bool, Error> {
    let written = tx.execute(
        "UPDATE roles SET cluster_only = $1, rights = $2, version = $3
         WHERE scope = $4 AND name = $5 AND version = $6",
        &[
            role.cluster_only.into(),
            rights_text(role.rights).into(),
            role.version.into(),
            role.scope.into(),
            role.name.as_str().into(),
            role.version.saturating_sub(1).into(),
        ],
    )?;
    if written == 0 {
        return Ok(false);
    }
    holders_changed(tx, role.scope, &role.name)?;
    Ok(true)
}

/// Removes a role; who held it keeps a name that allows nothing. False: there is no such role.
///
/// # Errors
/// The database fails.
pub fn delete(tx: &mut Tx, scope: Scope, name: &str) -> Result<bool, Error> {
    let written = tx.execute(
        "DELETE FROM roles WHERE scope = $1 AND name = $2",
        &[scope.into(), name.into()],
    )?;
    if written == 0 {
        return Ok(false);
    }
    holders_changed(tx, scope, name)?;
    Ok(true)
}

/// The role of this name in this very scope, held against another change until the transaction ends.
///
/// # Errors
/// The database fails.
pub fn find_for_update(tx: &mut Tx, scope: Scope, name: &str) -> Result<Option<Role>, Error> {
    tx.query_one(
        "SELECT scope, name, cluster_only, rights, version FROM roles
         WHERE scope = $1 AND name = $2 FOR UPDATE",
        &[scope.into(), name.into()],
    )?
    .as_ref()
    .map(read)
    .transpose()
}

/// How many persons and clients of a scope hold the role of this name, be it by an issuer's word.
///
/// # Errors
/// The database fails.
pub fn count_holders(r: &mut Read, scope: Scope, name: &str) -> Result<i64, Error> {
    let row = r.query_one(
        "SELECT (SELECT COUNT(*) FROM persons
                 WHERE scope = $1 AND NOT deleted
                     AND (roles LIKE $2 ESCAPE '!' OR mapped_roles LIKE $2 ESCAPE '!'))
              + (SELECT COUNT(*) FROM clients
                 WHERE scope = $1 AND roles LIKE $2 ESCAPE '!' AND NOT deleted)",
        &[scope.into(), like::listing(name).into()],
    )?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// What these roles allow together to someone of `scope`. A role that is above the scope, or that
/// does not exist, allows nothing.
///
/// # Errors
/// The database fails.
pub fn resolve(r: &mut Read, scope: Scope, names: &[String]) -> Result<Rights, Error> {
    if names.is_empty() {
        return Ok(Rights::NONE);
    }
    Ok(rights_of(&list(r, scope)?, scope, names))
}

/// The same, of roles that were read before.
pub fn rights_of(roles: &[Role], scope: Scope, names: &[String]) -> Rights {
    roles
        .iter()
        .filter(|role| names.contains(&role.name))
        .fold(Rights::NONE, |sum, role| sum.union(role.rights_in(scope)))
}

/// Every role of the installation: for the load, which resolves many holders at once.
pub(crate) fn all(r: &mut Read) -> Result<Vec<Role>, Error> {
    r.query(
        "SELECT scope, name, cluster_only, rights, version FROM roles ORDER BY scope, name",
        &[],
    )?
    .iter()
    .map(read)
    .collect()
}

/// The rights' texts as a JSON list: numbers would depend on their order in the code.
pub(crate) fn rights_text(rights: Rights) -> String {
    json_list::write(rights.iter().map(Right::as_str))
}

/// Reads them back; a right that this program does not know is not a right.
pub(crate) fn read_rights(text: &str) -> Result<Rights, Error> {
    Ok(json_list::read(text)?.iter().filter_map(|name| Right::parse(name)).collect())
}

fn of_scope(r: &mut Read, scope: Scope) -> Result<Vec<Role>, Error> {
    r.query(
        "SELECT scope, name, cluster_only, rights, version FROM roles WHERE scope = $1 ORDER BY name",
        &[scope.into()],
    )?
    .iter()
    .map(read)
    .collect()
}

fn read(row: &Row) -> Result<Role, Error> {
    Ok(Role {
        scope: row.scope(0)?,
        name: row.text(1)?,
        cluster_only: row.bool(2)?,
        rights: read_rights(row.str(3)?)?,
        version: row.u32(4)?,
    })
}

/// A role's rights are read live: memory gets every holder again.
fn holders_changed(tx: &mut Tx, scope: Scope, name: &str) -> Result<(), Error> {
    persons::role_changed(tx, scope, name)?;
    clients::role_changed(tx, scope, name)
}
