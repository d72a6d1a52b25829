//! Listing routes of the gateway by name.

use crate::{
    Service,
    by_name::{ListByName, PageByName},
    caller::Caller,
    error::Error,
    rules::{require_some, sees},
};
use domain::gateway_route::GatewayRoute;

impl Service {
    /// Lists the routes that the caller may see; of a scope those that let the keys of that tenant pass
    /// and of no other, of the cluster those of any tenant.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::NotFound`] for a tenant out of reach, [`Error::Invalid`] for a
    /// cursor of another list.
    pub fn list_gateway_routes(
        &self,
        caller: &Caller,
        list: &ListByName,
    ) -> Result<PageByName<GatewayRoute>, Error> {
        require_some(caller)?;
        let scope = self.listed_scope(caller, list.scope)?;
        let mut routes = self.rules.routes();
        routes.retain(|_, route| {
            let tenant = route.policy.tenant;
            sees(caller, &route.policy) && scope.is_none_or(|scope| scope.tenant() == tenant)
        });
        self.page_by_name("list_gateway_routes", scope, routes, list)
    }
}
