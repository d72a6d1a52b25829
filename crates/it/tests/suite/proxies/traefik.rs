//! Traefik's `forwardAuth`: its requests, in the form in which it sends them.

use super::{BOUND, HERE, Installation, PAGE, STRANGER, secret};
use it::{
    proxy::project,
    wire::{self, Wired},
    world::TENANT,
};
use serde_json::json;
use std::fs;

/// A call on its way through Traefik, which asks with `GET`, the client's headers and its own.
async fn asks(
    stage: &Installation,
    client: &str,
    method: &str,
    uri: &str,
    headers: &[(&str, &str)],
) -> Wired {
    let own = [
        ("X-Forwarded-Method", method),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Host", "api.example"),
        ("X-Forwarded-Port", "443"),
        ("X-Forwarded-Uri", uri),
        ("X-Forwarded-For", client),
        ("X-Forwarded-Server", "traefik"),
        ("Accept-Encoding", "gzip"),
    ];
    let all = [headers, &own[..]].concat();
    wire::call(HERE, stage.address(), "GET", "/check/orders", &all, "").await.expect("an answer")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_traefik_asks_is_answered_in_its_terms() {
    let stage = Installation::of_example("traefik").await;
    let key = stage.key(&json!({})).await;
    let good = secret(&key);
    let forged = [("X-Api-Key", good.as_str()), ("X-Keyward-Tenant", "*")];
    let answer = asks(&stage, STRANGER, "POST", "/orders/1?page=2", &forged).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    // What it takes over from the answer is what the example names, and each of them is there.
    let dynamic = project().join("examples/traefik/dynamic.yml");
    let dynamic = fs::read_to_string(dynamic).expect("the example");
    let named: Vec<&str> = dynamic
        .split_once("authResponseHeaders:")
        .and_then(|(_, rest)| rest.split_once("\n\n"))
        .expect("the list")
        .0
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- "))
        .collect();
    let values: Vec<Option<&str>> =
        named.iter().map(|name| answer.header(&name.to_lowercase())).collect();
    let id = key["id"].as_str();
    assert_eq!(values, [Some(TENANT), id, Some("Mia's%20key"), Some("orders:read")]);
    assert!(dynamic.contains("address: \"http://127.0.0.1:8080/check/orders\""));

    let bound = stage.secret(&json!({"allowList": {"addresses": [BOUND]}})).await;
    let public = stage.secret(&json!({"allowList": {"paths": ["/orders/public"]}})).await;
    let reads = stage.secret(&json!({"allowList": {"methods": ["GET"]}})).await;
    let limited = stage.secret(&json!({"limit": {"capacity": 1, "frequency": 60}})).await;
    for (client, method, uri, key, status) in [
        (STRANGER, "GET", "/orders/1", "", 401),
        (STRANGER, "GET", "/orders/1", "kw_nobodys", 401),
        (BOUND, "GET", "/orders/1", bound.as_str(), 200),
        (STRANGER, "GET", "/orders/1", &bound, 403),
        ("127.0.0.2, 127.0.0.3", "GET", "/orders/1", &bound, 403),
        (STRANGER, "GET", "/orders/public/1", &public, 200),
        (STRANGER, "GET", "/orders/1", &public, 403),
        (STRANGER, "GET", "/orders/public/../1", &public, 403),
        (STRANGER, "GET", "/orders/1", &reads, 200),
        (STRANGER, "DELETE", "/orders/1", &reads, 403),
        (STRANGER, "GET", "/orders/1", &limited, 200),
        (STRANGER, "GET", "/orders/1", &limited, 429),
    ] {
        let headers = if key.is_empty() { vec![] } else { vec![("X-Api-Key", key)] };
        let answer = asks(&stage, client, method, uri, &headers).await;
        assert_eq!(answer.status, status, "{client} {method} {uri}: {}", answer.text());
        assert_eq!(answer.header("www-authenticate").is_some(), status == 401);
        assert_eq!(answer.header("retry-after").is_some(), status == 429);
    }
    preflights(&stage).await;
}

/// The example hands them to Keyward as they are, behind the policy's path.
async fn preflights(stage: &Installation) {
    for (origin, status) in [(PAGE, 200), ("https://evil.example", 403)] {
        let headers = [
            ("Origin", origin),
            ("Access-Control-Request-Method", "PUT"),
            ("X-Forwarded-For", STRANGER),
            ("X-Forwarded-Host", "api.example"),
            ("X-Forwarded-Proto", "https"),
        ];
        let target = "/check/orders/orders/1";
        let answer = wire::call(HERE, stage.address(), "OPTIONS", target, &headers, "").await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status, status, "{}", answer.text());
        let allowed = (status == 200).then_some(PAGE);
        assert_eq!(answer.header("access-control-allow-origin"), allowed);
    }
}
