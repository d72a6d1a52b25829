//! No escalation: nobody gives a client more than they hold, nor changes one that holds more.

use crate::{Service, caller::Caller, error::Error};
use domain::{
    client::Client,
    id::{Scope, TenantId},
    right::{Rights, Role},
};

impl Service {
    /// Checks that the client's roles and tenants exist and that the caller holds all of it.
    pub(super) async fn check_grant(&self, caller: &Caller, client: &Client) -> Result<(), Error> {
        let (scope, tenants) = (client.scope, client.contact_centers.clone());
        let read = self.store.read(move |r| {
            let mut unknown: Option<TenantId> = None;
            for id in tenants.iter().copied().chain(scope.tenant()) {
                if store::tenants::find_by_id(r, id)?.is_none() {
                    unknown = Some(id);
                }
            }
            Ok::<_, store::Error>((unknown, store::roles::list(r, scope)?))
        });
        let (unknown, roles) = read.await?;
        if let Some(id) = unknown {
            return Err(Error::invalid(
                "contactCenters",
                format!("there is no contact center {id}"),
            ));
        }
        let own = client.contact_centers.iter().map(|id| Scope::Tenant(*id)).chain([client.scope]);
        if own.into_iter().any(|scope| !caller.reaches(scope)) {
            return Err(Error::NotFound);
        }
        caller.require_rights(rights_given(client, &roles)?)
    }
}

fn rights_given(client: &Client, roles: &[Role]) -> Result<Rights, Error> {
    let mut given = client.rights;
    for name in &client.roles {
        let role = roles.iter().find(|role| role.name == *name);
        let fits = |role: &&Role| !role.cluster_only || client.scope == Scope::Cluster;
        let role = role
            .filter(fits)
            .ok_or_else(|| Error::invalid("roles", format!("`{name}` cannot be given here")))?;
        given = given.union(role.rights);
    }
    Ok(given)
}
