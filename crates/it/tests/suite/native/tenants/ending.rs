//! What becomes of a tenant's things when it is disabled, and when it ends.

use super::{
    super::{act, api, later, made, nexus, verdict},
    change, create, id,
};
use it::{
    World,
    world::{PASSWORD, TENANT},
};
use serde_json::json;

#[tokio::test]
async fn a_disabled_tenants_keys_and_tokens_are_refused_at_once() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let admin = world.person(r"t100\nexus").await;
    let (_, secret) = made(&admin, &api("one")).await;
    assert_eq!(change(&ops, TENANT, &json!({"enabled": false})).await.status, 200);
    assert_eq!(verdict(&ops, &secret).await, "DISABLED");
    assert_eq!(admin.get("/v1/keys").await.status, 401);
    assert_eq!(world.anonymous().bearer(&secret).get("/v1/whoami").await.status, 401);
    assert_eq!(change(&ops, TENANT, &json!({"enabled": true})).await.status, 200);
    assert_eq!(verdict(&ops, &secret).await, "VALID");
    assert_eq!(admin.get("/v1/keys").await.status, 200);
}

#[tokio::test]
async fn ti_06_a_deleted_tenants_things_are_dead_for_the_next_question() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let admin = world.person(r"t100\nexus").await;
    let client = world.client("verifier-a").await;
    let (key, secret) = made(&admin, &api("one")).await;
    let (_, uuid) = made(&admin, &nexus("two")).await;
    let (revoked, gone) = made(&admin, &nexus("three")).await;
    act(&admin, &revoked, "revoke").await;
    let answer = ops.delete(&format!("/v1/tenants/{TENANT}")).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    for secret in [&secret, &uuid, &gone] {
        assert_eq!(verdict(&ops, secret).await, "NOT_FOUND");
    }
    for caller in [&admin, &client] {
        assert_eq!(caller.get("/v1/whoami").await.status, 401);
    }
    let form = [("grant_type", "password"), ("username", r"t100\nexus"), ("password", PASSWORD)];
    let again = world.anonymous().basic("nexus_client", "");
    assert_eq!(again.post_form("/auth/v3/oauth/token", &form).await.status, 400);
    assert_eq!(ops.get(&format!("/v1/tenants/{TENANT}")).await.status, 404);
    assert_eq!(ops.get(&format!("/v1/keys/{key}")).await.status, 404);
    assert_eq!(ops.delete(&format!("/v1/tenants/{TENANT}")).await.status, 404);
    let event = ops.get(&format!("/v1/audit?tenant={TENANT}&limit=1")).await.json();
    assert_eq!(event["events"][0]["event"]["action"], "tenant.delete", "its audit log is kept");
    // Its domains and its realm are free.
    create(&ops, &json!({"name": "Next", "domains": ["t100"], "realm": "companya"})).await;
}

#[tokio::test]
async fn ti_06_a_deleted_tenants_data_goes_on_schedule_and_its_audit_log_stays() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let body = json!({"name": "A", "domains": ["a"], "keyPrefix": "acme_"});
    let tenant = id(&create(&ops, &body).await);
    let mut body = nexus("revoked");
    body["tenant"] = json!(tenant);
    let (revoked, _) = made(&ops, &body).await;
    act(&ops, &revoked, "revoke").await;
    body["name"] = json!("live");
    made(&ops, &body).await;
    let policy = format!("/v1/tenants/{tenant}/key-policies/api");
    assert_eq!(ops.put(&policy, &json!({"mostKeys": 1})).await.status, 201);
    assert_eq!(ops.delete(&format!("/v1/tenants/{tenant}")).await.status, 204);
    assert_eq!(ops.get(&policy).await.status, 404);
    let events = || async {
        let ops = world.person("ops").await;
        let page = ops.get(&format!("/v1/audit?tenant={tenant}")).await.json();
        let events = page["events"].as_array().unwrap().iter();
        events.map(|e| e["event"]["action"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let before = events().await;
    let days = |n: u32| later(&world, n * 86_400_000);
    days(29);
    world.service.purge_tenants().await.unwrap();
    assert_eq!(events().await, before, "not yet");
    days(1);
    later(&world, 1);
    world.service.purge_tenants().await.unwrap();
    world.service.purge_tenants().await.unwrap();
    let after = events().await;
    assert_eq!(after[0], "tenant.purge", "once");
    assert_eq!(world.place().sql("SELECT count(*) FROM key_policies"), ["0"]);
    assert_eq!(after[1..], before);
    let ops = world.person("ops").await;
    let answer = ops.post("/v1/tenants", &json!({"name": "B", "keyPrefix": "acme_"})).await;
    assert_eq!(answer.status, 409, "a prefix is never somebody else's");
    let report = world.service.verify_audit(&[]).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}
