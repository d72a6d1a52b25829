//! Tenants, their domains, and the environments that group them.

mod end;
mod environments;
mod list;
mod names;

pub use end::{delete, list_for_purge, purge};
pub use environments::{find_environment_by_id, insert_environment, list_environments};
pub use list::{Position, list, list_by_text};
pub use names::{list_of_name, names, names_of};

use crate::{Apply, Error, Read, Row, Tx, key_types};
use domain::{
    id::{EnvironmentId, TenantId},
    signing::Algorithm,
    tenant::{Tenant, Unacknowledged, WarningDays},
    verdict::Standing,
};
use verifier::TenantState;

/// `SELECT` every column that [`with_domains`] reads, in its order; then what follows `WHERE`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, environment, realm, auth, enabled, created_at, version, key_prefix,
                 unacknowledged_minutes, allow_list_required, signing_algorithm, warning_days,
                 openconnect_route
             FROM tenants WHERE ",
            $rest
        )
    };
}
use select;

/// The tenant of this id, unless it is deleted.
///
/// # Errors
/// The database fails.
pub fn find_by_id(r: &mut Read, id: TenantId) -> Result<Option<Tenant>, Error> {
    let row = r.query_one(select!("id = $1 AND deleted_at IS NULL"), &[id.into()])?;
    row.map(|row| with_domains(r, &row)).transpose()
}

/// The same, and nobody else changes it until this transaction has ended.
///
/// # Errors
/// The database fails, or the tenant is locked for too long.
pub fn find_for_update(tx: &mut Tx, id: TenantId) -> Result<Option<Tenant>, Error> {
    let row = tx.query_one(select!("id = $1 AND deleted_at IS NULL FOR UPDATE"), &[id.into()])?;
    row.map(|row| with_domains(tx, &row)).transpose()
}

/// Nobody else changes the tenant until this transaction has ended; a deleted one is there, too.
///
/// # Errors
/// The database fails, or the tenant is locked for too long.
pub fn lock(tx: &mut Tx, id: TenantId) -> Result<bool, Error> {
    let row = tx.query_one("SELECT 1 FROM tenants WHERE id = $1 FOR UPDATE", &[id.into()])?;
    Ok(row.is_some())
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

/// What the secrets of a tenant's `api` keys begin with, where it has a prefix of its own.
///
/// # Errors
/// The database fails.
pub fn key_prefix(r: &mut Read, id: TenantId) -> Result<Option<String>, Error> {
    let row = r.query_one("SELECT key_prefix FROM tenants WHERE id = $1", &[id.into()])?;
    row.map_or(Ok(None), |row| row.opt_text(0))
}

/// Adds a tenant.
///
/// # Errors
/// `Conflict`: `tenant_id`, `domain`, `realm` or `prefix` is taken.
pub fn insert(tx: &mut Tx, tenant: &Tenant) -> Result<(), Error> {
    let written = tx.execute(
        "INSERT INTO tenants (id, name, environment, realm, auth, enabled, created_at, version,
             key_prefix, unacknowledged_minutes, allow_list_required, signing_algorithm, warning_days,
             openconnect_route)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING",
        &[
            tenant.id.into(),
            tenant.name.as_str().into(),
            tenant.environment.into(),
            tenant.realm.as_deref().into(),
            tenant.auth.as_str().into(),
            tenant.enabled.into(),
            tenant.created_at.into(),
            tenant.version.into(),
            tenant.key_prefix.as_deref().into(),
            tenant.unacknowledged.minutes().into(),
            tenant.allow_list_required.into(),
            tenant.signing_algorithm.as_str().into(),
            write_days(tenant.warning_days).into(),
            tenant.openconnect_route.as_deref().into(),
        ],
    )?;
    if written == 0 {
        let known = tx.query_one("SELECT 1 FROM tenants WHERE id = $1", &[tenant.id.into()])?;
        return Err(Error::Conflict(if known.is_some() { "tenant_id" } else { "realm" }));
    }
    insert_names(tx, tenant)?;
    tx.changed(Apply::Tenant(state(tenant)));
    Ok(())
}

