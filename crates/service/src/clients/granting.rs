//! No escalation: nobody gives a client more than they hold, nor changes one that holds more.

use crate::{Service, caller::Caller, error::Error};
use domain::{
    client::Client,
    id::{Scope, TenantId},
    right::{Rights, Role},
};

impl Service {
    /// Checks that the caller reaches a client that is there and holds all that it holds.
    pub(super) async fn check_holds_no_more(
        &self,
        caller: &Caller,
        client: &Client,
    ) -> Result<(), Error> {
        let scope = client.scope;
        let roles = self.store.read(move |r| store::roles::list(r, scope)).await?;
        // A role that is gone gives nothing, so it stands in nobody's way.
        let known = roles.iter().filter(|role| client.roles.contains(&role.name));
        let held = known.fold(client.rights, |held, role| held.union(role.rights));
        require_reach(caller, client)?;
        caller.require_rights(held)
    }

    /// Checks that the client's roles and tenants exist and that the caller may give all of it.
    pub(super) async fn check_grant(&self, caller: &Caller, client: &Client) -> Result<(), Error> {
        let (scope, tenants) = (client.scope, client.contact_centers.clone());
        let read = self.store.read(move |r| {
            let mut unknown: Option<TenantId> = None;
            for id in tenants.iter().copied() {
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
        require_reach(caller, client)?;
        caller.require_rights(rights_given(client, &roles)?)
    }
}

fn require_reach(caller: &Caller, client: &Client) -> Result<(), Error> {
    let confined = client.contact_centers.iter().map(|id| Scope::Tenant(*id));
    let reached = confined.chain([client.scope]).all(|scope| caller.reaches(scope));
    if reached { Ok(()) } else { Err(Error::NotFound) }
}

fn rights_given(client: &Client, roles: &[Role]) -> Result<Rights, Error> {
    let mut given = client.rights;
    for name in &client.roles {
        let fits = |role: &&Role| !role.cluster_only || client.scope == Scope::Cluster;
        let role = roles
            .iter()
            .find(|role| role.name == *name)
            .filter(fits)
            .ok_or_else(|| Error::invalid("roles", format!("`{name}` cannot be given here")))?;
        given = given.union(role.rights);
    }
    Ok(given)
}
