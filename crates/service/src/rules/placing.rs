//! Where routes may stand: none shadows a surface of the server or another route, and a tenant's own
//! keep to what the configuration reserves for it.

use super::{Configured, TenantUpstream};
use crate::error::Error;
use domain::{
    gateway_route::{GatewayRoute, Upstream, covers, is_call_host, normal_prefix},
    id::{Scope, TenantId},
    policy::Source,
};

/// Whose administrators made a route; what the configuration holds is the cluster's.
pub(crate) const fn owner(source: Source) -> Scope {
    match source {
        Source::Configuration => Scope::Cluster,
        Source::Stored { owner, .. } => owner,
    }
}

impl Configured {
    /// Whether the configuration names this server as an upstream, for whomever.
    pub(crate) fn names(&self, upstream: &Upstream) -> bool {
        let routes = self.routes.iter().map(|route| &route.upstream);
        let reserved = self.upstreams.iter().map(|of_tenant| &of_tenant.upstream);
        routes.chain(reserved).any(|named| named.is_same_server(upstream))
    }

    /// Checks that a route may stand where it does, and go where it goes.
    pub(crate) fn place<'a>(
        &self,
        route: &GatewayRoute,
        others: impl IntoIterator<Item = &'a GatewayRoute>,
    ) -> Result<(), Error> {
        // First, or a tenant would learn where routes of others stand.
        if let Scope::Tenant(tenant) = owner(route.policy.source) {
            self.check_binding(tenant, route)?;
        }
        self.check_surfaces(route)?;
        for other in others.into_iter().filter(|other| other.policy.name != route.policy.name) {
            check_other(route, other)?;
        }
        Ok(())
    }

    /// No route takes paths of our own surfaces, where those are reached.
    fn check_surfaces(&self, route: &GatewayRoute) -> Result<(), Error> {
        let foreign = route.host.as_ref().is_some_and(|host| !self.hosts.contains(host));
        if foreign {
            return Ok(());
        }
        let prefix = &route.prefix;
        let touches =
            |path: &&String| covers(prefix, path.as_str()) || covers(path.as_str(), prefix);
        match self.reserved.iter().find(touches) {
            Some(path) => Err(Error::conflict(
                "surface",
                format!("`{prefix}` would take calls of the server's own `{path}`; choose another"),
            )),
            None => Ok(()),
        }
    }

    /// A tenant's own administrator binds what the configuration lists, where it says so.
    fn check_binding(&self, tenant: TenantId, route: &GatewayRoute) -> Result<(), Error> {
        let listed =
            |of: &&TenantUpstream| of.tenant == tenant && of.upstream.covers(&route.upstream);
        let mut listed = self.upstreams.iter().filter(listed).peekable();
        if listed.peek().is_none() {
            let detail = "must be an upstream that the configuration lists for the tenant";
            return Err(Error::invalid("upstream", detail));
        }
        if listed.any(|of| of.reserves(route.host.as_deref(), &route.prefix)) {
            return Ok(());
        }
        let detail = "must lie, with `host`, where the configuration reserves room for the tenant's \
                      routes to this upstream";
        Err(Error::invalid("prefix", detail))
    }

    /// Checks what the configuration says of itself.
    pub(super) fn check(&self, nodes: u32) -> Result<(), Error> {
        for (at, policy) in self.policies.iter().enumerate() {
            let checked = policy.check().and_then(|()| policy.check_share(nodes));
            checked.map_err(|bad| told("policy", &policy.name, bad.field, &bad.detail))?;
            let twice = self.policies.iter().take(at).any(|other| other.name == policy.name);
            if twice {
                return Err(told("policy", &policy.name, "name", "stands there twice"));
            }
        }
        for of_tenant in &self.upstreams {
            self.check_reservation(of_tenant)?;
        }
        for (at, route) in self.routes.iter().enumerate() {
            let name = &route.policy.name;
            let checked = route.check().and_then(|()| route.policy.check_share(nodes));
            checked.map_err(|bad| told("route", name, bad.field, &bad.detail))?;
            let before = self.routes.get(..at).unwrap_or_default();
            if before.iter().any(|other| other.policy.name == *name) {
                return Err(told("route", name, "name", "stands there twice"));
            }
            self.place(route, before).map_err(|error| match error {
                Error::Conflict { what, detail } => {
                    Error::conflict(what, format!("route `{name}`: {detail}"))
                }
                other => other,
            })?;
        }
        Ok(())
    }

    /// What is reserved for one tenant lies in no other's room.
    fn check_reservation(&self, of: &TenantUpstream) -> Result<(), Error> {
        let bad = |field: &'static str, detail: &str| {
            let whose = format!("upstream `{}` of tenant `{}`: {detail}", of.upstream, of.tenant);
            Err(Error::invalid(field, whose))
        };
        if of.host.is_none() && of.prefix.is_none() {
            return bad("prefix", "must be named, or `host`");
        }
        if of.host.as_deref().is_some_and(|host| !is_call_host(host)) {
            return bad("host", "must be a host in lower case, without a port");
        }
        if of.prefix.as_ref().is_some_and(|prefix| normal_prefix(prefix).as_ref() != Some(prefix)) {
            return bad(
                "prefix",
                "must begin with `/`, without empty segments and what is encoded",
            );
        }
        let (host, prefix) = of.room();
        let in_the_way = |other: &&TenantUpstream| {
            let (others_host, others_prefix) = other.room();
            let touch = covers(prefix, others_prefix) || covers(others_prefix, prefix);
            other.tenant != of.tenant && host == others_host && touch
        };
        match self.upstreams.iter().find(in_the_way) {
            Some(other) => bad("prefix", &format!("lies in the room of tenant `{}`", other.tenant)),
            None => Ok(()),
        }
    }
}

impl TenantUpstream {
    fn room(&self) -> (Option<&str>, &str) {
        (self.host.as_deref(), self.prefix.as_deref().unwrap_or("/"))
    }

    fn reserves(&self, host: Option<&str>, prefix: &str) -> bool {
        let (own_host, own_prefix) = self.room();
        own_host == host && covers(own_prefix, prefix)
    }
}

/// One place has one route, and nobody's route lies within another's; among those of one owner the
/// longest prefix wins.
fn check_other(route: &GatewayRoute, other: &GatewayRoute) -> Result<(), Error> {
    if route.host != other.host {
        return Ok(());
    }
    let conflict = |detail: &str| {
        Err(Error::conflict("gateway_route", format!("`{}` {detail}", route.prefix)))
    };
    if route.prefix == other.prefix {
        return conflict("is the place of another route; choose another prefix");
    }
    let nested = covers(&route.prefix, &other.prefix) || covers(&other.prefix, &route.prefix);
    if nested && owner(route.policy.source) != owner(other.policy.source) {
        return conflict("would take calls of another route, or lies within it");
    }
    Ok(())
}

fn told(kind: &str, name: &str, field: &'static str, detail: &str) -> Error {
    Error::invalid(field, format!("{kind} `{name}`: {detail}"))
}
