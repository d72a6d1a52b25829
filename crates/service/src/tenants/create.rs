//! Making a tenant.

use super::{check, check_environment, require_cluster, subject};
use crate::{Service, caller::Caller, error::Error};
use domain::{
    audit::AuditEvent,
    id::{EnvironmentId, Scope, TenantId},
    tenant::{DEFAULT_AUTH, Tenant, Unacknowledged, WarningDays},
};

/// A tenant to make.
#[derive(Clone, Debug)]
pub struct CreateTenant {
    /// Its id, where it is known elsewhere already; `None`: a new one.
    pub id: Option<TenantId>,
    /// The name shown.
    pub name: String,
    /// Its domains.
    pub domains: Vec<String>,
    /// The environment it belongs to.
    pub environment: Option<EnvironmentId>,
    /// The name of its realm.
    pub realm: Option<String>,
    /// What the Environment Service is told of its authentication; `None`: the usual.
    pub auth: Option<String>,
    /// What its new `api` keys begin with.
    pub key_prefix: Option<String>,
    /// The switch.
    pub enabled: bool,
    /// What becomes of keys that nobody acknowledged.
    pub unacknowledged: Unacknowledged,
    /// Whether keys must say from where they are accepted.
    pub allow_list_required: bool,
    /// How its realm signs.
    pub signing_algorithm: domain::signing::Algorithm,
    /// From how many days before its end on a key's verdict says so.
    pub warning_days: WarningDays,
    /// The gateway route for its checked calls of `OpenConnect`.
    pub openconnect_route: Option<String>,
}

impl Service {
    /// Makes a tenant.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for whoever does not act for the cluster, [`Error::Invalid`],
    /// [`Error::Conflict`] when its id, its realm, its prefix or one of its domains is taken.
    pub async fn create_tenant(
        &self,
        caller: &Caller,
        wanted: CreateTenant,
    ) -> Result<Tenant, Error> {
        require_cluster(caller)?;
        let at = self.now().wall;
        let tenant = Tenant {
            id: wanted.id.unwrap_or_else(|| TenantId(self.entropy.uuid())),
            name: wanted.name,
            domains: check::domains(&wanted.domains)?,
            environment: wanted.environment,
            realm: wanted.realm,
            auth: wanted.auth.unwrap_or_else(|| DEFAULT_AUTH.to_owned()),
            key_prefix: wanted.key_prefix,
            enabled: wanted.enabled,
            unacknowledged: wanted.unacknowledged,
            allow_list_required: wanted.allow_list_required,
            signing_algorithm: wanted.signing_algorithm,
            warning_days: wanted.warning_days,
            openconnect_route: wanted.openconnect_route,
            created_at: at,
            version: 1,
        };
        check::new_name(&tenant.name)?;
        check::values(&tenant)?;
        self.check_openconnect_route(&tenant)?;
        let origin = caller.origin(at);
        self.store
            .write(move |tx| {
                check_environment(tx, &tenant)?;
                store::tenants::insert(tx, &tenant)?;
                let scope = Scope::Tenant(tenant.id);
                let event =
                    AuditEvent::new("tenant.create", scope, origin.clone(), subject(tenant.id))
                        .after(tenant.facts());
                tx.commit(event, tenant.clone()).map_err(Error::from)
            })
            .await
    }
}
