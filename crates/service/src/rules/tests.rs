#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use domain::{gateway_route::preset, id::Scope, policy::Source, time::Timestamp};
use store::rules::{StoredRules, Unreadable};
use uuid::Uuid;

fn tenant(n: u128) -> TenantId {
    TenantId(Uuid::from_u128(n))
}

fn upstream(text: &str) -> Upstream {
    Upstream::parse(text).unwrap()
}

/// A route in the database, of the cluster; the number is its age.
fn route(name: &str, host: Option<&str>, prefix: &str, age: i64) -> GatewayRoute {
    let source = Source::Stored {
        owner: Scope::Cluster,
        created_at: Timestamp::from_millis(age),
        version: 1,
    };
    let mut route = preset("engagement").unwrap().route(upstream("https://orders.example"), source);
    route.policy.name = name.to_owned();
    (route.host, route.prefix) = (host.map(str::to_owned), prefix.to_owned());
    route
}

fn stored(turn: u32, routes: Vec<Result<GatewayRoute, Unreadable>>) -> StoredRules {
    StoredRules { turn, policies: Vec::new(), routes }
}

fn snapshot(routes: Vec<GatewayRoute>) -> Rules {
    Rules::new([], routes.into_iter().map(Arc::new))
}

fn found(rules: &Rules, host: Option<&str>, path: &str) -> Option<String> {
    rules.find_route(host, path).map(|route| route.policy.name.clone())
}

#[test]
fn the_longest_prefix_of_whole_segments_wins_and_a_host_before_all() {
    let rules = snapshot(vec![
        route("outer", None, "/api", 0),
        route("inner", None, "/api/admin", 0),
        route("whole", Some("h.example"), "/", 0),
        route("hosted", Some("h.example"), "/api", 0),
    ]);
    let names: Vec<&str> = rules.routes().iter().map(|r| r.policy.name.as_str()).collect();
    assert_eq!(names, ["hosted", "whole", "inner", "outer"]);
    for (host, path, name) in [
        (None, "/api", Some("outer")),
        (None, "/api/", Some("outer")),
        (None, "/api/x/y", Some("outer")),
        (None, "/api/admin", Some("inner")),
        (None, "/api/admin/x", Some("inner")),
        (None, "/api/administrators", Some("outer")),
        (None, "/api/%61dmin", Some("inner")),
        (None, "/%61pi/adm%69n/x", Some("inner")),
        (None, "/api%2Fadmin", None),
        (None, "/api%", None),
        (None, "/api/%zz", Some("outer")),
        (None, "/apix", None),
        (None, "/", None),
        (None, "", None),
        (None, "api", None),
        (Some("h.example"), "/api/admin", Some("hosted")),
        (Some("h.example"), "/other", Some("whole")),
        (Some("other.example"), "/api/admin", Some("inner")),
    ] {
        assert_eq!(found(&rules, host, path).as_deref(), name, "{host:?} {path}");
    }
    assert!(Rules::default().find_route(None, "/api").is_none());
}

#[test]
fn finding_agrees_with_a_walk_of_all_routes() {
    let parts = ["/a", "/b", "/ab", "/"];
    let two = || parts.iter().flat_map(|x| parts.iter().map(move |y| format!("{x}{y}")));
    let paths: Vec<String> =
        two().flat_map(|xy| parts.iter().map(move |z| format!("{xy}{z}"))).chain(two()).collect();
    let all = ["/a", "/a/b", "/b", "/ab", "/ab/a/b", "/a/a/a"];
    for chosen in 0..1 << all.len() {
        let prefixes = || all.iter().enumerate().filter(|(n, _)| chosen & 1 << n != 0);
        let routes = prefixes().map(|(_, prefix)| route(prefix, None, prefix, 0)).collect();
        let rules = snapshot(routes);
        for path in &paths {
            let covering =
                prefixes().filter(|(_, prefix)| domain::gateway_route::covers(prefix, path));
            let longest = covering.map(|(_, prefix)| *prefix).max_by_key(|prefix| prefix.len());
            assert_eq!(found(&rules, None, path).as_deref(), longest, "{path} {chosen:b}");
        }
    }
}

