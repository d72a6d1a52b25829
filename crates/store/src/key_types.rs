//! Key types of tenants, and the prefixes of secrets. The seeded types are no rows.

use crate::{Apply, Error, Read, Row, Tx, json_list};
use domain::{
    id::TenantId,
    key_type::{Actions, Format, KeyType, Permissions, Place, Reveal, Settings},
    rate_limit::Limit,
    right::Family,
    time::Timestamp,
};
use std::sync::Arc;

/// Whoever keeps the types in memory.
pub type Listener = Arc<dyn Fn(KeyType) + Send + Sync>;

/// `SELECT` every column that [`read`] reads, in its order; then the rest of the text.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT tenant, name, description, prefix, reveal, presented_in, capacity, frequency_s,
                 settings, version
             FROM key_types",
            $rest
        )
    };
}

/// The type of this name that a tenant made.
///
/// # Errors
/// The database fails.
pub fn find(r: &mut Read, tenant: TenantId, name: &str) -> Result<Option<KeyType>, Error> {
    r.query_one(select!(" WHERE tenant = $1 AND name = $2"), &[tenant.into(), name.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// The same, and nobody else changes it until this transaction has ended.
///
/// # Errors
/// The database fails, or the type is locked for too long.
pub fn find_for_update(
    tx: &mut Tx,
    tenant: TenantId,
    name: &str,
) -> Result<Option<KeyType>, Error> {
    let sql = select!(" WHERE tenant = $1 AND name = $2 FOR UPDATE");
    tx.query_one(sql, &[tenant.into(), name.into()])?.as_ref().map(read).transpose()
}

/// Every type that tenants made.
pub(crate) fn list(r: &mut Read) -> Result<Vec<KeyType>, Error> {
    r.query(select!(" ORDER BY tenant, name"), &[])?.iter().map(read).collect()
}

/// How many types a tenant made; nobody else makes one for it until this transaction has ended.
/// `None`: there is no such tenant.
///
/// # Errors
/// The database fails.
pub fn count(tx: &mut Tx, tenant: TenantId) -> Result<Option<i64>, Error> {
    let there = tx.query_one(
        "SELECT 1 FROM tenants WHERE id = $1 AND deleted_at IS NULL FOR UPDATE",
        &[tenant.into()],
    )?;
    if there.is_none() {
        return Ok(None);
    }
    let row = tx.query_one("SELECT count(*) FROM key_types WHERE tenant = $1", &[tenant.into()])?;
    row.map(|row| row.int(0)).transpose()
}

/// Adds a type, and takes its prefix.
///
/// # Errors
/// `Conflict`: `key_type` is there already, or `prefix` is taken.
pub fn insert(
    tx: &mut Tx,
    tenant: TenantId,
    of_type: &KeyType,
    at: Timestamp,
) -> Result<(), Error> {
    let limit = of_type.default_limit;
    let written = tx.execute(
        "INSERT INTO key_types (tenant, name, description, prefix, reveal, presented_in, capacity,
             frequency_s, settings, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
        &[
            tenant.into(),
            of_type.name.as_str().into(),
            of_type.description.as_deref().into(),
            of_type.format.prefix().into(),
            of_type.reveal.as_str().into(),
            places(of_type).into(),
            limit.map(Limit::capacity).into(),
            limit.map(Limit::frequency_s).into(),
            json_list::write(of_type.settings.words()).into(),
            at.into(),
            of_type.version.into(),
        ],
    )?;
    if written == 0 {
        return Err(Error::Conflict("key_type"));
    }
    if let Some(prefix) = of_type.format.prefix() {
        take_prefix(tx, prefix, tenant, &of_type.name)?;
    }
    tx.changed(Apply::KeyType(Box::new(of_type.clone())));
    Ok(())
}

/// Writes what of a type may change; the caller has raised the version by one.
///
/// # Errors
/// `Conflict("version")`: someone else changed it meanwhile.
pub fn update(tx: &mut Tx, tenant: TenantId, of_type: &KeyType) -> Result<(), Error> {
    let limit = of_type.default_limit;
    let written = tx.execute(
        "UPDATE key_types SET description = $1, presented_in = $2, capacity = $3, frequency_s = $4,
             settings = $5, version = $6
         WHERE tenant = $7 AND name = $8 AND version = $9",
        &[
            of_type.description.as_deref().into(),
            places(of_type).into(),
            limit.map(Limit::capacity).into(),
            limit.map(Limit::frequency_s).into(),
            json_list::write(of_type.settings.words()).into(),
            of_type.version.into(),
            tenant.into(),
            of_type.name.as_str().into(),
            of_type.version.saturating_sub(1).into(),
        ],
    )?;
    if written == 0 {
        return Err(Error::Conflict("version"));
    }
    tx.changed(Apply::KeyType(Box::new(of_type.clone())));
    Ok(())
}

/// Whether secrets of some tenant or type begin, or once began, with this.
///
/// # Errors
/// The database fails.
pub fn prefix_taken(r: &mut Read, prefix: &str) -> Result<bool, Error> {
    let row = r.query_one("SELECT 1 FROM key_prefixes WHERE prefix = $1", &[prefix.into()])?;
    Ok(row.is_some())
}

/// How many prefixes beside this one a tenant's `api` keys begin with, or once began with.
///
/// # Errors
/// The database fails.
pub fn count_other_prefixes(r: &mut Read, tenant: TenantId, prefix: &str) -> Result<i64, Error> {
    let row = r.query_one(
        "SELECT count(*) FROM key_prefixes WHERE tenant = $1 AND key_type = '' AND prefix <> $2",
        &[tenant.into(), prefix.into()],
    )?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// Takes a prefix for ever. A tenant may take back what it had before.
pub(crate) fn take_prefix(
    tx: &mut Tx,
    prefix: &str,
    tenant: TenantId,
    of_type: &str,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO key_prefixes (prefix, tenant, key_type) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        &[prefix.into(), tenant.into(), of_type.into()],
    )?;
    let ours = tx.query_one(
        "SELECT 1 FROM key_prefixes WHERE prefix = $1 AND tenant = $2 AND key_type = $3",
        &[prefix.into(), tenant.into(), of_type.into()],
    )?;
    if ours.is_none() {
        return Err(Error::Conflict("prefix"));
    }
    Ok(())
}

/// How the change feed names a type: neither part holds a slash.
pub(crate) fn change_id(of_type: &KeyType) -> String {
    let tenant = of_type.tenant.map_or_else(String::new, |t| t.to_string());
    format!("{tenant}/{}", of_type.name)
}

/// Reads what [`change_id`] wrote.
pub(crate) fn of_change_id(id: &str) -> Option<(TenantId, &str)> {
    let (tenant, name) = id.split_once('/')?;
    Some((TenantId::parse(tenant).ok()?, name))
}

fn places(of_type: &KeyType) -> String {
    json_list::write(of_type.presented_in.iter().map(ToString::to_string))
}

/// What all types of tenants have in common is not in their rows.
fn read(row: &Row) -> Result<KeyType, Error> {
    let bad = || Error::corrupt("a key type cannot be read");
    let settings = json_list::read(row.str(8)?)?;
    let limit = match (row.opt_u32(6)?, row.opt_u32(7)?) {
        (Some(capacity), Some(seconds)) => Some(Limit::new(capacity, seconds).map_err(|_| bad())?),
        _ => None,
    };
    Ok(KeyType {
        name: row.text(1)?,
        tenant: Some(TenantId(row.uuid(0)?)),
        family: Family::Native,
        format: row.opt_text(3)?.map_or(Format::Uuid, |prefix| Format::Random { prefix }),
        reveal: Reveal::parse(row.str(4)?).ok_or_else(bad)?,
        presented_in: json_list::read_as(row.str(5)?, Place::parse)?,
        permissions: Permissions::TenantsOwn,
        default_limit: limit,
        settings: Settings::from_words(settings.iter().map(String::as_str)).ok_or_else(bad)?,
        actions: Actions { enable: true, rotate: true, ..Actions::default() },
        cluster_keys: false,
        tenant_prefix: false,
        description: row.opt_text(2)?,
        version: row.u32(9)?,
    })
}
