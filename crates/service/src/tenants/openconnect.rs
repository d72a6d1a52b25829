//! The gateway route that a tenant's checked calls of `OpenConnect` are handed to.
//!
//! Asked with every such call, so it is kept beside the version of the tenant that said it: memory knows a
//! tenant's version as soon as a change of it was answered, here and on every other node.

use crate::{Service, error::Error};
use domain::{
    gateway_route::GatewayRoute,
    id::{Scope, TenantId},
    tenant::Tenant,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use store::Read;

/// The type of the keys that `OpenConnect` takes.
pub const OPENCONNECT_TYPE: &str = "openconnect";

/// What tenants said, each as of one version of it.
#[derive(Debug, Default)]
pub(crate) struct OpenConnectRoutes(Mutex<HashMap<TenantId, (u32, Option<Arc<str>>)>>);

impl OpenConnectRoutes {
    fn find(&self, tenant: TenantId, version: u32) -> Option<Option<Arc<str>>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&tenant).filter(|(of, _)| *of == version).map(|(_, route)| route.clone())
    }

    fn keep(&self, tenant: TenantId, version: u32, route: Option<Arc<str>>) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(tenant, (version, route));
    }
}

impl Service {
    /// The name of the route; `None`: the tenant names none, and its calls are answered here.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn openconnect_route(&self, tenant: TenantId) -> Result<Option<Arc<str>>, Error> {
        let version = self.verifier.tenant(tenant).version();
        if let Some(known) = self.openconnect_routes.find(tenant, version) {
            return Ok(known);
        }
        let read = move |r: &mut Read| store::tenants::find_by_id(r, tenant);
        let read = self.store.read(read).await.map_err(|e: store::Error| Error::from(e))?;
        let Some(found) = read else { return Ok(None) };
        let route: Option<Arc<str>> = found.openconnect_route.map(Arc::from);
        self.openconnect_routes.keep(tenant, found.version, route.clone());
        Ok(route)
    }

    /// Whether the keys of a tenant that `OpenConnect` takes can pass this route.
    #[must_use]
    pub fn serves_openconnect(&self, route: &GatewayRoute, tenant: TenantId) -> bool {
        self.key_type(Scope::Tenant(tenant), OPENCONNECT_TYPE)
            .is_some_and(|of_type| route.policy.lets_pass(&of_type, tenant))
    }

    /// Checks that a tenant names a route that its keys can pass. Of a route that is another tenant's it
    /// learns no more than of none.
    pub(super) fn check_openconnect_route(&self, tenant: &Tenant) -> Result<(), Error> {
        let Some(name) = tenant.openconnect_route.as_deref() else { return Ok(()) };
        let rules = self.rules();
        let mut routes = rules.routes().iter().filter(|route| route.policy.name == name);
        if routes.any(|route| self.serves_openconnect(route, tenant.id)) {
            return Ok(());
        }
        let why = "there is no route of the gateway of this name that this tenant's keys of type \
                   `openconnect` pass";
        Err(Error::conflict("openconnect_route", why))
    }
}
