//! Rules that change while calls are made.

use super::{Stage, configure, route};
use it::upstream::Upstream;

#[tokio::test]
async fn the_next_call_is_held_to_the_rule_as_it_is_now() {
    let stage = Stage::start(|_| {}).await;
    let caller = stage.caller();
    assert_eq!(caller.get("/orders").await.status, 200);
    let mut stricter = route("orders", "/orders", &stage.upstream);
    stricter.policy.wanted.permissions = vec!["orders:write".to_owned()];
    configure(&stage.world, vec![stricter]);
    assert_eq!(caller.get("/orders").await.status, 403);
    configure(&stage.world, vec![route("orders", "/other", &stage.upstream)]);
    assert_eq!(caller.get("/orders").await.status, 404);
    assert_eq!(caller.get("/other").await.status, 200);
    assert_eq!(stage.upstream.connections(), 1, "connections outlive the rules");
    configure(&stage.world, Vec::new());
    assert_eq!(caller.get("/other").await.status, 404);
}

#[tokio::test]
async fn another_upstream_is_called_from_the_next_call_on() {
    let stage = Stage::start(|_| {}).await;
    let caller = stage.caller();
    assert_eq!(caller.get("/orders").await.status, 200);
    let second = Upstream::start().await;
    configure(&stage.world, vec![route("orders", "/orders", &second)]);
    assert_eq!(caller.get("/orders").await.status, 200);
    assert_eq!((stage.upstream.calls(), second.calls()), (1, 1));
}

#[tokio::test]
async fn a_ceiling_of_a_route_counts_on_when_other_rules_change() {
    let stage = Stage::start(|_| {}).await;
    let limited = || {
        let mut orders = route("orders", "/orders", &stage.upstream);
        orders.policy.limit = domain::rate_limit::Limit::new(2, 60).ok();
        orders
    };
    configure(&stage.world, vec![limited()]);
    assert_eq!(stage.caller().get("/orders").await.status, 200);
    configure(&stage.world, vec![limited(), route("more", "/more", &stage.upstream)]);
    let second = stage.caller().get("/orders").await;
    assert_eq!((second.status.as_u16(), second.header("ratelimit")), (200, "\"policy\";r=0;t=60"));
    assert_eq!(stage.caller().get("/orders").await.status, 429);
    assert_eq!(stage.caller().get("/more").await.status, 200);
}

#[tokio::test]
async fn the_figures_of_a_route_go_with_it() {
    let stage = Stage::start(|_| {}).await;
    let figures = async || server::ops::metrics::render(stage.world.app.app()).await;
    for n in 0..5 {
        let kept = route("orders", "/orders", &stage.upstream);
        let name = format!("passing-{n}");
        configure(&stage.world, vec![kept, route(&name, "/passing", &stage.upstream)]);
        assert_eq!(stage.caller().get("/passing").await.status, 200);
        assert_eq!(stage.caller().get("/orders").await.status, 200);
    }
    let text = figures().await;
    for line in [
        "keyward_gateway_requests_total{route=\"orders\",status=\"2xx\"} 5",
        "keyward_gateway_requests_total{route=\"passing-4\",status=\"2xx\"} 1",
    ] {
        assert!(text.contains(line), "{line}");
    }
    assert!(!text.contains("passing-3"), "{text}");
    configure(&stage.world, Vec::new());
    assert!(!figures().await.contains("{route=\"orders\""), "although no call came since");
}
