//! Lists of tenants, oldest first.

use super::{select, with_domains};
use crate::{Error, Read, like};
use domain::{id::TenantId, tenant::Tenant, time::Timestamp};

/// How far a list of tenants was read: the last row's instant and id.
pub type Position = (Timestamp, TenantId);

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

/// At most `limit` tenants behind `after`, oldest first, whose name, realm or a domain of which holds
/// this text, in whatever case of its letters a to z.
///
/// # Errors
/// The database fails.
pub fn list_by_text(
    r: &mut Read,
    text: &str,
    after: Option<Position>,
    limit: u32,
) -> Result<Vec<Tenant>, Error> {
    let (at, id) =
        after.map_or((i64::MIN, String::new()), |(at, id)| (at.as_millis(), id.to_string()));
    let rows = r.query(
        select!(
            "deleted_at IS NULL AND (created_at, id) > ($1, $2)
             AND (lower(name) LIKE $4 ESCAPE '!' OR name LIKE $5 ESCAPE '!'
                 OR realm LIKE $4 ESCAPE '!' OR EXISTS (
                     SELECT 1 FROM tenant_domains d
                     WHERE d.tenant = tenants.id AND d.domain LIKE $4 ESCAPE '!'))
             ORDER BY created_at, id LIMIT $3"
        ),
        &[
            at.into(),
            id.into(),
            limit.into(),
            like::containing(&text.to_ascii_lowercase()).into(),
            like::containing(text).into(),
        ],
    )?;
    rows.iter().map(|row| with_domains(r, row)).collect()
}
