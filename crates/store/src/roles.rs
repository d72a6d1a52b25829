//! Roles, and what the roles of a person or client add up to.

use crate::{Error, Read, Row, Tx, clients, json_list, persons};
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
/// `Conflict("role")`: the scope has this name, or a seeded role has it.
pub fn insert(tx: &mut Tx, role: &Role) -> Result<(), Error> {
    let seeded = tx.query_one(
        "SELECT 1 FROM roles WHERE scope = '*' AND name = $1",
        &[role.name.as_str().into()],
    )?;
    let written = if seeded.is_some() {
        0
    } else {
        tx.execute(
            "INSERT INTO roles (scope, name, cluster_only, rights) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
            &[
                role.scope.into(),
                role.name.as_str().into(),
                role.cluster_only.into(),
                rights_text(role.rights).into(),
            ],
        )?
    };
    if written == 0 {
        return Err(Error::Conflict("role"));
    }
    holders_changed(tx, role.scope, &role.name)
}

/// Writes what a role allows; whoever holds it has it from the commit on. False: there is no such role.
///
/// # Errors
/// The database fails.
pub fn update(tx: &mut Tx, role: &Role) -> Result<bool, Error> {
    let written = tx.execute(
        "UPDATE roles SET cluster_only = $1, rights = $2 WHERE scope = $3 AND name = $4",
        &[
            role.cluster_only.into(),
            rights_text(role.rights).into(),
            role.scope.into(),
            role.name.as_str().into(),
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
pub(crate) fn rights_of(roles: &[Role], scope: Scope, names: &[String]) -> Rights {
    roles
        .iter()
        .filter(|role| role.scope == Scope::Cluster || role.scope == scope)
        .filter(|role| !role.cluster_only || scope == Scope::Cluster)
        .filter(|role| names.contains(&role.name))
        .fold(Rights::NONE, |sum, role| sum.union(role.rights))
}

/// Every role of the installation: for the load, which resolves many holders at once.
pub(crate) fn all(r: &mut Read) -> Result<Vec<Role>, Error> {
    r.query("SELECT scope, name, cluster_only, rights FROM roles ORDER BY scope, name", &[])?
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
        "SELECT scope, name, cluster_only, rights FROM roles WHERE scope = $1 ORDER BY name",
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
    })
}

/// A role's rights are read live: memory gets every holder again.
fn holders_changed(tx: &mut Tx, scope: Scope, name: &str) -> Result<(), Error> {
    persons::role_changed(tx, scope, name)?;
    clients::role_changed(tx, scope, name)
}
