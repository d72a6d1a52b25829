//! Listing routes of the gateway by name.

use crate::{
    Service,
    caller::Caller,
    error::Error,
    rules::{require_some, sees},
};
use domain::{gateway_route::GatewayRoute, id::Scope};

/// The longest page.
pub const MAX_PAGE: u32 = 200;

/// Which routes, and how many of them.
#[derive(Clone, Debug)]
pub struct ListGatewayRoutes {
    /// Those that let keys of this tenant pass and of no other; of the cluster: of any tenant.
    pub scope: Option<Scope>,
    /// How many at most.
    pub limit: u32,
    /// Where an earlier page ended.
    pub cursor: Option<String>,
}

/// Part of the list.
#[derive(Clone, Debug)]
pub struct GatewayRoutePage {
    /// The routes.
    pub routes: Vec<GatewayRoute>,
    /// Where the list goes on; `None`: this was the end.
    pub next: Option<String>,
}

impl Service {
    /// Lists the routes that the caller may see.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::NotFound`] for a tenant out of reach, [`Error::Invalid`] for a
    /// cursor of another list.
    pub fn list_gateway_routes(
        &self,
        caller: &Caller,
        list: &ListGatewayRoutes,
    ) -> Result<GatewayRoutePage, Error> {
        require_some(caller)?;
        let scope = self.listed_scope(caller, list.scope)?;
        let mut routes = self.rules.routes();
        routes.retain(|_, route| {
            let tenant = route.policy.tenant;
            sees(caller, &route.policy) && scope.is_none_or(|scope| scope.tenant() == tenant)
        });
        let place = ("list_gateway_routes", scope);
        let (routes, next) = self.page_by_name(place, routes, list.limit, &list.cursor)?;
        Ok(GatewayRoutePage { routes, next })
    }
}
