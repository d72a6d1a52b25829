//! Upstreams that the configuration does not name: somebody's who may not look into our network.

use super::{Stage, route};
use domain::gateway_route::GatewayRoute;
use it::upstream::Upstream;
use server::gateway::Resolver;
use service::rules::Configured;
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

/// A stage whose one route leads to a name that `look_up` says the addresses of.
async fn stage(
    change: impl FnOnce(&mut GatewayRoute),
    look_up: impl Fn(usize, SocketAddr) -> Vec<SocketAddr> + Send + Sync + 'static,
) -> Stage {
    let upstream = Upstream::start_with_tls().await;
    let address = upstream.address;
    let asked = Arc::new(AtomicUsize::new(0));
    let resolver = Resolver::new(move |_, _| {
        let addresses = look_up(asked.fetch_add(1, SeqCst), address);
        Box::pin(async move { Ok(addresses) })
    });
    let adjust = |config: &mut server::ServerConfig| config.outgoing.resolver = resolver;
    Stage::start_with(upstream, adjust, |route| {
        route.upstream.host = "localhost".to_owned();
        route.upstream.port = 443;
        change(route);
    })
    .await
}

/// The route leads to an upstream that the configuration does not name.
fn somebodys(route: &mut GatewayRoute) {
    route.upstream.configured = false;
    route.upstream.host = "orders.example".to_owned();
}

#[tokio::test]
async fn ap_07_an_upstream_of_somebody_s_never_leads_within() {
    let stage = stage(somebodys, |_, address| vec![address]).await;
    let answer = stage.caller().get("/orders").await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (502, &"bad_gateway".into()));
    assert!(!answer.text().contains("127."), "nor does the answer say where");
    assert_eq!(stage.upstream.connections(), 0);
}

#[tokio::test]
async fn ap_07_what_the_operator_names_may_lead_anywhere() {
    let stage = stage(|_| {}, |_, address| vec![address]).await;
    assert_eq!(stage.caller().get("/orders").await.status, 200);
}

#[tokio::test]
async fn ss_01_a_name_that_changes_its_address_is_checked_at_every_connect() {
    let public: SocketAddr = "[2606:4700:4700::1111]:443".parse().expect("an address");
    let stage = stage(
        |route| {
            somebodys(route);
            route.timeouts.connect_ms = 100;
        },
        move |asked, within| match asked {
            0 => vec![public, within],
            _ => vec![within],
        },
    )
    .await;
    for _ in 0..4 {
        assert_eq!(stage.caller().get("/orders").await.status, 502);
    }
    assert_eq!(stage.upstream.connections(), 0);
}

#[tokio::test]
async fn ss_02_only_https_and_few_ports_lead_out_and_no_redirection_is_followed() {
    let stage = Stage::start(|_| {}).await;
    let refused = |change: &dyn Fn(&mut GatewayRoute)| {
        let mut orders = route("orders", "/orders", &stage.upstream);
        somebodys(&mut orders);
        change(&mut orders);
        let configured = Configured { routes: vec![orders], ..Configured::default() };
        stage.world.service.configure_rules(configured).is_err()
    };
    for (tls, port) in [(false, 443), (false, 80), (true, 22), (true, 6379), (true, 8080)] {
        let cannot = refused(&|route| (route.upstream.tls, route.upstream.port) = (tls, port));
        assert!(cannot, "such a rule cannot even be made: {tls} {port}");
    }
    for within in ["127.0.0.1", "::1", "10.0.0.7", "localhost"] {
        let there = |route: &mut GatewayRoute| {
            (route.upstream.tls, route.upstream.port) = (true, 443);
            route.upstream.host = within.to_owned();
        };
        assert!(refused(&there), "nor one that leads to {within}");
    }
    assert_eq!(stage.caller().get("/orders/status/302").await.status, 302);
    assert_eq!(stage.upstream.calls(), 1);
}
