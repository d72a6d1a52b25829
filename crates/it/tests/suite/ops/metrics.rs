//! Metrics: where they are, what they are called, and what they never say.

use super::{configured, get, raw};
use domain::{
    gateway_route::{Upstream, preset},
    policy::Source,
};
use it::{
    World,
    api_keys::{ASKS, ApiKey},
    process::{Process, free_port},
    world::{OTHER_TENANT, Place, TENANT},
};
use serde_json::json;
use server::ops::metrics::render;
use service::rules::Configured;
use std::collections::BTreeSet;

/// Has done something of everything.
async fn used() -> (World, String) {
    let world = World::start().await;
    let upstream = Upstream::parse("https://upstream.example").unwrap();
    let routes = vec![preset("engagement").unwrap().route(upstream, Source::Configuration)];
    let configured = Configured { routes, ..Configured::default() };
    world.service.configure_rules(configured).unwrap();
    assert_eq!(world.anonymous().get("/engagement/v3/callbacks").await.status, 401);
    let admin = world.person(r"t100\nexus").await;
    let key = ApiKey::with(ASKS).made(&world, &admin).await;
    let question = json!({"secret": key});
    assert_eq!(admin.post("/v1/keys/verify", &question).await.status, 200);
    assert_eq!(world.anonymous().get("/v1/audit").await.status, 401);
    assert_eq!(world.anonymous().get("/nowhere").await.status, 404);
    world.service.flush_usage().await;
    (world, key)
}

fn value(metrics: &str, name: &str) -> f64 {
    let line =
        metrics.lines().find(|line| line.strip_prefix(name).is_some_and(|r| r.starts_with(' ')));
    let line = line.unwrap_or_else(|| panic!("no {name} in\n{metrics}"));
    line.rsplit(' ').next().expect("a value").parse().expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_metric_is_counted_and_the_document_lists_it() {
    let (world, _) = used().await;
    let metrics = render(world.app.app()).await;
    assert!(metrics.ends_with("# EOF\n"), "{metrics}");
    assert_eq!(value(&metrics, r#"keyward_verdicts_total{verdict="VALID"}"#), 1.0);
    assert_eq!(value(&metrics, r#"keyward_failures_total{code="unauthenticated"}"#), 2.0);
    assert_eq!(value(&metrics, r#"keyward_requests_total{method="",route="",status="4xx"}"#), 1.0);
    let of_route = r#"keyward_gateway_requests_total{route="engagement",status="4xx"}"#;
    assert_eq!(value(&metrics, of_route), 1.0);
    assert_eq!(value(&metrics, "keyward_ready"), 1.0);
    assert!(value(&metrics, "keyward_keys") >= 1.0 && value(&metrics, "keyward_tokens") >= 1.0);
    assert!(value(&metrics, "keyward_audit_position") >= 1.0);

    let document = include_str!("../../../../../docs/operations.md");
    let listed: BTreeSet<String> = document
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split(['`', '{']).next())
        .filter(|name| name.starts_with("keyward_") || name.starts_with("process_"))
        .filter(|name| !name.contains(' '))
        .map(str::to_owned)
        .collect();
    let mut told: BTreeSet<String> = metrics
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' '))
        .map(
            |(name, kind)| {
                if kind == "counter" { format!("{name}_total") } else { name.to_owned() }
            },
        )
        .collect();
    // Of listeners with a certificate alone.
    told.insert("keyward_tls_certificate_end_seconds".to_owned());
    assert_eq!(listed, told, "the table in docs/operations.md and what is told");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ti_03_metrics_name_no_tenant_no_person_and_no_key() {
    let (world, key) = used().await;
    let hostile = world.anonymous().get("/v1/canary-path?canary-query").await;
    assert_eq!(hostile.status, 404);
    let metrics = render(world.app.app()).await;
    for word in
        [TENANT, OTHER_TENANT, "t100", "nexus\"", "premise_tenant", &key, "canary", "127.0.0.1"]
    {
        assert!(!metrics.contains(word), "{word} in\n{metrics}");
    }
    // A label's values come from the program: more callers do not make more of them.
    let lines = metrics.lines().count();
    for _ in 0..20 {
        let caller = world.anonymous().from_address("192.0.2.7").with_header("x-api-key", "canary");
        caller.get("/v1/canary-path").await;
    }
    assert_eq!(render(world.app.app()).await.lines().count(), lines);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ap_08_metrics_have_a_listener_of_their_own_and_it_has_nothing_else() {
    let place = Place::new();
    let (port, metrics_port) = (free_port(), free_port());
    let top = format!("metrics_listen = \"127.0.0.1:{metrics_port}\"");
    let file = configured(&place, port, &top, "").display().to_string();
    let process = Process::start_with(&place, port, &["serve", "--config", &file]).await;
    let process = process.expect("it starts");
    let told = get(metrics_port, "/metrics").await;
    assert!(told.starts_with("HTTP/1.1 200"), "{told}");
    assert!(told.contains("content-type: application/openmetrics-text"), "{told}");
    assert!(told.contains("keyward_keys "), "{told}");
    for path in ["/", "/v1/keys", "/health/ready", "/metrics/", "/debug/pprof"] {
        assert!(get(metrics_port, path).await.starts_with("HTTP/1.1 404"), "{path}");
    }
    let posted =
        "POST /metrics HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
    assert!(raw(metrics_port, posted).await.starts_with("HTTP/1.1 405"));
    for path in ["/metrics", "/debug", "/debug/pprof", "/actuator", "/status", "/env"] {
        assert!(get(port, path).await.starts_with("HTTP/1.1 404"), "{path}");
    }
    assert_eq!(process.stop().await.expect("it stops"), 0);
}
