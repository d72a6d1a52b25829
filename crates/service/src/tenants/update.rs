//! Changing a tenant: what is named changes, the rest stays.

use super::{check, check_environment, check_prefixes, require_over, subject};
use crate::{
    Service,
    caller::Caller,
    error::Error,
    unchanged::{Stopped, check_version, settled},
};
use domain::{
    audit::{AuditEvent, Origin},
    id::{EnvironmentId, Scope, TenantId},
    tenant::{Tenant, Unacknowledged, WarningDays},
};
use std::sync::Arc;
use store::{Committed, Tx};

/// The change; `None` leaves a value as it is, `Some(None)` takes it away.
#[derive(Clone, Debug, Default)]
pub struct UpdateTenant {
    /// The name shown.
    pub name: Option<String>,
    /// Its domains, all of them.
    pub domains: Option<Vec<String>>,
    /// The environment it belongs to.
    pub environment: Option<Option<EnvironmentId>>,
    /// The name of its realm.
    pub realm: Option<Option<String>>,
    /// What the Environment Service is told of its authentication.
    pub auth: Option<String>,
    /// What its new `api` keys begin with.
    pub key_prefix: Option<Option<String>>,
    /// The switch.
    pub enabled: Option<bool>,
    /// What becomes of keys that nobody acknowledged.
    pub unacknowledged: Option<Unacknowledged>,
    /// Whether keys must say from where they are accepted.
    pub allow_list_required: Option<bool>,
    /// How its realm signs.
    pub signing_algorithm: Option<domain::signing::Algorithm>,
    /// From how many days before its end on a key's verdict says so.
    pub warning_days: Option<WarningDays>,
    /// The gateway route for its checked calls of `OpenConnect`.
    pub openconnect_route: Option<Option<String>>,
    /// Only if the tenant is still this version.
    pub if_version: Option<u32>,
}

struct Change {
    update: UpdateTenant,
    by_cluster: bool,
    origin: Origin,
}

impl Service {
    /// Changes a tenant. `agree` holds what else the caller said of it against what is stored.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAllowed`] also for what only the cluster may change,
    /// [`Error::Invalid`], [`Error::Conflict`] for a name that is taken,
    /// [`Error::PreconditionFailed`].
    pub async fn update_tenant(
        &self,
        caller: &Caller,
        id: TenantId,
        update: UpdateTenant,
        agree: impl FnOnce(&Tenant) -> Result<(), Error>,
    ) -> Result<Tenant, Error> {
        require_over(caller, id)?;
        agree(&self.show_tenant(caller, id).await?)?;
        let ends = update.enabled == Some(false);
        let signs_otherwise = update.signing_algorithm.is_some();
        let change = Arc::new(Change {
            update,
            by_cluster: caller.is_cluster(),
            origin: caller.origin(self.now().wall),
        });
        let service = self.clone();
        let write = move |tx: &mut Tx| -> Result<Committed<Tenant>, Stopped<Tenant>> {
            let before = store::tenants::find_for_update(tx, id)?.ok_or(Error::NotFound)?;
            let after = change.apply(&before)?;
            if after.openconnect_route != before.openconnect_route {
                service.check_openconnect_route(&after)?;
            }
            if after == before {
                return Err(Stopped::Unchanged(Box::new(before)));
            }
            let after = Tenant { version: before.version.saturating_add(1), ..after };
            if after.environment != before.environment {
                check_environment(tx, &after)?;
            }
            if after.key_prefix != before.key_prefix {
                check_prefixes(tx, &after)?;
            }
            store::tenants::update(tx, &after)?;
            if after.enabled && !before.enabled {
                store::key_policies::count_anew(tx, Scope::Tenant(id), change.origin.at)?;
            }
            let (scope, origin) = (Scope::Tenant(id), change.origin.clone());
            let event = AuditEvent::new("tenant.update", scope, origin, subject(id))
                .before(before.facts())
                .after(after.facts());
            Ok(tx.commit(event, after)?)
        };
        // Whatever ends service goes before the other writes.
        let tenant = settled(if ends {
            self.store.write_urgent(write).await
        } else {
            self.store.write(write).await
        })?;
        if signs_otherwise {
            self.follow_algorithm(caller, id).await;
        }
        Ok(tenant)
    }
}

impl Change {
    fn apply(&self, before: &Tenant) -> Result<Tenant, Error> {
        let update = self.update.clone();
        check_version(update.if_version, before.version)?;
        let domains = update.domains.as_deref().map(check::domains).transpose()?;
        let after = Tenant {
            name: update.name.unwrap_or_else(|| before.name.clone()),
            domains: domains.unwrap_or_else(|| before.domains.clone()),
            environment: update.environment.unwrap_or(before.environment),
            realm: update.realm.unwrap_or_else(|| before.realm.clone()),
            auth: update.auth.unwrap_or_else(|| before.auth.clone()),
            key_prefix: update.key_prefix.unwrap_or_else(|| before.key_prefix.clone()),
            enabled: update.enabled.unwrap_or(before.enabled),
            unacknowledged: update.unacknowledged.unwrap_or(before.unacknowledged),
            allow_list_required: update.allow_list_required.unwrap_or(before.allow_list_required),
            signing_algorithm: update.signing_algorithm.unwrap_or(before.signing_algorithm),
            warning_days: update.warning_days.unwrap_or(before.warning_days),
            openconnect_route: update
                .openconnect_route
                .unwrap_or_else(|| before.openconnect_route.clone()),
            ..before.clone()
        };
        let of_cluster = after.enabled != before.enabled || after.environment != before.environment;
        if of_cluster && !self.by_cluster {
            return Err(Error::NotAllowed { right: None });
        }
        if after.name != before.name {
            check::new_name(&after.name)?;
        }
        check::values(&after)?;
        Ok(after)
    }
}