/// Writes a tenant's new values; the caller has raised the version by one.
///
/// # Errors
/// `Conflict`: `domain`, `realm` or `prefix` is taken, or `version`: someone else changed it meanwhile.
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
        "UPDATE tenants SET name = $1, environment = $2, realm = $3, auth = $4, enabled = $5, version = $6,
             key_prefix = $9, unacknowledged_minutes = $10, allow_list_required = $11,
             signing_algorithm = $12, warning_days = $13, openconnect_route = $14
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
            tenant.key_prefix.as_deref().into(),
            tenant.unacknowledged.minutes().into(),
            tenant.allow_list_required.into(),
            tenant.signing_algorithm.as_str().into(),
            write_days(tenant.warning_days).into(),
            tenant.openconnect_route.as_deref().into(),
        ],
    )?;
    if written == 0 {
        return Err(Error::Conflict("version"));
    }
    tx.execute("DELETE FROM tenant_domains WHERE tenant = $1", &[tenant.id.into()])?;
    insert_names(tx, tenant)?;
    tx.changed(Apply::Tenant(state(tenant)));
    Ok(())
}

/// What memory holds of one tenant, or of all of them: deleted ones are among them, because their
/// persons and clients still are.
pub(crate) fn states(r: &mut Read, only: Option<TenantId>) -> Result<Vec<TenantState>, Error> {
    r.query(
        "SELECT id, enabled, deleted_at, version, unacknowledged_minutes, warning_days
         FROM tenants WHERE ($1 = '' OR id = $1) ORDER BY id",
        &[only.map(|id| id.to_string()).unwrap_or_default().into()],
    )?
    .iter()
    .map(|row| {
        let standing = match (row.bool(1)?, row.is_null(2)) {
            (_, false) => Standing::Deleted,
            (false, true) => Standing::Disabled,
            (true, true) => Standing::Live,
        };
        Ok(TenantState {
            id: TenantId(row.uuid(0)?),
            standing,
            unacknowledged: Unacknowledged::from_minutes(row.opt_u32(4)?),
            warning_days: read_days(row.str(5)?)?,
            version: row.u32(3)?,
        })
    })
    .collect()
}

const fn state(tenant: &Tenant) -> TenantState {
    TenantState {
        id: tenant.id,
        standing: if tenant.enabled { Standing::Live } else { Standing::Disabled },
        unacknowledged: tenant.unacknowledged,
        warning_days: tenant.warning_days,
        version: tenant.version,
    }
}

fn insert_names(tx: &mut Tx, tenant: &Tenant) -> Result<(), Error> {
    for (place, domain) in (0_i64..).zip(&tenant.domains) {
        let written = tx.execute(
            "INSERT INTO tenant_domains (domain, tenant, place) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            &[domain.as_str().into(), tenant.id.into(), place.into()],
        )?;
        if written == 0 {
            return Err(Error::Conflict("domain"));
        }
    }
    if let Some(prefix) = &tenant.key_prefix {
        key_types::take_prefix(tx, prefix, tenant.id, "")?;
    }
    Ok(())
}

fn write_days(days: WarningDays) -> String {
    let days: Vec<String> = days.iter().map(|day| day.to_string()).collect();
    format!("[{}]", days.join(","))
}

fn read_days(text: &str) -> Result<WarningDays, Error> {
    let bad = || Error::corrupt("days of warning that cannot be read");
    let inner = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')).ok_or_else(bad)?;
    let days: Result<Vec<u16>, _> =
        inner.split(',').filter(|t| !t.is_empty()).map(str::parse).collect();
    WarningDays::new(&days.map_err(|_| bad())?).ok_or_else(bad)
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
        key_prefix: row.opt_text(8)?,
        enabled: row.bool(5)?,
        unacknowledged: Unacknowledged::from_minutes(row.opt_u32(9)?),
        allow_list_required: row.bool(10)?,
        signing_algorithm: Algorithm::parse(row.str(11)?)
            .ok_or_else(|| Error::corrupt("a realm's unknown algorithm"))?,
        warning_days: read_days(row.str(12)?)?,
        openconnect_route: row.opt_text(13)?,
        created_at: row.timestamp(6)?,
        version: row.u32(7)?,
    })
}
