//! Making a route of the gateway.

use super::subject;
use crate::{
    Service,
    caller::Caller,
    error::Error,
    rules::{chain_of, check_count, check_tenant, place_of_new},
};
use domain::{
    audit::AuditEvent,
    gateway_route::GatewayRoute,
    id::TenantId,
    policy::{Policy, Source},
};
use store::Tx;

/// A route to make.
#[derive(Clone, Debug)]
pub struct CreateGatewayRoute {
    /// Whose keys pass: `Some(None)` any tenant's; `None` those of the caller's tenant, and for the
    /// cluster any tenant's.
    pub tenant: Option<Option<TenantId>>,
    /// All else. Its tenant, its source and whether the configuration names its upstream say nothing.
    pub route: GatewayRoute,
}

impl Service {
    /// Makes a route of the gateway.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::NotFound`] for a tenant that is not there for this caller,
    /// [`Error::Invalid`] also for what the configuration does not list for a tenant,
    /// [`Error::Conflict`] when the name or the place is taken, or when there are as many as there
    /// may be.
    pub async fn create_gateway_route(
        &self,
        caller: &Caller,
        wanted: CreateGatewayRoute,
    ) -> Result<GatewayRoute, Error> {
        let (tenant, owner) = place_of_new(caller, wanted.tenant)?;
        let origin = caller.origin(self.now().wall);
        let source = Source::Stored { owner, created_at: origin.at, version: 1 };
        let mut route = wanted.route;
        route.policy = Policy { tenant, source, ..route.policy };
        let (service, configured) = (self.clone(), self.rules.configured());
        route.upstream.configured = configured.names(&route.upstream);
        route.check()?;
        self.store
            .write(move |tx: &mut Tx| {
                let turn = store::rules::take_turn(tx)?;
                check_tenant(tx, &route.policy)?;
                service.check_policy(&route.policy)?;
                let others = store::gateway_routes::list(tx)?;
                let name = &route.policy.name;
                let stored = || others.iter().flatten();
                configured.place(&route, configured.routes.iter().chain(stored()))?;
                if configured.routes.iter().any(|other| other.policy.name == *name) {
                    return Err(store::Error::Conflict("gateway_route").into());
                }
                check_count(&route.policy, stored().map(|other| &other.policy))?;
                store::gateway_routes::insert(tx, &turn, &route)?;
                let (chain, subject) = (chain_of(&route.policy), subject(name));
                let event = AuditEvent::new("gateway_route.create", chain, origin.clone(), subject)
                    .after(route.facts());
                Ok(tx.commit(event, route.clone())?)
            })
            .await
    }
}
