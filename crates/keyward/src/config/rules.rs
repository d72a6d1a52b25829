//! `[gateway]` and `[[policies]]`: the rules of this node, made out of presets and of what was given.
//!
//! What a rule may be is decided in `domain`; here its faults get their place in the file. How rules
//! stand to each other, and to those of the database, `service` decides when it takes them over.

mod policy;

use super::{
    Error,
    given::{self, Gateway},
    resolve::Check,
};
use domain::{
    gateway_route::{
        GatewayRoute, PRESETS, Timeouts, Upstream, is_call_host, normal_prefix, preset,
    },
    id::TenantId,
    policy::{Policy, Source},
};
use service::rules::TenantUpstream;
use std::path::PathBuf;

/// The rules of the configuration.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    pub(crate) routes: Vec<GatewayRoute>,
    pub(crate) policies: Vec<Policy>,
    /// What tenants' administrators may bind routes to.
    pub(crate) upstreams: Vec<TenantUpstream>,
    /// Authorities of upstreams' certificates, beside the public ones.
    pub(crate) upstream_authorities: Option<PathBuf>,
}

/// Makes the rules.
pub(super) fn resolve(
    gateway: Option<Gateway>,
    policies: Option<Vec<given::Policy>>,
    nodes: u32,
    check: &Check<'_>,
) -> Result<Rules, Error> {
    let table = |path| Table { path, check, nodes };
    let gateway = gateway.unwrap_or_default();
    let routes = gateway.routes.unwrap_or_default().into_iter().enumerate();
    let upstreams = gateway.upstreams.unwrap_or_default().into_iter().enumerate();
    let policies = policies.unwrap_or_default().into_iter().enumerate();
    let upstream_authorities = gateway.upstream_authorities.as_deref();
    Ok(Rules {
        routes: routes
            .map(|(at, given)| table(format!("gateway.routes[{at}]")).route(given))
            .collect::<Result<_, _>>()?,
        policies: policies
            .map(|(at, given)| table(format!("policies[{at}]")).own_policy(given))
            .collect::<Result<_, _>>()?,
        upstreams: upstreams
            .map(|(at, given)| table(format!("gateway.upstreams[{at}]")).tenants(given))
            .collect::<Result<_, _>>()?,
        upstream_authorities: upstream_authorities
            .map(|path| check.path_of_pem("gateway.upstream_authorities", path))
            .transpose()?,
    })
}

/// A table of a list, by its path.
struct Table<'a> {
    path: String,
    check: &'a Check<'a>,
    nodes: u32,
}

impl Table<'_> {
    fn fault(&self, member: &str, message: impl Into<String>) -> Error {
        self.check.fault(&format!("{}.{member}", self.path), message)
    }

    fn needed<T>(&self, member: &str, given: Option<T>) -> Result<T, Error> {
        given.ok_or_else(|| self.fault(member, "missing"))
    }

    fn route(&self, mut given: given::Route) -> Result<GatewayRoute, Error> {
        let upstream = self.upstream(given.upstream.as_deref())?;
        let mut route = match given.preset.as_deref() {
            Some(name) => self.of_preset(name, upstream)?,
            None => self.of_its_own(&mut given, upstream)?,
        };
        if let Some(prefix) = given.prefix.take() {
            route.prefix = Self::prefix(prefix);
        }
        route.host = Self::host(given.host.take());
        route.strip_prefix = given.strip_prefix.unwrap_or(route.strip_prefix);
        route.forward_secret = given.forward_secret.unwrap_or(route.forward_secret);
        route.forward_host = given.forward_host.unwrap_or(route.forward_host);
        route.max_body_bytes = given.max_body_bytes.or(route.max_body_bytes);
        let timeouts = given.timeouts.take().unwrap_or_default();
        route.timeouts = Timeouts {
            connect_ms: timeouts.connect_ms.unwrap_or(route.timeouts.connect_ms),
            answer_ms: timeouts.answer_ms.unwrap_or(route.timeouts.answer_ms),
            idle_ms: timeouts.idle_ms.unwrap_or(route.timeouts.idle_ms),
        };
        route.policy = self.policy(route.policy, given.into_policy())?;
        self.sound(route.check(), &route.policy)?;
        Ok(route)
    }

    fn of_preset(&self, name: &str, upstream: Upstream) -> Result<GatewayRoute, Error> {
        let found = preset(name).ok_or_else(|| {
            let known: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
            self.fault("preset", format!("there is no preset `{name}`"))
                .with_hint(format!("known: `{}`", known.join("`, `")))
        })?;
        Ok(found.route(upstream, Source::Configuration))
    }

    /// Without a preset it must say what a call has to present; its name follows from its place.
    fn of_its_own(
        &self,
        given: &mut given::Route,
        upstream: Upstream,
    ) -> Result<GatewayRoute, Error> {
        let prefix = self.needed("prefix", given.prefix.take())?;
        self.demand(&given.key_types, &given.permission, &given.presented_in)?;
        let of_place = || name_of(&prefix, given.host.as_deref());
        let name = self.needed("name", given.name.take().or_else(of_place))?;
        Ok(GatewayRoute::unsaid(Policy::unsaid(name), Self::prefix(prefix), upstream))
    }

    fn tenants(&self, given: given::TenantUpstream) -> Result<TenantUpstream, Error> {
        let tenant = self.tenant(given.tenant.as_deref())?;
        let host = Self::host(given.host);
        if host.is_none() && given.prefix.is_none() {
            return Err(self
                .fault("prefix", "missing")
                .with_hint("reserve a `prefix` or a `host` for the tenant's routes, or both"));
        }
        if host.as_deref().is_some_and(|host| !is_call_host(host)) {
            return Err(self.fault("host", "not a host name"));
        }
        let prefix = given.prefix.map(Self::prefix);
        if prefix.as_deref().is_some_and(|prefix| normal_prefix(prefix).is_none()) {
            return Err(self
                .fault("prefix", "not a prefix of paths")
                .with_hint("it begins with `/`, and holds nothing that is encoded"));
        }
        Ok(TenantUpstream {
            tenant: self.needed("tenant", tenant)?,
            upstream: self.upstream(given.upstream.as_deref())?,
            host,
            prefix,
        })
    }

    fn tenant(&self, given: Option<&str>) -> Result<Option<TenantId>, Error> {
        let read = |text| TenantId::parse(text).map_err(|_| self.fault("tenant", "not a UUID"));
        given.map(read).transpose()
    }

    /// In its normal form, where it has one; what has none is refused with the rest of the route.
    fn prefix(given: String) -> String {
        normal_prefix(&given).unwrap_or(given)
    }

    fn host(given: Option<String>) -> Option<String> {
        given.map(|host| host.trim().to_ascii_lowercase())
    }

    fn upstream(&self, given: Option<&str>) -> Result<Upstream, Error> {
        let text = self.needed("upstream", given)?;
        let upstream = Upstream::parse(text).map_err(|why| self.fault("upstream", why))?;
        Ok(Upstream { configured: true, ..upstream })
    }
}

/// The name of a route that was given none: `/orders/v1` is `orders-v1`, `/` is its host.
fn name_of(prefix: &str, host: Option<&str>) -> Option<String> {
    let place = match prefix.trim_matches('/') {
        "" => host?,
        some => some,
    };
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let name: String = place.chars().map(plain).collect::<String>().to_ascii_lowercase();
    (name.len() <= 64).then_some(name)
}
