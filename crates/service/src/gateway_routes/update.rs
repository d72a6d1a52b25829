//! Changing a route of the gateway: what is named changes, the rest stays; its name and its tenant
//! always do.

use super::subject;
use crate::{
    Service,
    caller::Caller,
    error::Error,
    policies::UpdatePolicy,
    rules::{chain_of, require_over},
    unchanged::{Stopped, check_version, settled},
};
use domain::{
    audit::AuditEvent,
    gateway_route::{GatewayRoute, Timeouts, Upstream},
};
use std::sync::Arc;
use store::{Committed, Tx};

/// The change; `None` leaves a value as it is, `Some(None)` takes it away.
#[derive(Clone, Debug, Default)]
pub struct UpdateGatewayRoute {
    /// What a call must present, and which version is meant.
    pub policy: UpdatePolicy,
    /// The host of the calls.
    pub host: Option<Option<String>>,
    /// The beginning of their path.
    pub prefix: Option<String>,
    /// Where they go.
    pub upstream: Option<Upstream>,
    /// Whether the prefix is taken off.
    pub strip_prefix: Option<bool>,
    /// Whether the secret goes upstream.
    pub forward_secret: Option<bool>,
    /// Whether the client's `Host` goes upstream.
    pub forward_host: Option<bool>,
    /// How long the upstream may take.
    pub timeouts: Option<Timeouts>,
    /// The longest body of a call.
    pub max_body_bytes: Option<Option<u64>>,
}

impl Service {
    /// Changes a route of the gateway. `agree` holds what else the caller said of it against what is
    /// stored.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAllowed`] also for one of the tenant's that the cluster made,
    /// [`Error::Invalid`] also for what the configuration does not list for the tenant whose it is,
    /// [`Error::Conflict`] for one of the configuration and for a place that is taken,
    /// [`Error::PreconditionFailed`].
    pub async fn update_gateway_route(
        &self,
        caller: &Caller,
        name: &str,
        update: UpdateGatewayRoute,
        agree: impl FnOnce(&GatewayRoute) -> Result<(), Error>,
    ) -> Result<GatewayRoute, Error> {
        let found = self.show_gateway_route(caller, name)?;
        require_over(caller, &found.policy)?;
        agree(&found)?;
        let origin = caller.origin(self.now().wall);
        let (service, configured) = (self.clone(), self.rules.configured());
        let (caller, name, update) = (caller.clone(), found.policy.name, Arc::new(update));
        let write = move |tx: &mut Tx| -> Result<Committed<GatewayRoute>, Stopped<GatewayRoute>> {
            let turn = store::rules::take_turn(tx)?;
            let before = store::gateway_routes::find(tx, &name)?.ok_or(Error::NotFound)?;
            // It may be another one of this name by now.
            require_over(&caller, &before.policy)?;
            check_version(update.policy.if_version, before.policy.source.version())?;
            let mut after = update.changed(&before);
            if after == before {
                return Err(Stopped::Unchanged(Box::new(before)));
            }
            after.upstream.configured = configured.names(&after.upstream);
            after.check().map_err(Error::from)?;
            service.check_policy(&after.policy)?;
            let others = store::gateway_routes::list(tx)?;
            configured.place(&after, configured.routes.iter().chain(others.iter().flatten()))?;
            after.policy.source = before.policy.source.changed();
            store::gateway_routes::update(tx, &turn, &after)?;
            let (chain, subject) = (chain_of(&after.policy), subject(&name));
            let event = AuditEvent::new("gateway_route.update", chain, origin.clone(), subject)
                .before(before.facts())
                .after(after.facts());
            Ok(tx.commit(event, after)?)
        };
        settled(self.store.write(write).await)
    }
}

impl UpdateGatewayRoute {
    /// The route as it is afterwards, but for its version.
    #[must_use]
    pub fn changed(&self, before: &GatewayRoute) -> GatewayRoute {
        let (update, before) = (self.clone(), before.clone());
        GatewayRoute {
            policy: update.policy.changed(&before.policy),
            host: update.host.unwrap_or(before.host),
            prefix: update.prefix.unwrap_or(before.prefix),
            upstream: update.upstream.unwrap_or(before.upstream),
            strip_prefix: update.strip_prefix.unwrap_or(before.strip_prefix),
            forward_secret: update.forward_secret.unwrap_or(before.forward_secret),
            forward_host: update.forward_host.unwrap_or(before.forward_host),
            timeouts: update.timeouts.unwrap_or(before.timeouts),
            max_body_bytes: update.max_body_bytes.unwrap_or(before.max_body_bytes),
        }
    }
}
