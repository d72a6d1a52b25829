//! The names of tenants, without what else is known of them.

use crate::{Error, Read, Row, many};
use domain::id::TenantId;

/// At most `limit` tenants, in the order of their names.
///
/// # Errors
/// The database fails.
pub fn names(r: &mut Read, limit: u32) -> Result<Vec<(TenantId, String)>, Error> {
    r.query(
        "SELECT id, name FROM tenants WHERE deleted_at IS NULL ORDER BY lower(name), id LIMIT $1",
        &[limit.into()],
    )?
    .iter()
    .map(named)
    .collect()
}

/// Those of these tenants that are there.
///
/// # Errors
/// The database fails.
pub fn names_of(r: &mut Read, ids: &[TenantId]) -> Result<Vec<(TenantId, String)>, Error> {
    let sql = "SELECT id, name FROM tenants WHERE deleted_at IS NULL AND id IN ({ids})";
    many::rows(r, sql, &[], ids.iter().map(|id| (*id).into()))?.iter().map(named).collect()
}

/// At most `limit` tenants of exactly this name.
///
/// # Errors
/// The database fails.
pub fn list_of_name(r: &mut Read, name: &str, limit: u32) -> Result<Vec<TenantId>, Error> {
    r.query(
        "SELECT id, name FROM tenants WHERE deleted_at IS NULL AND name = $1 ORDER BY id LIMIT $2",
        &[name.into(), limit.into()],
    )?
    .iter()
    .map(|row| Ok(named(row)?.0))
    .collect()
}

fn named(row: &Row) -> Result<(TenantId, String), Error> {
    Ok((TenantId(row.uuid(0)?), row.text(1)?))
}
