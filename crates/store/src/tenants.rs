//! Tenants, their domains, and the environments that group them.

use crate::{Apply, Error, Read, Row, Tx};
use domain::{
    id::{EnvironmentId, Scope, TenantId},
    tenant::{Environment, Tenant},
    time::Timestamp,
    verdict::Standing,
};

/// `SELECT` every column that [`with_domains`] reads, in its order; then what follows `WHERE`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, environment, realm, auth, enabled, created_at, version
             FROM tenants WHERE ",
            $rest
        )
    };
}

/// How far a list of tenants was read: the last row's instant and id.
pub type Position = (Timestamp, TenantId);

/// The tenant of this id, unless it is deleted.
///
/// # Errors
/// The database fails.
pub fn find_by_id(r: &mut Read, id: TenantId) -> Result<Option<Tenant>, Error> {
    let row = r.query_one(select!("id = $1 AND deleted_at IS NULL"), &[id.into()])?;
    row.map(|row| with_domains(r, &row)).transpose()
}

/// The tenant that has this domain; the text is folded already.
///
/// # Errors
/// The database fails.
pub fn find_by_domain(r: &mut Read, domain: &str) -> Result<Option<Tenant>, Error> {
    let row =
        r.query_one("SELECT tenant FROM tenant_domains WHERE domain = $1", &[domain.into()])?;
    match row {
        Some(row) => find_by_id(r, TenantId(row.uuid(0)?)),
        None => Ok(None),
    }
}

/// The tenant that has this realm.
///
/// # Errors
/// The database fails.
pub fn find_by_realm(r: &mut Read, realm: &str) -> Result<Option<Tenant>, Error> {
    let row = r.query_one("SELECT id FROM tenants WHERE realm = $1", &[realm.into()])?;
    match row {
        Some(row) => find_by_id(r, TenantId(row.uuid(0)?)),
        None => Ok(None),
    }
}

/// At most `limit` tenants behind `after`, oldest first.
///
/// # Errors
/// The database fails.
pub fn list(r: &mut Read, after: Option<Position>, limit: u32) -> Result<Vec<Tenant>, Error> {
    let (at, id) =
        after.map_or((i64::MIN, String::new()), |(at, id)| (at.as_millis(), id.to_string()));
    let rows = r.query(
        select!(
            "deleted_at IS NULL AND (created_at, id) > ($1, $2)
             ORDER BY created_at, id LIMIT $3"
        ),
        &[at.into(), id.into(), limit.into()],
    )?;
    rows.iter().map(|row| with_domains(r, row)).collect()
}

/// Adds a tenant.
///
/// # Errors
/// `Conflict`: `tenant_id`, `domain` or `realm` is taken.
pub fn insert(tx: &mut Tx, tenant: &Tenant) -> Result<(), Error> {
    let written = tx.execute(
        "INSERT INTO tenants (id, name, environment, realm, auth, enabled, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        &[
            tenant.id.into(),
            tenant.name.as_str().into(),
            tenant.environment.into(),
            tenant.realm.as_deref().into(),
            tenant.auth.as_str().into(),
            tenant.enabled.into(),
            tenant.created_at.into(),
            tenant.version.into(),
        ],
    )?;
    if written == 0 {
        let known = tx.query_one("SELECT 1 FROM tenants WHERE id = $1", &[tenant.id.into()])?;
        return Err(Error::Conflict(if known.is_some() { "tenant_id" } else { "realm" }));
    }
    insert_domains(tx, tenant)?;
    changed(tx, tenant.id, standing(tenant), tenant.version);
    Ok(())
}

/// Writes a tenant's new values; the caller has raised the version by one.
///
/// # Errors
/// `Conflict`: `domain` or `realm` is taken, or `version`: someone else changed it meanwhile.
pub fn update(tx: &mut Tx, tenant: &Tenant) -> Result<(), Error> {
    if let Some(realm) = tenant.realm.as_deref() {
        // Asked first: an UPDATE has no ON CONFLICT, and a failed one would end the transaction.
        let other = tx.query_one(
            "SELECT 1 FROM tenants WHERE realm = $1 AND id <> $2",
            &[realm.into(), tenant.id.into()],
        )?;
        if other.is_some() {
            return Err(Error::Conflict("realm"));
        }
    }
    let written = tx.execute(
        "UPDATE tenants SET name = $1, environment = $2, realm = $3, auth = $4, enabled = $5, version = $6
         WHERE id = $7 AND version = $8 AND deleted_at IS NULL",
        &[
            tenant.name.as_str().into(),
            tenant.environment.into(),
            tenant.realm.as_deref().into(),
            tenant.auth.as_str().into(),
            tenant.enabled.into(),
            tenant.version.into(),
            tenant.id.into(),
            tenant.version.saturating_sub(1).into(),
        ],
    )?;
    if written == 0 {
        return Err(Error::Conflict("version"));
    }
    tx.execute("DELETE FROM tenant_domains WHERE tenant = $1", &[tenant.id.into()])?;
    insert_domains(tx, tenant)?;
    changed(tx, tenant.id, standing(tenant), tenant.version);
    Ok(())
}

