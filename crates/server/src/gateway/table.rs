//! The routes, ready for calls: compiled once for each snapshot of the rules. What outlives a snapshot,
//! the connections to upstreams, is kept.

use super::{figures::RouteFigures, pool::Pool};
use crate::{
    app::App,
    enforce::{Compiled, Holder},
    outgoing::{Outgoing, Tls},
};
use arc_swap::ArcSwap;
use domain::gateway_route::{GatewayRoute, Upstream};
use http::{HeaderValue, uri::Authority};
use service::rules::Rules;
use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

/// Everything that calls through the gateway share.
pub(crate) struct Gateway {
    outgoing: Outgoing,
    tls: OnceLock<Tls>,
    table: ArcSwap<Table>,
    pools: Mutex<Pools>,
}

/// By upstream, and by whether HTTP/2 may be agreed on.
type Pools = HashMap<(Upstream, bool), Arc<Pool>>;

/// The routes of one snapshot.
#[derive(Default)]
struct Table {
    rules: Arc<Rules>,
    routes: HashMap<String, Arc<Route>>,
}

/// One route, ready for calls.
pub(crate) struct Route {
    pub(super) rule: Arc<GatewayRoute>,
    pub(super) enforced: Compiled,
    pub(super) pool: Arc<Pool>,
    /// The upstream's host and port, as `Host` and as HTTP/2 say them.
    pub(super) host: HeaderValue,
    pub(super) authority: Authority,
    pub(super) figures: RouteFigures,
}

impl fmt::Debug for Gateway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gateway")
    }
}

impl Gateway {
    pub(crate) fn new(outgoing: &Outgoing) -> Self {
        Self {
            outgoing: outgoing.clone(),
            tls: OnceLock::new(),
            table: ArcSwap::default(),
            pools: Mutex::default(),
        }
    }

    /// The route of a rule of this snapshot.
    pub(super) fn route(
        &self,
        rules: &Arc<Rules>,
        rule: &Arc<GatewayRoute>,
        app: &App,
    ) -> Option<Arc<Route>> {
        let table = self.table.load();
        if Arc::ptr_eq(&table.rules, rules) {
            return table.routes.get(&rule.policy.name).map(Arc::clone);
        }
        let table = self.compile(rules, app);
        table.routes.get(&rule.policy.name).map(Arc::clone)
    }

    /// Lets go of what was kept for routes that are gone, where no call has come since.
    pub(crate) fn settle(&self, app: &App) {
        let rules = app.service().rules();
        if !Arc::ptr_eq(&self.table.load().rules, &rules) {
            self.compile(&rules, app);
        }
    }

    fn compile(&self, rules: &Arc<Rules>, app: &App) -> Arc<Table> {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever waited for the lock finds it done.
        let old = self.table.load_full();
        if Arc::ptr_eq(&old.rules, rules) {
            return old;
        }
        let mut kept = Pools::new();
        let mut routes = HashMap::new();
        for rule in rules.routes() {
            let unchanged = old
                .routes
                .get(&rule.policy.name)
                .filter(|route| Arc::ptr_eq(&route.rule, rule) || route.rule == *rule);
            let route = match unchanged {
                Some(route) => Some(Arc::clone(route)),
                None => self.ready(rule, &pools, &kept, app).map(Arc::new),
            };
            if let Some(route) = route {
                kept.insert(pool_of(rule), Arc::clone(&route.pool));
                routes.insert(rule.policy.name.clone(), route);
            }
        }
        for name in old.routes.keys().filter(|name| !routes.contains_key(*name)) {
            RouteFigures::forget(&app.frame().figures, name);
        }
        *pools = kept;
        let table = Arc::new(Table { rules: Arc::clone(rules), routes });
        self.table.store(Arc::clone(&table));
        table
    }

    fn ready(
        &self,
        rule: &Arc<GatewayRoute>,
        old: &Pools,
        new: &Pools,
        app: &App,
    ) -> Option<Route> {
        let upstream = &rule.upstream;
        let place = pool_of(rule);
        let pool = new.get(&place).or_else(|| old.get(&place)).map(Arc::clone);
        let pool = pool.unwrap_or_else(|| {
            let tls = self.tls.get_or_init(|| Tls::new(&self.outgoing));
            Arc::new(Pool::new(upstream.clone(), place.1, &self.outgoing, tls))
        });
        let authority = authority(upstream);
        Some(Route {
            enforced: Compiled::of(app, Holder::Route, &rule.policy),
            pool,
            host: HeaderValue::try_from(&authority).ok()?,
            authority: Authority::try_from(authority).ok()?,
            figures: RouteFigures::of(&app.frame().figures, &rule.policy.name),
            rule: Arc::clone(rule),
        })
    }
}

/// A client's own `Host` can be said in HTTP/1.1 alone: HTTP/2 names the connection's.
fn pool_of(rule: &GatewayRoute) -> (Upstream, bool) {
    (rule.upstream.clone(), !rule.forward_host)
}

fn authority(upstream: &Upstream) -> String {
    let host = if upstream.host.contains(':') {
        format!("[{}]", upstream.host)
    } else {
        upstream.host.clone()
    };
    let usual = if upstream.tls { 443 } else { 80 };
    if upstream.port == usual { host } else { format!("{host}:{}", upstream.port) }
}
