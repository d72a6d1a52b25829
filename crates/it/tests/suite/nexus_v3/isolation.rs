//! Tenants, the cluster, and callers between them.

use super::{KEYS, at, chat, made, verdict};
use it::{
    World,
    world::{NO_TENANT, OTHER_TENANT},
};
use serde_json::json;

#[tokio::test]
async fn ti_01_foreign_unknown_and_cluster_are_one_refusal() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut refusals = Vec::new();
    for tenant in [OTHER_TENANT, NO_TENANT, "*"] {
        let mut body = chat("mine now");
        body["tenant"] = json!(tenant);
        let answer = admin.post(KEYS, &body).await;
        assert_eq!(answer.status, 403, "{tenant}: {}", answer.text());
        let mut headers = answer.headers.clone();
        headers.remove("x-request-id");
        refusals.push((answer.json()["status"].clone(), format!("{headers:?}")));
    }
    assert!(refusals.iter().all(|r| *r == refusals[0]), "{refusals:?}");
    let mut body = chat("nowhere");
    body["tenant"] = json!(NO_TENANT);
    assert_eq!(world.person("ops").await.post(KEYS, &body).await.status, 403);
    assert_eq!(world.person("ops").await.get(KEYS).await.json(), json!([]));
}

#[tokio::test]
async fn the_cluster_reaches_into_every_tenant_and_the_tenant_sees_it() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let secret = made(&ops, &chat("made by ops")).await;
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(admin.get(&at(&secret)).await.json()["createdby"], "ops");
    assert_eq!(ops.put(&at(&secret), &json!({"enabled": false})).await.status, 200);
    let log = admin.get("/v1/audit?action=key.create").await.json();
    assert_eq!(log["events"][0]["event"]["actor"]["name"], "ops");
    assert_eq!(log["events"][0]["event"]["actor"]["tenant"], "*");
}

#[tokio::test]
async fn a_cluster_key_is_out_of_a_tenants_reach_and_passes_its_checks() {
    let world = World::start().await;
    let body = json!({"tenant": "*", "name": "all", "permissions": ["nexus:cluster:*"]});
    let secret = made(&world.person("ops").await, &body).await;
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(admin.get(&at(&secret)).await.status, 404);
    assert_eq!(admin.put(&at(&secret), &json!({"enabled": false})).await.status, 404);
    assert_eq!(admin.delete(&at(&secret)).await.status, 404);
    let answer =
        world.client("verifier-a").await.post("/v1/keys/verify", &json!({"secret": secret})).await;
    assert_eq!(answer.json()["verdict"], "VALID");
    assert_eq!(answer.json()["tenant"], "*");
}

#[tokio::test]
async fn a_right_that_is_taken_away_is_gone_at_once() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, &chat("x")).await;
    let verifier = world.client("cluster-verifier").await;
    assert_eq!(verdict(&verifier, &secret).await, "VALID");
    let service = world.client("service-a").await;
    assert_eq!(service.delete(&at(&secret)).await.status, 204);
    assert_eq!(verdict(&verifier, &secret).await, "NOT_FOUND");
}
