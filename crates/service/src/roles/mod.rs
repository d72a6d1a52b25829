//! Roles: bundles of rights. Every installation has the seeded ones; a tenant may make its own, and so
//! may the cluster, for its own persons and clients.

mod create;
mod delete;
mod list;
mod show;
mod update;

pub use create::CreateRole;
pub use list::{ListRoles, MAX_PAGE, RolePage};
pub use update::UpdateRole;

use crate::{caller::Caller, error::Error};
use domain::{
    id::Scope,
    right::{Rights, Role},
};

/// Where the caller's roles are, unless a place is named.
fn place(caller: &Caller, named: Option<Scope>) -> Result<Scope, Error> {
    named.map_or_else(|| caller.own_scope(), Ok)
}

/// Checks that a role of `scope` may allow this, and that the caller holds all of it.
fn check_rights(caller: &Caller, scope: Scope, rights: Rights) -> Result<(), Error> {
    if let (Scope::Tenant(_), Some(right)) = (scope, rights.iter().find(|r| r.is_cluster_only())) {
        let why = format!("`{right}` is a right of the cluster; no role of a tenant has it");
        return Err(Error::invalid("rights", why));
    }
    caller.require_rights(rights)
}

fn require_own(role: &Role) -> Result<(), Error> {
    if role.is_seeded() {
        let why = "every installation has this role as it is; make a role of your own instead";
        return Err(Error::conflict("seeded_role", why));
    }
    Ok(())
}

/// A role as the audit log names it.
fn subject(role: &Role) -> (&'static str, String) {
    ("role", format!("{}/{}", role.scope, role.name))
}