/// Ends a tenant: its names are free, its keys are deleted with it, its rows stay for the audit log.
///
/// # Errors
/// The database fails.
pub fn delete(tx: &mut Tx, id: TenantId, at: Timestamp) -> Result<bool, Error> {
    let row = tx.query_one(
        "UPDATE tenants SET deleted_at = $1, realm = NULL, enabled = $2, version = version + 1
         WHERE id = $3 AND deleted_at IS NULL RETURNING version",
        &[at.into(), false.into(), id.into()],
    )?;
    let Some(row) = row else {
        return Ok(false);
    };
    let version = row.u32(0)?;
    tx.execute("DELETE FROM tenant_domains WHERE tenant = $1", &[id.into()])?;
    crate::keys::delete_scope(tx, Scope::Tenant(id), at)?;
    // One application for all: the standing of the tenant refuses its keys, persons and clients.
    changed(tx, id, Standing::Deleted, version);
    Ok(true)
}

/// Adds an environment.
///
/// # Errors
/// `Conflict("environment_id")`: the id is taken.
pub fn insert_environment(tx: &mut Tx, environment: &Environment) -> Result<(), Error> {
    let written = tx.execute(
        "INSERT INTO environments (id, name, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        &[
            environment.id.into(),
            environment.name.as_str().into(),
            environment.created_at.into(),
        ],
    )?;
    if written == 0 {
        return Err(Error::Conflict("environment_id"));
    }
    Ok(())
}

/// The environment of this id.
///
/// # Errors
/// The database fails.
pub fn find_environment_by_id(
    r: &mut Read,
    id: EnvironmentId,
) -> Result<Option<Environment>, Error> {
    let row =
        r.query_one("SELECT id, name, created_at FROM environments WHERE id = $1", &[id.into()])?;
    row.as_ref().map(environment).transpose()
}

/// Every environment, oldest first; there are few.
///
/// # Errors
/// The database fails.
pub fn list_environments(r: &mut Read) -> Result<Vec<Environment>, Error> {
    r.query("SELECT id, name, created_at FROM environments ORDER BY created_at, id", &[])?
        .iter()
        .map(environment)
        .collect()
}

/// What memory holds of one tenant, or of all of them: deleted ones are among them, because their
/// persons and clients still are.
pub(crate) fn states(
    r: &mut Read,
    only: Option<TenantId>,
) -> Result<Vec<(TenantId, Standing, u32)>, Error> {
    r.query(
        "SELECT id, enabled, deleted_at, version FROM tenants WHERE ($1 = '' OR id = $1) ORDER BY id",
        &[only.map(|id| id.to_string()).unwrap_or_default().into()],
    )?
    .iter()
    .map(|row| {
        let standing = match (row.bool(1)?, row.is_null(2)) {
            (_, false) => Standing::Deleted,
            (false, true) => Standing::Disabled,
            (true, true) => Standing::Live,
        };
        Ok((TenantId(row.uuid(0)?), standing, row.u32(3)?))
    })
    .collect()
}

/// Where a tenant stands.
const fn standing(tenant: &Tenant) -> Standing {
    if tenant.enabled { Standing::Live } else { Standing::Disabled }
}

fn changed(tx: &mut Tx, id: TenantId, standing: Standing, version: u32) {
    tx.changed(Apply::Tenant { id, standing, version });
}

fn insert_domains(tx: &mut Tx, tenant: &Tenant) -> Result<(), Error> {
    for (place, domain) in (0_i64..).zip(&tenant.domains) {
        let written = tx.execute(
            "INSERT INTO tenant_domains (domain, tenant, place) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            &[domain.as_str().into(), tenant.id.into(), place.into()],
        )?;
        if written == 0 {
            return Err(Error::Conflict("domain"));
        }
    }
    Ok(())
}

fn with_domains(r: &mut Read, row: &Row) -> Result<Tenant, Error> {
    let id = TenantId(row.uuid(0)?);
    let domains = r
        .query("SELECT domain FROM tenant_domains WHERE tenant = $1 ORDER BY place", &[id.into()])?
        .iter()
        .map(|row| row.text(0))
        .collect::<Result<_, Error>>()?;
    Ok(Tenant {
        id,
        name: row.text(1)?,
        domains,
        environment: row.opt_uuid(2)?.map(EnvironmentId),
        realm: row.opt_text(3)?,
        auth: row.text(4)?,
        enabled: row.bool(5)?,
        created_at: row.timestamp(6)?,
        version: row.u32(7)?,
    })
}

fn environment(row: &Row) -> Result<Environment, Error> {
    Ok(Environment {
        id: EnvironmentId(row.uuid(0)?),
        name: row.text(1)?,
        created_at: row.timestamp(2)?,
    })
}
