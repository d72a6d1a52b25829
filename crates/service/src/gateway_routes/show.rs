//! Showing a route of the gateway.

use crate::{
    Service,
    caller::Caller,
    error::Error,
    rules::{require_some, sees},
};
use domain::gateway_route::GatewayRoute;

impl Service {
    /// The route of this name, whether the configuration holds it or the database.
    ///
    /// # Errors
    /// [`Error::NotAllowed`], [`Error::NotFound`] for one that is not there for this caller.
    pub fn show_gateway_route(&self, caller: &Caller, name: &str) -> Result<GatewayRoute, Error> {
        require_some(caller)?;
        let found = self.rules.routes().remove(name);
        found.filter(|route| sees(caller, &route.policy)).ok_or(Error::NotFound)
    }
}
