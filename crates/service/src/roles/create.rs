//! Making a role.

use super::{check_rights, place, subject};
use crate::{Service, caller::Caller, error::Error, persons::granting::manage};
use domain::{
    audit::AuditEvent,
    id::Scope,
    right::{Rights, Role, is_role_name},
};
use store::Tx;

/// The most roles that a tenant, or the cluster, makes: memory looks through them for every holder.
const MAX_ROLES: usize = 200;

/// A role to make.
#[derive(Clone, Debug)]
pub struct CreateRole {
    /// The tenant, or the cluster; `None`: the caller's own.
    pub scope: Option<Scope>,
    /// The name.
    pub name: String,
    /// What it allows.
    pub rights: Rights,
    /// Whether it is for the cluster's own alone. A role that the cluster makes always is, one of a
    /// tenant never; `None` says nothing about it.
    pub cluster_only: Option<bool>,
}

impl Service {
    /// Makes a role.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for whoever lacks the right or would give more than they hold,
    /// [`Error::NotFound`] for a tenant that does not exist or is out of reach, [`Error::Invalid`]
    /// for a name or right that cannot be, [`Error::Conflict`] when the name is taken.
    pub async fn create_role(&self, caller: &Caller, wanted: CreateRole) -> Result<Role, Error> {
        let scope = place(caller, wanted.scope)?;
        caller.require(scope, manage())?;
        if !is_role_name(&wanted.name) {
            return Err(Error::invalid("name", "1 to 64 lower-case letters, digits or `_`"));
        }
        let of_cluster = scope == Scope::Cluster;
        if wanted.cluster_only.is_some_and(|only| only != of_cluster) {
            return Err(Error::invalid(
                "clusterOnly",
                "a role of the cluster is for its own persons and clients, one of a tenant is not",
            ));
        }
        check_rights(caller, scope, wanted.rights)?;
        let role = Role {
            name: wanted.name,
            scope,
            cluster_only: of_cluster,
            rights: wanted.rights,
            version: 1,
        };
        if domain::right::seeded_roles().iter().any(|seeded| seeded.name == role.name) {
            return Err(Error::conflict("role", "every installation has a role of this name"));
        }
        let (written, origin) = (role.clone(), caller.origin(self.now().wall));
        self.store
            .write(move |tx: &mut Tx| {
                if let Some(id) = scope.tenant() {
                    store::tenants::find_by_id(tx, id)?.ok_or(Error::NotFound)?;
                }
                let roles = store::roles::list(tx, scope)?;
                let own = roles.iter().filter(|r| r.scope == scope && !r.is_seeded()).count();
                if own >= MAX_ROLES {
                    let why = format!("there are {MAX_ROLES} roles; delete one that nobody has");
                    return Err(Error::conflict("too_many_roles", why));
                }
                store::roles::insert(tx, &written)?;
                let event =
                    AuditEvent::new("role.create", scope, origin.clone(), subject(&written));
                Ok(tx.commit(event.after(written.facts()), ())?)
            })
            .await?;
        Ok(role)
    }
}
