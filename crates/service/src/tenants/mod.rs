//! Tenants. The cluster makes and ends them; a tenant's own administrator sees and changes its own.

mod check;
mod create;
mod delete;
mod list;
mod names;
mod openconnect;
mod purge;
mod show;
mod update;

pub(crate) use check::bad_prefix;
pub use create::CreateTenant;
pub use list::{ListTenants, MAX_PAGE, TenantPage};
pub use openconnect::OPENCONNECT_TYPE;
pub(crate) use openconnect::OpenConnectRoutes;
pub use update::UpdateTenant;

use crate::{caller::Caller, error::Error};
use domain::{
    id::{Scope, TenantId},
    right::{Right, Rights},
    tenant::Tenant,
};
use store::Tx;

/// Prefixes that the `api` keys of one tenant may have had: none of them is ever free again.
const MAX_PREFIXES: i64 = 10;

fn rights() -> Rights {
    [Right::TenantsManage].into_iter().collect()
}

/// Demands the right over one tenant: its own administrator's, or the cluster's.
pub(crate) fn require_over(caller: &Caller, id: TenantId) -> Result<(), Error> {
    caller.require(Scope::Tenant(id), rights())
}

/// Demands that the caller acts for the whole cluster. Whoever belongs to a tenant lacks no right for
/// what no tenant may do.
fn require_cluster(caller: &Caller) -> Result<(), Error> {
    caller.require_rights(rights())?;
    if caller.is_cluster() { Ok(()) } else { Err(Error::NotAllowed { right: None }) }
}

/// Checks that the environment of a tenant exists.
fn check_environment(tx: &mut Tx, tenant: &Tenant) -> Result<(), Error> {
    if let Some(id) = tenant.environment
        && store::tenants::find_environment_by_id(tx, id)?.is_none()
    {
        return Err(Error::conflict("environment", "there is no such environment"));
    }
    Ok(())
}

/// Checks that the tenant may take its prefix, whatever it had before. The caller has locked its row.
fn check_prefixes(tx: &mut Tx, tenant: &Tenant) -> Result<(), Error> {
    if let Some(prefix) = &tenant.key_prefix
        && store::key_types::count_other_prefixes(tx, tenant.id, prefix)? >= MAX_PREFIXES
    {
        let why = format!("the tenant has had {MAX_PREFIXES} prefixes, and no more can be");
        return Err(Error::conflict("prefixes", why));
    }
    Ok(())
}

/// A tenant as the audit log names it.
pub(crate) fn subject(id: TenantId) -> (&'static str, String) {
    ("tenant", id.to_string())
}
