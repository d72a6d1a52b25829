//! Signing keys of realms by `/v1`.

use super::newest;
use domain::id::TenantId;
use it::{
    Caller, World,
    world::{NO_TENANT, OTHER_TENANT, TENANT},
};
use serde_json::{Map, Value, json};

const LIST: &str = "/v1/tenants/578ec98e-f07c-46ad-9675-f36c22f3ba9f/signing-keys";
const ROTATE: &str = "/v1/tenants/578ec98e-f07c-46ad-9675-f36c22f3ba9f/rotate-signing-key";

/// A world whose first tenant signs by a curve: its keys are made in no time.
async fn world() -> (World, Caller) {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let path = format!("/v1/tenants/{TENANT}");
    assert_eq!(admin.patch(&path, &json!({"signingAlgorithm": "ES256"})).await.status, 200);
    (world, admin)
}

/// Somebody asks the realm for a token.
async fn asked(world: &World) {
    let tenant = TenantId::parse(TENANT).unwrap();
    world.service.sign_jwt(tenant, "JWT", &Map::new()).await.unwrap();
}

async fn listed(caller: &Caller) -> Vec<Value> {
    let answer = caller.get(LIST).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["signingKeys"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn a_realm_has_a_key_once_it_was_asked_for_one_and_a_successor_an_hour_later() {
    let (world, admin) = world().await;
    assert_eq!(listed(&admin).await, Vec::<Value>::new());
    asked(&world).await;
    let first = listed(&admin).await;
    assert_eq!(first.len(), 1);
    let kid = first[0]["kid"].as_str().unwrap();
    assert_eq!(kid.len(), 43);
    let expected = json!({"kid": kid, "algorithm": "ES256", "stage": "signing",
        "created": "2026-03-01T12:00:00.000Z", "signsFrom": "2026-03-01T12:00:00.000Z",
        "signsUntil": null, "servesUntil": null});
    assert_eq!(first[0], expected);
    let event = newest(&admin, "signing_key.create").await;
    assert_eq!(event["subject"], json!({"kind": "signing_key", "id": kid}));
    assert_eq!(event["actor"]["kind"], "system");
    assert!(!event.to_string().contains("\"sealed\""));

    let answer = admin.post(ROTATE, &json!({})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let next = answer.json();
    let expected = json!({"kid": next["kid"], "algorithm": "ES256", "stage": "next",
        "created": "2026-03-01T12:00:00.000Z", "signsFrom": "2026-03-01T13:00:00.000Z",
        "signsUntil": null, "servesUntil": null});
    assert_eq!(next, expected);
    let both = listed(&admin).await;
    assert_eq!(both[1], next);
    assert_eq!(both[0]["signsUntil"], "2026-03-01T13:00:00.000Z");
    assert_eq!(both[0]["stage"], "signing");
    let serves = both[0]["servesUntil"].as_str().unwrap();
    assert!(serves > "2026-03-01T13:10:00.000Z", "{serves}");
    let event = newest(&admin, "signing_key.rotate").await;
    assert_eq!(event["subject"]["id"], next["kid"]);
    assert_eq!(event["actor"]["name"], "nexus");
}

#[tokio::test]
async fn ap_01_who_may_see_and_rotate_signing_keys() {
    let (world, admin) = world().await;
    let callers = [
        ("admin", admin, [200, 200]),
        ("ops", world.person("ops").await, [200, 200]),
        ("viewer", world.person(r"t100\vera").await, [403, 403]),
        ("without", world.person(r"t100\nora").await, [403, 403]),
        ("foreign", world.person(r"t200\bob").await, [404, 404]),
        ("nobody", world.anonymous(), [401, 401]),
    ];
    for (who, caller, [list, rotate]) in callers {
        assert_eq!(caller.get(LIST).await.status, list, "{who}");
        let answer = caller.post(ROTATE, &json!({})).await;
        assert_eq!(answer.status, rotate, "{who}: {}", answer.text());
    }
}

#[tokio::test]
async fn what_is_not_there_or_cannot_be_is_said() {
    let (world, admin) = world().await;
    let ops = world.person("ops").await;
    for id in [NO_TENANT, "t100", "*"] {
        for caller in [&ops, &admin] {
            assert_eq!(caller.get(&format!("/v1/tenants/{id}/signing-keys")).await.status, 404);
            let path = format!("/v1/tenants/{id}/rotate-signing-key");
            assert_eq!(caller.post(&path, &json!({})).await.status, 404, "{id}");
        }
    }
    for (body, field) in [
        (json!({"algorithm": "rs256"}), "algorithm"),
        (json!({"algorithm": "HS256"}), "algorithm"),
        (json!({"algorithm": "none"}), "algorithm"),
        (json!({"now": "yes"}), "now"),
        (json!({"soon": true}), "soon"),
    ] {
        let answer = admin.post(ROTATE, &body).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["field"]), (400, &json!(field)));
    }
    assert_eq!(admin.get(&format!("{LIST}?limit=1")).await.status, 400);
    let without = json!({"name": "Without"});
    let made = ops.post("/v1/tenants", &without).await.json();
    let path = format!("/v1/tenants/{}/rotate-signing-key", made["id"].as_str().unwrap());
    let answer = ops.post(&path, &json!({})).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["code"]), (409, &json!("conflict")));
    assert_eq!(ops.delete(&format!("/v1/tenants/{OTHER_TENANT}")).await.status, 204);
    let gone = format!("/v1/tenants/{OTHER_TENANT}/signing-keys");
    assert_eq!(ops.get(&gone).await.status, 404);
}

