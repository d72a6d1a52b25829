//! The rules that are enforced in front of APIs: policies, and the routes of the gateway. Those of the
//! configuration are handed over before anything is served; those in the database the store tells of.
//!
//! What is enforced reads one immutable snapshot; every change makes a new one (known.rs). Who may
//! change what stands in the use cases of `policies` and `gateway_routes`.

mod known;
mod placing;
mod reach;

pub(crate) use known::KnownRules;
pub(crate) use placing::owner;
pub(crate) use reach::{
    chain_of, check_count, check_tenant, of_configuration, place_of_new, require_over,
    require_some, sees,
};

use crate::{Service, error::Error};
use domain::{
    gateway_route::{GatewayRoute, Upstream, is_prefix_octet},
    id::TenantId,
    policy::Policy,
};
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// The rules that this node's configuration holds, and what it says of those in the database.
#[derive(Clone, Debug, Default)]
pub struct Configured {
    /// Routes of the gateway.
    pub routes: Vec<GatewayRoute>,
    /// Policies.
    pub policies: Vec<Policy>,
    /// What tenants' administrators may bind routes to, and where.
    pub upstreams: Vec<TenantUpstream>,
    /// The paths of the server's own surfaces, which no route may take.
    pub reserved: Vec<String>,
    /// The server's own host names, lower case, besides that of `public_url` and the loopback names:
    /// there a route may not take the paths of a surface. Under other hosts it may.
    pub hosts: Vec<String>,
}

/// An upstream that a tenant's own administrator may bind routes to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TenantUpstream {
    /// Whose administrator.
    pub tenant: TenantId,
    /// The upstream; whatever lies below its base may be bound, too.
    pub upstream: Upstream,
    /// The host under which its routes may stand; `None`: any of the server's own.
    pub host: Option<String>,
    /// The prefix below which they may stand; `None`: anywhere under that host.
    pub prefix: Option<String>,
}

/// Everything that is enforced, as of one instant.
#[derive(Debug, Default)]
pub struct Rules {
    policies: BTreeMap<String, Arc<Policy>>,
    routes: Vec<Arc<GatewayRoute>>,
    places: Places,
}

/// Routes by host, then by prefix.
#[derive(Debug, Default)]
struct Places {
    hosts: HashMap<String, Prefixes>,
    any: Prefixes,
}

/// Routes by prefix; `/` as the empty text. `None`: a route that cannot serve stands there.
#[derive(Debug, Default)]
struct Prefixes {
    routes: HashMap<String, Option<Arc<GatewayRoute>>>,
    longest: usize,
}

impl Rules {
    /// Puts rules together whose names and places are told apart.
    pub(crate) fn new(
        policies: impl IntoIterator<Item = Arc<Policy>>,
        routes: impl IntoIterator<Item = Arc<GatewayRoute>>,
    ) -> Self {
        let policies = policies.into_iter().map(|policy| (policy.name.clone(), policy)).collect();
        let mut routes: Vec<Arc<GatewayRoute>> = routes.into_iter().collect();
        routes.sort_by(|a, b| {
            let hosts = b.host.is_some().cmp(&a.host.is_some()).then_with(|| a.host.cmp(&b.host));
            let prefixes = b.prefix.len().cmp(&a.prefix.len());
            hosts.then(prefixes).then_with(|| a.prefix.cmp(&b.prefix))
        });
        let mut places = Places::default();
        for route in &routes {
            let prefixes = places.of_host(route.host.as_deref());
            prefixes.add(&route.prefix, Some(Arc::clone(route)));
        }
        Self { policies, routes, places }
    }

    /// Keeps calls from falling to a route further out where the route that stands here cannot serve.
    pub(crate) fn close(&mut self, host: Option<&str>, prefix: &str) {
        self.places.of_host(host).add(prefix, None);
    }

    /// The policies by name; those that routes hold are not among them.
    #[must_use]
    pub fn policies(&self) -> &BTreeMap<String, Arc<Policy>> {
        &self.policies
    }

    /// The routes of the gateway: with a host first, then the longest prefix first.
    #[must_use]
    pub fn routes(&self) -> &[Arc<GatewayRoute>] {
        &self.routes
    }

