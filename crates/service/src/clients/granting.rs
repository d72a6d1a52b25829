//! No escalation: nobody gives a client more than they hold, nor changes one that holds more.

use crate::{caller::Caller, error::Error};
use domain::{
    client::Client,
    id::Scope,
    right::{Rights, Role},
};
use store::Read;

/// Checks that the caller reaches a client that is there and holds all that it holds.
pub(super) fn check_holds_no_more(
    r: &mut Read,
    caller: &Caller,
    client: &Client,
) -> Result<(), Error> {
    require_reach(caller, client)?;
    // A role that is gone gives nothing, so it stands in nobody's way.
    let held = store::roles::resolve(r, client.scope, &client.roles)?;
    caller.require_rights(client.rights.union(held))
}

/// Checks that the client's tenants and roles exist and that the caller may give all of it.
pub(super) fn check_grant(r: &mut Read, caller: &Caller, client: &Client) -> Result<(), Error> {
    if let Some(own) = client.scope.tenant() {
        store::tenants::find_by_id(r, own)?.ok_or(Error::NotFound)?;
    }
    for id in client.contact_centers.iter().copied() {
        if store::tenants::find_by_id(r, id)?.is_none() {
            return Err(Error::invalid(
                "contactCenters",
                format!("there is no contact center {id}"),
            ));
        }
    }
    require_reach(caller, client)?;
    let roles = store::roles::list(r, client.scope)?;
    caller.require_rights(rights_given(client, &roles)?)
}

fn require_reach(caller: &Caller, client: &Client) -> Result<(), Error> {
    if reaches(caller, client) { Ok(()) } else { Err(Error::NotFound) }
}

/// Whether the caller reaches the client and all that it is confined to.
pub(super) fn reaches(caller: &Caller, client: &Client) -> bool {
    let confined = client.contact_centers.iter().map(|id| Scope::Tenant(*id));
    confined.chain([client.scope]).all(|scope| caller.reaches(scope))
}

fn rights_given(client: &Client, roles: &[Role]) -> Result<Rights, Error> {
    let mut given = client.rights;
    for name in &client.roles {
        let role = roles
            .iter()
            .filter(|role| !role.cluster_only || client.scope == Scope::Cluster)
            .find(|role| role.name == *name)
            .ok_or_else(|| Error::invalid("roles", format!("`{name}` cannot be given here")))?;
        given = given.union(role.rights_in(client.scope));
    }
    Ok(given)
}