#[tokio::test]
async fn a_rotation_now_signs_at_once_and_the_algorithm_is_the_tenants() {
    let (world, admin) = world().await;
    asked(&world).await;
    let old = listed(&admin).await[0]["kid"].clone();
    let answer = admin.post(ROTATE, &json!({"algorithm": "EdDSA", "now": true})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["stage"], "signing");
    let keys = listed(&admin).await;
    assert_eq!((&keys[0]["kid"], &keys[0]["stage"]), (&old, &json!("served")));
    assert_eq!(keys[1]["algorithm"], "EdDSA");
    let shown = admin.get(&format!("/v1/tenants/{TENANT}")).await.json();
    assert_eq!(shown["signingAlgorithm"], "EdDSA");
    let event = newest(&admin, "tenant.update").await;
    assert_eq!(event["after"]["signingAlgorithm"], "EdDSA");
    let report = world.service.verify_audit(&[]).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[tokio::test]
async fn another_algorithm_of_the_tenant_makes_a_successor_that_signs_so() {
    let (world, admin) = world().await;
    let path = format!("/v1/tenants/{TENANT}");
    let change = async |algorithm: &str| {
        let answer = admin.patch(&path, &json!({"signingAlgorithm": algorithm})).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert_eq!(answer.json()["signingAlgorithm"], algorithm);
    };
    change("EdDSA").await;
    assert_eq!(listed(&admin).await.len(), 0, "nobody has asked for a token");
    asked(&world).await;
    change("ES256").await;
    change("ES256").await;
    let keys = listed(&admin).await;
    let stands: Vec<_> = keys.iter().map(|k| (&k["algorithm"], &k["stage"])).collect();
    assert_eq!(stands, [(&json!("EdDSA"), &json!("signing")), (&json!("ES256"), &json!("next"))]);
    let answer = admin.patch(&path, &json!({"signingAlgorithm": "PS256"})).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["field"]),
        (400, &json!("signingAlgorithm"))
    );
}

#[tokio::test]
async fn a_rotation_that_is_repeated_with_its_key_happens_once() {
    let (world, admin) = world().await;
    asked(&world).await;
    let once = admin.clone().with_header("idempotency-key", "one");
    let first = once.post(ROTATE, &json!({})).await.json();
    let again = once.post(ROTATE, &json!({})).await.json();
    assert_eq!(first["kid"], again["kid"]);
    assert_eq!(listed(&admin).await.len(), 2);
}