#[test]
fn r_19_a_rule_that_cannot_be_is_left_out_and_nothing_else_takes_its_calls() {
    let known = KnownRules::new(1);
    let unreadable = Unreadable {
        name: "bad".to_owned(),
        why: "a policy cannot be read".to_owned(),
        place: Some((None, "/api/bad".to_owned())),
    };
    let mut within = route("within", None, "/api/within", 1);
    within.upstream = upstream("http://10.0.0.5");
    let mut shared = route("shared", None, "/shared", 1);
    shared.policy.limit = domain::rate_limit::Limit::new(1, 60).ok();
    known.apply(stored(
        1,
        vec![
            Ok(route("outer", None, "/api", 1)),
            Err(unreadable),
            Ok(within),
            Ok(shared),
            Ok(route("late", None, "/shared", 9)),
        ],
    ));
    let rules = known.current();
    for (path, name) in [
        ("/api/x", Some("outer")),
        ("/api/bad/x", None),
        ("/api/within", None),
        // Of two in one place the older one.
        ("/shared", Some("shared")),
    ] {
        assert_eq!(found(&rules, None, path).as_deref(), name, "{path}");
    }
}

#[test]
fn an_older_state_of_all_rules_is_passed_over() {
    let known = KnownRules::new(1);
    known.apply(stored(2, vec![Ok(route("newer", None, "/a", 1))]));
    known.apply(stored(1, vec![Ok(route("older", None, "/a", 1))]));
    assert_eq!(found(&known.current(), None, "/a").as_deref(), Some("newer"));
    known.apply(stored(3, vec![]));
    assert_eq!(found(&known.current(), None, "/a"), None);
}

fn room(n: u128, host: Option<&str>, prefix: Option<&str>) -> TenantUpstream {
    TenantUpstream {
        tenant: tenant(n),
        upstream: upstream("https://apps.example"),
        host: host.map(str::to_owned),
        prefix: prefix.map(str::to_owned),
    }
}

fn of_configuration(name: &str, prefix: &str) -> GatewayRoute {
    let mut route = route(name, None, prefix, 0);
    route.policy.source = Source::Configuration;
    route
}

#[test]
fn a_configuration_whose_rules_stand_in_each_others_way_is_refused() {
    let refused = |configured: Configured| KnownRules::new(2).configure(configured).is_err();
    let routes = |routes: Vec<GatewayRoute>| Configured {
        routes,
        reserved: vec!["/v1".to_owned()],
        ..Configured::default()
    };
    let rooms = |upstreams| Configured { upstreams, ..Configured::default() };
    let (a, b) = (of_configuration("a", "/a"), of_configuration("b", "/b"));
    assert!(!refused(routes(vec![a.clone(), b.clone(), of_configuration("c", "/a/c")])));
    assert!(refused(routes(vec![a.clone(), of_configuration("b", "/a")])), "one place");
    assert!(refused(routes(vec![a.clone(), of_configuration("a", "/b")])), "one name");
    assert!(refused(routes(vec![of_configuration("a", "/v1/a")])), "ours");
    let mut low = a.clone();
    low.policy.limit = domain::rate_limit::Limit::new(1, 60).ok();
    assert!(refused(routes(vec![low])), "no node would let anything pass");
    let policies = vec![a.policy.clone(), a.policy.clone()];
    assert!(refused(Configured { policies, ..Configured::default() }));
    assert!(!refused(rooms(vec![room(1, None, Some("/x")), room(2, None, Some("/y"))])));
    assert!(!refused(rooms(vec![room(1, None, Some("/x")), room(1, None, Some("/x/y"))])));
    assert!(refused(rooms(vec![room(1, None, Some("/x")), room(2, None, Some("/x/y"))])));
    assert!(refused(rooms(vec![
        room(1, Some("h.example"), None),
        room(2, Some("h.example"), Some("/x"))
    ])));
    assert!(refused(rooms(vec![room(1, None, None)])), "no room at all");
    assert!(refused(rooms(vec![room(1, Some("H.example"), None)])));
}

#[test]
fn what_was_configured_before_stays_when_the_next_is_refused() {
    let known = KnownRules::new(1);
    let of = |routes| Configured { routes, ..Configured::default() };
    known.configure(of(vec![of_configuration("a", "/a")])).unwrap();
    let twice = vec![of_configuration("b", "/b"), of_configuration("b", "/c")];
    assert!(known.configure(of(twice)).is_err());
    assert_eq!(found(&known.current(), None, "/a").as_deref(), Some("a"));
}
