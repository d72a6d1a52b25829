//! What a caller is told about itself.

use crate::{Service, caller::Caller, error::Error};
use domain::{
    actor::PrincipalId,
    id::{EnvironmentId, Scope, TenantId},
    right::{Rights, Role},
};

/// A caller, described.
#[derive(Debug)]
pub struct UserInfo {
    /// Its id.
    pub id: PrincipalId,
    /// The name, unique in the installation: a tenant's persons with their tenant part.
    pub unique_name: String,
    /// The user name, or the `client_id`.
    pub name: String,
    /// The tenant it belongs to, or is confined to alone.
    pub tenant: Option<TenantId>,
    /// That tenant's environment.
    pub environment: Option<EnvironmentId>,
    /// What it may do and by which role.
    pub authorities: Vec<Authority>,
    /// The client of the presented token.
    pub client_id: Option<String>,
    /// Whether the presented token has the scope `openid`.
    pub openid: bool,
}

/// A role and the rights that it gives.
#[derive(Debug)]
pub struct Authority {
    /// The role's name; for rights that come by no role, `rights`.
    pub name: String,
    /// What it gives.
    pub rights: Rights,
}

impl Service {
    /// Describes the caller to itself.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn user_info(&self, caller: &Caller) -> Result<UserInfo, Error> {
        let (scope, tenant) = (caller.scope(), caller.bound_to());
        let read = self.store.read(move |r| {
            let environment = match tenant {
                Some(id) => store::tenants::find_by_id(r, id)?.and_then(|t| t.environment),
                None => None,
            };
            Ok::<_, store::Error>((environment, store::roles::list(r, scope)?))
        });
        let (environment, roles) = read.await?;
        let client_id = match &caller.token {
            Some(token) => self.client_name(token.client).await?,
            None => None,
        };
        let name = caller.principal.name().to_string();
        Ok(UserInfo {
            id: caller.principal.id,
            unique_name: match caller.principal.id {
                PrincipalId::Person(_) => super::qualified(scope, &name),
                PrincipalId::Client(_) => name.clone(),
            },
            name,
            tenant,
            environment,
            authorities: authorities(
                &caller.principal.roles(),
                caller.principal.rights(),
                scope,
                &roles,
            ),
            client_id,
            openid: caller
                .token
                .as_ref()
                .is_some_and(|t| t.scope.split(' ').any(|s| s == "openid")),
        })
    }
}

fn authorities(held: &[String], all: Rights, scope: Scope, roles: &[Role]) -> Vec<Authority> {
    let mut by_role = Rights::NONE;
    let mut authorities: Vec<Authority> = Vec::with_capacity(held.len());
    for role in roles.iter().filter(|role| held.contains(&role.name)) {
        // A cluster role gives nothing to whoever belongs to a tenant.
        if role.cluster_only && scope != Scope::Cluster {
            continue;
        }
        let rights = role.rights_in(scope);
        by_role = by_role.union(rights);
        authorities.push(Authority { name: role.name.clone(), rights });
    }
    let own: Rights = all.iter().filter(|right| !by_role.has(*right)).collect();
    if own != Rights::NONE {
        authorities.push(Authority { name: "rights".to_owned(), rights: own });
    }
    authorities
}
