//! The names of tenants, without what else is known of them.

use crate::{Error, Read, Row, value::Value};
use domain::id::TenantId;

/// Ids that one statement asks for; a shorter rest is filled up, so that the text stays the same.
const IDS_AT_ONCE: usize = 50;

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
    let places: Vec<String> = (1..=IDS_AT_ONCE).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT id, name FROM tenants WHERE deleted_at IS NULL AND id IN ({})",
        places.join(", ")
    );
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(IDS_AT_ONCE) {
        let mut args: Vec<Value> = ids.iter().map(|id| (*id).into()).collect();
        args.resize(IDS_AT_ONCE, String::new().into());
        for row in r.query_dynamic(&sql, &args)? {
            found.push(named(&row)?);
        }
    }
    Ok(found)
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
