//! The end of a tenant: out of service at once, its data gone later, its audit log kept (TI-06).

use crate::{Apply, Error, Read, Tx};
use domain::{
    id::{Scope, TenantId},
    time::Timestamp,
    verdict::Standing,
};
use verifier::TenantState;

/// Ends a tenant: its domains and its realm are free, its prefixes stay taken, its keys are deleted
/// with it, its rows stay until [`purge`].
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
    crate::rules::delete_of_tenant(tx, id)?;
    crate::issuers::delete_of_tenant(tx, id)?;
    // One application for all: the standing of the tenant refuses its keys, persons and clients.
    tx.changed(Apply::Tenant(TenantState::plain(id, Standing::Deleted, version)));
    Ok(true)
}

/// Tenants that were deleted before this instant and whose data is still there.
///
/// # Errors
/// The database fails.
pub fn list_for_purge(r: &mut Read, before: Timestamp) -> Result<Vec<TenantId>, Error> {
    r.query(
        "SELECT id FROM tenants WHERE deleted_at < $1 AND purged_at IS NULL ORDER BY id",
        &[before.into()],
    )?
    .iter()
    .map(|row| Ok(TenantId(row.uuid(0)?)))
    .collect()
}

/// Takes the data of a deleted tenant away. What stays: its audit log, its row with its name, its
/// prefixes, and of its revoked keys what keeps their secrets taken.
///
/// # Errors
/// The database fails.
pub fn purge(tx: &mut Tx, id: TenantId, at: Timestamp) -> Result<(), Error> {
    let scope = Scope::Tenant(id);
    // A key may have been on its way when the tenant ended.
    crate::keys::delete_scope(tx, scope, at)?;
    for sql in [
        "DELETE FROM usage_hours WHERE key_id IN (SELECT id FROM keys WHERE scope = $1)",
        "DELETE FROM usage_days WHERE key_id IN (SELECT id FROM keys WHERE scope = $1)",
        "DELETE FROM usage_total_hours WHERE scope = $1",
        "DELETE FROM usage_total_days WHERE scope = $1",
        "DELETE FROM key_usage WHERE key_id IN (SELECT id FROM keys WHERE scope = $1)",
        "DELETE FROM secret_usage WHERE key_id IN (SELECT id FROM keys WHERE scope = $1)",
        "DELETE FROM key_imports WHERE key_id IN (SELECT id FROM keys WHERE scope = $1)",
        "DELETE FROM keys WHERE scope = $1 AND deleted_at IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM secrets s WHERE s.key_id = keys.id)",
        "UPDATE keys SET name = '', description = NULL, revoke_reason = NULL, allow_list = '[]',
             search = '', version = version + 1
         WHERE scope = $1 AND deleted_at IS NOT NULL",
        "DELETE FROM persons WHERE scope = $1",
        "DELETE FROM clients WHERE scope = $1",
        "DELETE FROM roles WHERE scope = $1",
        "DELETE FROM key_types WHERE tenant = $1",
        "DELETE FROM key_policies WHERE scope = $1",
        "DELETE FROM cors WHERE tenant = $1",
        "DELETE FROM signing_keys WHERE tenant = $1",
    ] {
        tx.execute(sql, &[scope.into()])?;
    }
    tx.execute(
        "UPDATE tenants SET purged_at = $1 WHERE id = $2 AND deleted_at IS NOT NULL",
        &[at.into(), id.into()],
    )?;
    Ok(())
}