    /// The policy of this name.
    #[must_use]
    pub fn find_policy(&self, name: &str) -> Option<&Arc<Policy>> {
        self.policies.get(name)
    }

    /// Whether some route names a host.
    #[must_use]
    pub fn names_hosts(&self) -> bool {
        !self.places.hosts.is_empty()
    }

    /// The route for a call: of those with its host the one with the longest prefix, else of those
    /// without. `host` is lower case without a port; `path` as it came, without a query. Octets that
    /// are encoded without need are compared as what they stand for (RFC 3986 section 6.2.2.2), so
    /// that no spelling of a path falls to a route that lies further out.
    #[must_use]
    pub fn find_route(&self, host: Option<&str>, path: &str) -> Option<&Arc<GatewayRoute>> {
        if self.routes.is_empty() {
            return None;
        }
        let path = plain(path);
        let of_host = host.and_then(|host| self.places.hosts.get(host));
        let found = of_host.and_then(|prefixes| prefixes.find(&path));
        found.or_else(|| self.places.any.find(&path)).flatten()
    }
}

impl Places {
    fn of_host(&mut self, host: Option<&str>) -> &mut Prefixes {
        match host {
            Some(host) => self.hosts.entry(host.to_owned()).or_default(),
            None => &mut self.any,
        }
    }
}

impl Prefixes {
    fn add(&mut self, prefix: &str, route: Option<Arc<GatewayRoute>>) {
        let prefix = if prefix == "/" { "" } else { prefix };
        self.longest = self.longest.max(prefix.len());
        self.routes.entry(prefix.to_owned()).or_insert(route);
    }

    /// What stands there; `Some(None)`: nothing may.
    fn find(&self, path: &str) -> Option<Option<&Arc<GatewayRoute>>> {
        if self.routes.is_empty() || !path.starts_with('/') {
            return None;
        }
        let mut part = path;
        if let Some(rest) = path.as_bytes().get(self.longest..) {
            // What is longer than every prefix ends none: the next slash from there on backwards.
            let end = if rest.is_empty() || rest.starts_with(b"/") {
                self.longest
            } else {
                let head = path.as_bytes().get(..self.longest).unwrap_or_default();
                head.iter().rposition(|byte| *byte == b'/').unwrap_or(0)
            };
            part = path.get(..end).unwrap_or_default();
        }
        loop {
            if let Some(route) = self.routes.get(part) {
                return Some(route.as_ref());
            }
            part = part.get(..part.rfind('/')?)?;
        }
    }
}

/// The path with every octet in its own place that may stand in a prefix.
fn plain(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return Cow::Borrowed(path);
    }
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let octet = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match octet.filter(|octet| is_prefix_octet(*octet)) {
            Some(octet) => {
                out.push(char::from(octet));
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                out.push('%');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

impl Service {
    /// What is enforced now: cheap enough for every call.
    #[must_use]
    pub fn rules(&self) -> Arc<Rules> {
        self.0.rules.current()
    }

    /// Takes the rules of the configuration over. Called before anything is served.
    ///
    /// # Errors
    /// [`Error::Conflict`] for two rules that stand in each other's way, [`Error::Invalid`] for one
    /// that cannot be.
    pub fn configure_rules(&self, configured: Configured) -> Result<(), Error> {
        self.0.rules.configure(configured.with_own_hosts(&self.settings.public_url))
    }
}

impl Configured {
    /// Whether [`Service::configure_rules`] will take them: asked before there is an installation, so that
    /// none is made for rules that cannot be.
    ///
    /// # Errors
    /// As there.
    pub fn check_ahead(self, public_url: &str, nodes: u32) -> Result<(), Error> {
        self.with_own_hosts(public_url).check(nodes)
    }

    fn with_own_hosts(mut self, public_url: &str) -> Self {
        self.hosts.iter_mut().for_each(|host| host.make_ascii_lowercase());
        let loopback = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned);
        self.hosts.extend(loopback);
        if let Ok(public) = Upstream::parse(public_url) {
            let bracketed = public.host.contains(':').then(|| format!("[{}]", public.host));
            self.hosts.push(bracketed.unwrap_or(public.host));
        }
        self
    }
}

#[cfg(test)]
mod tests;
