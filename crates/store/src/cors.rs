//! The origins of browsers: both lists of each tenant in one row.

use crate::{Apply, Error, Read, Row, Tx, json_list};
use domain::{
    cors::{Cors, Setting, WebOrigin},
    id::TenantId,
};
use std::{collections::BTreeSet, sync::Arc};

/// Whoever keeps the origins in memory.
pub type Listener = Arc<dyn Fn(&Cors) + Send + Sync>;

/// `SELECT` every column that [`read`] reads, in its order; then the rest of the text. What a deleted
/// tenant left is not there.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.tenant, c.origins, c.location, c.shared, c.value, c.version
             FROM cors c JOIN tenants t ON t.id = c.tenant WHERE t.deleted_at IS NULL",
            $rest
        )
    };
}

/// What a tenant was given; `None`: nothing yet.
///
/// # Errors
/// The database fails.
pub fn find(r: &mut Read, tenant: TenantId) -> Result<Option<Cors>, Error> {
    let row = r.query_one(select!(" AND c.tenant = $1"), &[tenant.into()])?;
    row.as_ref().map(read).transpose()
}

/// The same, and nobody else changes it until this transaction has ended. `None`: there is no such
/// tenant.
///
/// # Errors
/// The database fails, or the tenant is locked for too long.
pub fn find_for_update(tx: &mut Tx, tenant: TenantId) -> Result<Option<Cors>, Error> {
    // The first entry has no row yet to be locked.
    let there = tx.query_one(
        "SELECT 1 FROM tenants WHERE id = $1 AND deleted_at IS NULL FOR UPDATE",
        &[tenant.into()],
    )?;
    if there.is_none() {
        return Ok(None);
    }
    find(tx, tenant).map(|found| Some(found.unwrap_or_else(|| Cors::none(tenant))))
}

/// At most `limit` of those behind `after`, in the order of their tenants.
///
/// # Errors
/// The database fails.
pub fn list(r: &mut Read, after: Option<TenantId>, limit: u32) -> Result<Vec<Cors>, Error> {
    let after = after.map(|id| id.to_string()).unwrap_or_default();
    r.query(
        select!(" AND c.tenant > $1 ORDER BY c.tenant LIMIT $2"),
        &[after.into(), limit.into()],
    )?
    .iter()
    .map(read)
    .collect()
}

/// Writes what a tenant has from now on; the caller has raised the version by one.
///
/// # Errors
/// The database fails.
pub fn save(tx: &mut Tx, cors: &Cors) -> Result<(), Error> {
    let setting = cors.setting.as_ref();
    tx.execute(
        "INSERT INTO cors (tenant, origins, location, shared, value, version)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant) DO UPDATE SET origins = excluded.origins,
             location = excluded.location, shared = excluded.shared, value = excluded.value,
             version = excluded.version",
        &[
            cors.tenant.into(),
            json_list::write(cors.origins.iter().map(WebOrigin::as_str)).into(),
            setting.map(|s| s.location.as_str()).into(),
            setting.map(|s| s.shared).into(),
            setting.map(|s| s.value.as_str()).into(),
            cors.version.into(),
        ],
    )?;
    tx.changed(Apply::Cors(Box::new(cors.clone())));
    Ok(())
}

fn read(row: &Row) -> Result<Cors, Error> {
    let origins = json_list::read_as(row.str(1)?, |text| WebOrigin::parse(text).ok())?;
    let setting = match (row.opt_text(2)?, row.opt_text(4)?) {
        (Some(location), Some(value)) => Some(Setting { location, shared: row.bool(3)?, value }),
        _ => None,
    };
    Ok(Cors {
        tenant: TenantId(row.uuid(0)?),
        origins: origins.into_iter().collect::<BTreeSet<_>>(),
        setting,
        version: row.u32(5)?,
    })
}
