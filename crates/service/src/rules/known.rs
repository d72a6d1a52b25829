//! The rules in memory, and the snapshot that is made of them.

use super::{Configured, Rules};
use crate::error::Error;
use arc_swap::ArcSwap;
use domain::{
    gateway_route::GatewayRoute,
    policy::{Policy, Source},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use store::rules::StoredRules;

/// All rules of the installation.
#[derive(Debug)]
pub(crate) struct KnownRules {
    nodes: u32,
    current: ArcSwap<Rules>,
    parts: Mutex<Parts>,
}

/// What a snapshot is made of.
#[derive(Debug, Default)]
struct Parts {
    configured: Arc<Configured>,
    /// Whether the configuration was handed over: what is in force cannot be told before.
    handed_over: bool,
    stored: StoredRules,
    /// What was left out of the last snapshot, so that each is told of once.
    left_out: BTreeSet<String>,
}

impl KnownRules {
    pub(crate) fn new(nodes: u32) -> Self {
        Self { nodes, current: ArcSwap::default(), parts: Mutex::default() }
    }

    /// What is enforced now.
    pub(crate) fn current(&self) -> Arc<Rules> {
        self.current.load_full()
    }

    /// What the configuration says.
    pub(crate) fn configured(&self) -> Arc<Configured> {
        Arc::clone(&self.lock().configured)
    }

    /// Takes the rules of the configuration over, in place of those before.
    pub(crate) fn configure(&self, configured: Configured) -> Result<(), Error> {
        configured.check(self.nodes)?;
        let mut parts = self.lock();
        parts.configured = Arc::new(configured);
        parts.handed_over = true;
        self.renew(&mut parts);
        Ok(())
    }

    /// Takes the rules of the database over, unless a newer state of them is known.
    pub(crate) fn apply(&self, stored: StoredRules) {
        let mut parts = self.lock();
        if parts.stored.turn > stored.turn {
            return;
        }
        parts.stored = stored;
        self.renew(&mut parts);
    }

    /// Every policy that can be read, whether or not it is in force: of two with one name that of the
    /// configuration.
    pub(crate) fn policies(&self) -> BTreeMap<String, Policy> {
        let parts = self.lock();
        let stored = parts.stored.policies.iter().flatten();
        let all = stored.chain(&parts.configured.policies);
        all.map(|policy| (policy.name.clone(), policy.clone())).collect()
    }

    /// Every route that can be read, likewise.
    pub(crate) fn routes(&self) -> BTreeMap<String, GatewayRoute> {
        let parts = self.lock();
        let stored = parts.stored.routes.iter().flatten();
        let all = stored.chain(&parts.configured.routes);
        all.map(|route| (route.policy.name.clone(), route.clone())).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Parts> {
        self.parts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn renew(&self, parts: &mut Parts) {
        let mut left_out = BTreeSet::new();
        let rules = parts.rules(self.nodes, &mut left_out);
        if parts.handed_over {
            for what in left_out.difference(&parts.left_out) {
                tracing::error!(rule = what, "a rule is not in force");
            }
            parts.left_out = left_out;
        }
        self.current.store(Arc::new(rules));
    }
}

impl Parts {
    /// The snapshot. A rule that cannot be, or stands in the way of an older one or of the
    /// configuration, is left out, and harms no other.
    fn rules(&self, nodes: u32, left_out: &mut BTreeSet<String>) -> Rules {
        let policies = self.good_policies(nodes, left_out);
        let (routes, closed) = self.good_routes(nodes, left_out);
        let mut rules =
            Rules::new(policies.into_iter().map(Arc::new), routes.into_iter().map(Arc::new));
        for (host, prefix) in closed {
            rules.close(host.as_deref(), &prefix);
        }
        rules
    }

    fn good_policies(&self, nodes: u32, left_out: &mut BTreeSet<String>) -> Vec<Policy> {
        let mut good = self.configured.policies.clone();
        for stored in &self.stored.policies {
            let bad = match stored {
                Err(unreadable) => Err((&unreadable.name, unreadable.why.clone())),
                Ok(policy) if good.iter().any(|other| other.name == policy.name) => {
                    Err((&policy.name, "the configuration has one of this name".to_owned()))
                }
                Ok(policy) => policy
                    .check()
                    .and_then(|()| policy.check_share(nodes))
                    .map_err(|bad| (&policy.name, format!("{} {}", bad.field, bad.detail)))
                    .map(|()| policy),
            };
            match bad {
                Ok(policy) => good.push(policy.clone()),
                Err((name, why)) => {
                    left_out.insert(format!("policy {name}: {why}"));
                }
            }
        }
        good
    }

    fn good_routes(
        &self,
        nodes: u32,
        left_out: &mut BTreeSet<String>,
    ) -> (Vec<GatewayRoute>, Vec<(Option<String>, String)>) {
        let (mut good, mut closed) = (self.configured.routes.clone(), Vec::new());
        let mut readable = Vec::new();
        for stored in &self.stored.routes {
            match stored {
                Ok(route) => readable.push(route),
                Err(unreadable) => {
                    left_out.insert(format!("route {}: {}", unreadable.name, unreadable.why));
                    closed.extend(unreadable.place.clone());
                }
            }
        }
        // Of two that stand in each other's way the older one was there first.
        readable.sort_by_key(|route| (created_at(route), &route.policy.name));
        for route in readable {
            let mut route = route.clone();
            route.upstream.configured = self.configured.names(&route.upstream);
            match self.judge(&route, &good, nodes) {
                Ok(()) => good.push(route),
                Err(why) => {
                    left_out.insert(format!("route {}: {why}", route.policy.name));
                    closed.push((route.host, route.prefix));
                }
            }
        }
        (good, closed)
    }

    fn judge(&self, route: &GatewayRoute, good: &[GatewayRoute], nodes: u32) -> Result<(), String> {
        if self.configured.routes.iter().any(|other| other.policy.name == route.policy.name) {
            return Err("the configuration has one of this name".to_owned());
        }
        let checked = route.check().and_then(|()| route.policy.check_share(nodes));
        checked.map_err(|bad| format!("{} {}", bad.field, bad.detail))?;
        self.configured.place(route, good).map_err(|error| error.to_string())
    }
}

fn created_at(route: &GatewayRoute) -> Option<domain::time::Timestamp> {
    match route.policy.source {
        Source::Configuration => None,
        Source::Stored { created_at, .. } => Some(created_at),
    }
}
