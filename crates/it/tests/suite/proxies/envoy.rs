//! Envoy: `ext_authz`, over HTTP and over gRPC.

use super::{Stage, holds, secret};
use it::proxy::Kind;
use serde_json::json;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_envoy_over_http_a_key_passes_and_nothing_else_does() {
    behind(Kind::Envoy).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_envoy_over_grpc_a_key_passes_and_nothing_else_does() {
    behind(Kind::EnvoyGrpc).await;
}

async fn behind(kind: Kind) {
    let stage = Stage::start(kind).await;
    let key = secret(&stage.installation.key(&json!({})).await);
    let before = stage.passed();
    for target in ["/", "/other", "/orders-of-others"] {
        assert_eq!(stage.get(target, &key).await.status, 404, "{target}");
    }
    assert_eq!(stage.passed(), before);
    assert_eq!(stage.call("GET", "/health", &[], "").await.status, 200);
    // The refusal is Keyward's own, body and all.
    let answer = stage.call("GET", "/orders/1", &[], "").await;
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert_eq!(answer.json()["status"], 401);
    holds(&stage).await;
}
