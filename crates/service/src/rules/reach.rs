//! Who may see and change which rules: the cluster all of them; a tenant's own administrator sees its
//! tenant's, and changes those that its tenant made.

use crate::{Service, caller::Caller, error::Error};
use domain::{
    id::{Scope, TenantId},
    policy::{BadRule, Policy, Source},
    right::Right,
};
use store::Read;

/// Rules of one kind that a tenant makes, and those that the cluster makes.
const MAX_OF_TENANT: usize = 100;
const MAX_OF_CLUSTER: usize = 1_000;

/// Demands the right over some rules: at the cluster that over the gateway, anywhere else that over
/// the tenant.
pub(crate) fn require_some(caller: &Caller) -> Result<(), Error> {
    let right = if caller.is_cluster() { Right::GatewayManage } else { Right::TenantsManage };
    caller.require_rights([right].into_iter().collect())
}

/// Whether the caller may know of this rule.
pub(crate) fn sees(caller: &Caller, policy: &Policy) -> bool {
    caller.is_cluster() || policy.tenant.is_some_and(|id| caller.reaches(Scope::Tenant(id)))
}

/// Demands that the caller may change this rule.
pub(crate) fn require_over(caller: &Caller, policy: &Policy) -> Result<(), Error> {
    if !sees(caller, policy) {
        return Err(Error::NotFound);
    }
    require_some(caller)?;
    match policy.source {
        Source::Configuration => Err(of_configuration()),
        Source::Stored { .. } if caller.is_cluster() => Ok(()),
        Source::Stored { owner: Scope::Tenant(_), .. } => Ok(()),
        Source::Stored { owner: Scope::Cluster, .. } => {
            Err(Error::NotAllowed { right: Some(Right::GatewayManage) })
        }
    }
}

/// Says that a rule is changed elsewhere.
pub(crate) fn of_configuration() -> Error {
    Error::conflict("configuration", "the configuration of the server holds this; change it there")
}

/// Whose a new rule is: the tenant whose keys pass, and the scope whose administrators made it.
/// `named`: nothing, any tenant's keys, or those of one.
pub(crate) fn place_of_new(
    caller: &Caller,
    named: Option<Option<TenantId>>,
) -> Result<(Option<TenantId>, Scope), Error> {
    require_some(caller)?;
    if caller.is_cluster() {
        return Ok((named.flatten(), Scope::Cluster));
    }
    let tenant = match named {
        Some(Some(tenant)) => tenant,
        // Keys of every tenant are not one tenant's to let pass.
        Some(None) => return Err(Error::NotAllowed { right: Some(Right::GatewayManage) }),
        None => caller
            .bound_to()
            .ok_or_else(|| Error::invalid("tenant", "name one of the tenants that you serve"))?,
    };
    if !caller.reaches(Scope::Tenant(tenant)) {
        return Err(Error::NotFound);
    }
    Ok((Some(tenant), Scope::Tenant(tenant)))
}

/// The chain of the audit log that speaks of a rule.
pub(crate) fn chain_of(policy: &Policy) -> Scope {
    policy.tenant.map_or(Scope::Cluster, Scope::Tenant)
}

/// Checks that the tenant of a rule exists. The caller has the turn, which the end of a tenant takes.
pub(crate) fn check_tenant(r: &mut Read, policy: &Policy) -> Result<(), Error> {
    if let Some(id) = policy.tenant {
        store::tenants::find_by_id(r, id)?.ok_or(Error::NotFound)?;
    }
    Ok(())
}

/// Checks that one more rule may be made by the maker of this one.
pub(crate) fn check_count<'a>(
    policy: &Policy,
    others: impl IntoIterator<Item = &'a Policy>,
) -> Result<(), Error> {
    let owner = super::owner(policy.source);
    let made = others.into_iter().filter(|other| super::owner(other.source) == owner).count();
    let most = if owner == Scope::Cluster { MAX_OF_CLUSTER } else { MAX_OF_TENANT };
    if made >= most {
        return Err(Error::conflict("too_many", format!("there are {most}; delete one first")));
    }
    Ok(())
}

impl Service {
    /// Checks what depends on the installation: nodes and key types, and what no tenant may demand.
    pub(crate) fn check_policy(&self, policy: &Policy) -> Result<(), Error> {
        policy.check_share(self.settings.nodes)?;
        let missing = policy.key_types.iter().find(|name| !self.has_type(policy.tenant, name));
        if let Some(name) = missing {
            return Err(Error::invalid("keyTypes", format!("there is no key type `{name}`")));
        }
        let of_tenant = super::owner(policy.source) != Scope::Cluster;
        if of_tenant && policy.is_for_the_cluster() {
            let detail = "no key of a tenant can hold what is wanted";
            return Err(Error::invalid("permission", detail));
        }
        Ok(())
    }

    /// Whether keys of that type can pass: for a rule of no tenant a type of some tenant's will do.
    fn has_type(&self, tenant: Option<TenantId>, name: &str) -> bool {
        let scope = tenant.map_or(Scope::Cluster, Scope::Tenant);
        self.key_types.find(scope, name).is_some()
            || (tenant.is_none() && self.key_types.custom(None).iter().any(|t| t.name == name))
    }
}

impl From<BadRule> for Error {
    fn from(bad: BadRule) -> Self {
        Self::invalid(bad.field, bad.detail)
    }
}
