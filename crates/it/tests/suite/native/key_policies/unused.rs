//! Keys that nobody uses are held back, until somebody wants them again.

use super::{DAY_MS, act, api, later, made, newest, nexus, patch, path, set, show, verdict};
use http::Method;
use it::{Caller, World, world::TENANT};
use serde_json::{Value, json};

/// Some days later, with a caller that signed in then.
async fn days_later(world: &World, days: u32) -> (Caller, Caller) {
    later(world, days * DAY_MS);
    callers(world).await
}

async fn callers(world: &World) -> (Caller, Caller) {
    (world.person(r"t100\nexus").await, world.client("cluster-verifier").await)
}

/// The names of those that the administrator made: the first start made one, too.
async fn held(admin: &Caller) -> Vec<String> {
    let answer = admin.get("/v1/keys?held=true").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let list = answer.json();
    let own = list["keys"].as_array().unwrap().iter().filter(|key| key["createdBy"] == "nexus");
    own.map(|key| key["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_key_that_nobody_used_for_long_is_held_back_until_it_is_enabled() {
    let world = World::start().await;
    let (admin, verifier) = callers(&world).await;
    set(&admin, "api", &json!({"unusedDays": 30})).await;
    let (_, used) = made(&admin, &api("used")).await;
    let (idle, idle_secret) = made(&admin, &api("idle")).await;
    let (off, _) = made(&admin, &api("off")).await;
    let (revoked, _) = made(&admin, &api("revoked")).await;
    let (_, other) = made(&admin, &nexus("of another type")).await;
    assert_eq!(act(&admin, &off, "disable").await.status, 200);
    assert_eq!(act(&admin, &revoked, "revoke").await.status, 200);
    let (admin, verifier_then) = days_later(&world, 20).await;
    assert_eq!(verdict(&verifier_then, &used).await, "VALID");
    made(&admin, &api("young")).await;
    later(&world, 10 * DAY_MS - 1);
    world.service.hold_unused_keys().await.unwrap();
    drop(verifier);
    let (admin, verifier) = days_later(&world, 0).await;
    assert_eq!(held(&admin).await, Vec::<String>::new(), "not a moment too early");
    later(&world, 1);
    world.service.hold_unused_keys().await.unwrap();
    assert_eq!(held(&admin).await, ["idle"]);
    assert_eq!(verdict(&verifier, &idle_secret).await, "DISABLED");
    assert_eq!(verdict(&verifier, &used).await, "VALID");
    assert_eq!(verdict(&verifier, &other).await, "VALID");
    let shown = show(&admin, &idle).await;
    assert_eq!(shown["held"], "2026-03-31T12:00:00.000Z");
    assert_eq!((&shown["enabled"], &shown["availability"]), (&json!(true), &json!("available")));
    let event = newest(&admin, "key.hold").await;
    assert_eq!(
        (&event["subject"]["id"], &event["actor"]["kind"]),
        (&json!(idle), &json!("system"))
    );
    assert_eq!(event["detail"]["unusedDays"], 30);
    // Sending it back as it is shown releases nothing, and says nothing else than what is so.
    assert_eq!(patch(&admin, &idle, &shown).await.status, 200);
    let lie = patch(&admin, &idle, &json!({"held": null})).await;
    assert_eq!((lie.status.as_u16(), &lie.json()["field"]), (400, &json!("held")));
    assert_eq!(verdict(&verifier, &idle_secret).await, "DISABLED");
    let vera = world.person(r"t100\vera").await;
    assert_eq!(act(&vera, &idle, "enable").await.status, 403);
    let released = act(&admin, &idle, "enable").await;
    assert_eq!((released.status.as_u16(), &released.json()["held"]), (200, &Value::Null));
    assert_eq!(newest(&admin, "key.enable").await["subject"]["id"], json!(idle));
    // Whoever enables a key means to use it: its time counts anew.
    assert_eq!(act(&admin, &off, "enable").await.status, 200);
    world.service.hold_unused_keys().await.unwrap();
    world.service.release_keys().await.unwrap();
    assert_eq!(held(&admin).await, Vec::<String>::new());
    assert_eq!(verdict(&verifier, &idle_secret).await, "VALID");
    let (admin, _) = days_later(&world, 30).await;
    world.service.hold_unused_keys().await.unwrap();
    let mut names = held(&admin).await;
    names.sort();
    assert_eq!(names, ["idle", "off", "used", "young"], "a use counts for as long as any");
    let world = world.restart().await;
    let verifier = world.client("cluster-verifier").await;
    assert_eq!(verdict(&verifier, &idle_secret).await, "DISABLED", "after a start, too");
    let report = world.service.verify_audit(&[]).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[tokio::test]
async fn a_key_that_was_used_a_moment_ago_is_never_held_back() {
    let world = World::start().await;
    let (admin, _) = callers(&world).await;
    set(&admin, "*", &json!({"unusedDays": 30})).await;
    let (_, secret) = made(&admin, &api("used just now")).await;
    let (_, verifier) = days_later(&world, 40).await;
    assert_eq!(verdict(&verifier, &secret).await, "VALID");
    world.service.hold_unused_keys().await.unwrap();
    assert_eq!(verdict(&verifier, &secret).await, "VALID");
}

#[tokio::test]
async fn what_a_policy_does_not_want_held_any_more_is_released() {
    let world = World::start().await;
    let (admin, _) = callers(&world).await;
    set(&admin, "*", &json!({"unusedDays": 30})).await;
    let (_, first) = made(&admin, &api("first")).await;
    let (_, second) = made(&admin, &nexus("second")).await;
    let (admin, verifier) = days_later(&world, 30).await;
    world.service.hold_unused_keys().await.unwrap();
    assert_eq!(held(&admin).await.len(), 2);
    world.service.release_keys().await.unwrap();
    assert_eq!(held(&admin).await.len(), 2, "the policy still wants it");
    set(&admin, "api", &json!({"unusedDays": 60})).await;
    world.service.release_keys().await.unwrap();
    assert_eq!(held(&admin).await, ["second"]);
    assert_eq!(newest(&admin, "key.release").await["actor"]["kind"], "system");
    assert_eq!(verdict(&verifier, &first).await, "VALID");
    assert_eq!(admin.delete(&path(TENANT, "*")).await.status, 204);
    world.service.release_keys().await.unwrap();
    assert_eq!(held(&admin).await, Vec::<String>::new());
    assert_eq!(verdict(&verifier, &second).await, "VALID");
}

#[tokio::test]
async fn keys_of_every_type_can_be_released_also_by_their_own_wires() {
    let world = World::start().await;
    let (admin, _) = callers(&world).await;
    set(&admin, "*", &json!({"unusedDays": 30})).await;
    let (chat, chat_secret) = made(&admin, &nexus("chat")).await;
    let (deployment, deployed) =
        made(&admin, &json!({"keyType": "deployment", "name": "deployment"})).await;
    let mine = admin.post("/api/user/psk", &json!({"description": "mine"})).await;
    assert!(mine.status.is_success(), "{}", mine.text());
    let (rotated, _) = made(&admin, &api("rotated")).await;
    let (admin, verifier) = days_later(&world, 30).await;
    world.service.hold_unused_keys().await.unwrap();
    assert_eq!(held(&admin).await.len(), 4);
    for secret in [&chat_secret, &deployed] {
        assert_eq!(verdict(&verifier, secret).await, "DISABLED");
    }
    assert_eq!(admin.get("/api/user/psk").await.json()["is_active"], false);
    let renewed = admin.act("/api/user/psk/regenerate").await;
    let secret = renewed.json()["psk"].as_str().unwrap().to_owned();
    assert_eq!(verdict(&verifier, &secret).await, "VALID", "whoever renews it means to use it");
    assert_eq!(admin.get("/api/user/psk").await.json()["is_active"], true);
    assert_eq!(act(&admin, &deployment, "enable").await.status, 200, "its type has no switch");
    assert_eq!(verdict(&verifier, &deployed).await, "VALID");
    // The peer's wire shows what is so, and its switch does what it says.
    let of_chat = format!("/nexus/v3/apikeys/{chat_secret}");
    assert_eq!(admin.get(&of_chat).await.json()["enabled"], false);
    let renamed = admin.put(&of_chat, &json!({"name": "renamed"})).await;
    assert_eq!((renamed.status.as_u16(), &renamed.json()["enabled"]), (200, &json!(false)));
    let on = admin.put(&of_chat, &json!({"enabled": true})).await;
    assert_eq!((on.status.as_u16(), &on.json()["enabled"]), (200, &json!(true)));
    assert_eq!(verdict(&verifier, &chat_secret).await, "VALID");
    assert_eq!(act(&admin, &rotated, "rotate").await.status, 200);
    assert_eq!(held(&admin).await, Vec::<String>::new());
    assert_eq!(show(&admin, &chat).await["held"], Value::Null);
    world.service.hold_unused_keys().await.unwrap();
    assert_eq!(held(&admin).await, Vec::<String>::new(), "their time counts anew");
}

#[tokio::test]
async fn time_in_which_a_tenant_is_switched_off_is_not_time_without_use() {
    let world = World::start().await;
    let (admin, _) = callers(&world).await;
    set(&admin, "*", &json!({"unusedDays": 30})).await;
    made(&admin, &api("idle")).await;
    let switch = async |world: &World, on: bool| {
        let ops = world.person("ops").await;
        let path = format!("/v1/tenants/{TENANT}");
        let body = json!({"enabled": on}).to_string().into();
        let answer = ops.send(Method::PATCH, &path, Some("application/json"), body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
    };
    switch(&world, false).await;
    later(&world, 40 * DAY_MS);
    world.service.hold_unused_keys().await.unwrap();
    switch(&world, true).await;
    world.service.hold_unused_keys().await.unwrap();
    let (admin, _) = callers(&world).await;
    assert_eq!(held(&admin).await, Vec::<String>::new());
    let (admin, _) = days_later(&world, 31).await;
    world.service.hold_unused_keys().await.unwrap();
    assert_eq!(held(&admin).await, ["idle"]);
}
