//! `POST /v1/keys/validate`: whether somebody was handed a key that works.

use super::{api, later, made, nexus, patch, verdict};
use it::{
    Answer, Caller, World,
    world::{NO_TENANT, OTHER_TENANT, TENANT},
};
use serde_json::{Value, json};
use service::{
    Context,
    keys::{KeyRef, UpdateKey},
};

const KEY: &str = "78fd8f03-d9d0-4140-8aae-09f3f15d1392";

async fn ask(caller: &Caller, body: &Value) -> Answer {
    caller.post("/v1/keys/validate", body).await
}

/// Whether the caller is told that the text is a key of its tenant.
async fn valid(caller: &Caller, secret: &str) -> bool {
    let answer = ask(caller, &json!({"secret": secret})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.members(), ["valid"]);
    answer.json()["valid"].as_bool().expect("a boolean")
}

async fn assigned(caller: &Caller, secret: &str) -> String {
    made(caller, &json!({"keyType": "ges", "name": "g", "secret": secret})).await.0
}

#[tokio::test]
async fn a_key_is_valid_for_its_own_tenant_alone() {
    let world = World::start().await;
    let (admin, bob) = (world.person(r"t100\nexus").await, world.person(r"t200\bob").await);
    assert!(!valid(&admin, KEY).await, "nobody has it");
    assigned(&admin, KEY).await;
    assert!(valid(&admin, KEY).await);
    assert!(!valid(&bob, KEY).await, "it is another tenant's");
    assert!(valid(&world.person(r"t100\vera").await, KEY).await, "seeing keys is enough");
    assert!(valid(&world.client("service-a").await, KEY).await);
    for text in ["x", "key_0000000000000000000000", "kw_nothing", "with spaces in between them"] {
        assert!(!valid(&admin, text).await, "{text}");
    }
    let ops = world.person("ops").await;
    for (tenant, is) in [(TENANT, true), (OTHER_TENANT, false)] {
        let answer = ask(&ops, &json!({"secret": KEY, "tenant": tenant})).await;
        assert_eq!(answer.json(), json!({"valid": is}), "{tenant}");
    }
}

#[tokio::test]
async fn a_key_that_ended_is_not_valid() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let gone = assigned(&admin, KEY).await;
    assert_eq!(admin.delete(&format!("/v1/keys/{gone}")).await.status, 204);
    assert!(!valid(&admin, KEY).await);
    assigned(&admin, KEY).await;
    let context = Context { request_id: "test".to_owned(), address: None };
    let token = admin.token.as_deref().expect("a token");
    let caller = world.service.authenticate(token, context).await.expect("a caller");
    let revoke = UpdateKey { revoke_now: true, ..UpdateKey::default() };
    let named = KeyRef::parse(KEY);
    world.service.update_key(&caller, named, &["ges"], revoke, |_| Ok(())).await.expect("revoked");
    assert!(!valid(&admin, KEY).await);
}

#[tokio::test]
async fn other_types_are_asked_for_by_name() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, &nexus("chat")).await;
    assert!(!valid(&admin, &secret).await, "it is no key of Callback");
    let body = json!({"secret": secret, "keyType": "nexus"});
    assert_eq!(ask(&admin, &body).await.json(), json!({"valid": true}));
    assert_eq!(patch(&admin, &id, &json!({"enabled": false})).await.status, 200);
    assert_eq!(ask(&admin, &body).await.json(), json!({"valid": false}));
    let mut narrow = api("narrow");
    narrow["allowList"] = json!({"origins": ["shop.example"]});
    let (_, secret) = made(&admin, &narrow).await;
    let body = json!({"secret": secret, "keyType": "api"});
    assert_eq!(ask(&admin, &body).await.json(), json!({"valid": true}), "it works, somewhere");
    let answer = ask(&admin, &json!({"secret": KEY, "keyType": "nothing"})).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["field"]), (400, &json!("keyType")));
}

#[tokio::test]
async fn asking_takes_no_unit_and_counts_no_use() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut once = nexus("once");
    once["limit"] = json!({"capacity": 1, "frequency": 60});
    let (id, secret) = made(&admin, &once).await;
    let body = json!({"secret": secret, "keyType": "nexus"});
    for _ in 0..3 {
        assert_eq!(ask(&admin, &body).await.json(), json!({"valid": true}));
    }
    assert_eq!(verdict(&admin, &secret).await, "VALID");
    assert_eq!(verdict(&admin, &secret).await, "RATE_LIMITED");
    assert_eq!(ask(&admin, &body).await.json(), json!({"valid": true}), "it is one all the same");
    world.service.flush_usage().await;
    later(&world, 1);
    world.service.roll_up_usage().await.expect("usage is rolled up");
    let usage = admin.get(&format!("/v1/keys/{id}/usage")).await.json();
    assert_eq!(usage["usage"][0]["total"], 2, "{usage}");
}

#[tokio::test]
async fn what_cannot_be_asked_is_said() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for (body, field) in [
        (json!({}), "secret"),
        (json!({"secret": 5}), "secret"),
        (json!({"secret": ""}), "secret"),
        (json!({"secret": "x".repeat(8_193)}), "secret"),
        (json!({"secret": KEY, "tenant": "t100"}), "tenant"),
        (json!({"secret": KEY, "color": "red"}), "color"),
    ] {
        let answer = ask(&admin, &body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
        assert_eq!(answer.json()["field"], field, "{body}");
        assert!(!answer.text().contains(KEY));
    }
    for tenant in [OTHER_TENANT, NO_TENANT] {
        let body = json!({"secret": KEY, "tenant": tenant});
        assert_eq!(ask(&admin, &body).await.status, 404, "{tenant}");
    }
    let unnamed = ask(&world.person("ops").await, &json!({"secret": KEY})).await;
    assert_eq!((unnamed.status.as_u16(), &unnamed.json()["field"]), (400, &json!("tenant")));
    let body = json!({"secret": KEY});
    assert_eq!(ask(&world.client("powerless").await, &body).await.status, 403);
    let nora = world.person(r"t100\nora").await;
    assert_eq!(ask(&nora, &body).await.status, 403);
    let body_of_none = json!({"secret": KEY, "keyType": "nothing"});
    assert_eq!(ask(&nora, &body_of_none).await.status, 403, "she learns no names of types");
    assert_eq!(ask(&world.anonymous(), &body).await.status, 401);
}

#[tokio::test]
async fn en_06_whoever_asks_too_often_waits() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    assigned(&admin, KEY).await;
    for n in 0..60 {
        assert!(!valid(&admin, &format!("b0e7a9d4-0d0b-4a53-9a3f-{n:012}")).await);
    }
    let refused = ask(&admin, &json!({"secret": KEY})).await;
    assert_eq!(refused.status, 429, "not even a right one is told");
    assert_ne!(refused.header("retry-after"), "");
    assert!(valid(&world.person(r"t100\vera").await, KEY).await, "others do not wait");
    world.clock.advance_millis(61_000);
    assert!(valid(&admin, KEY).await);
}
