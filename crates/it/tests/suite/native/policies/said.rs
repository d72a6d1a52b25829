//! What has to be said of a new policy, so that none is open by an oversight, and what cannot be said.

use super::{change, create, open, orders};
use it::{World, world::TENANT};
use serde_json::{Value, json};

#[tokio::test]
async fn a_policy_says_what_passes_and_a_change_need_not() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    for member in ["keyTypes", "permission", "presentedIn"] {
        let mut body = orders();
        body.as_object_mut().unwrap().remove(member);
        let answer = ops.post("/v1/policies", &body).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["field"]), (400, &json!(member)));
    }
    let mut body = orders();
    body["presentedIn"] = Value::Null;
    let answer = ops.post("/v1/policies", &body).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["field"]), (400, &json!("presentedIn")));
    assert_eq!(ops.get("/v1/policies").await.json()["policies"], json!([]));
    // To say that anything passes is another thing than to say nothing.
    let mut anything = open("orders");
    anything["keyTypes"] = Value::Null;
    let made = create(&ops, &anything).await;
    assert_eq!((&made["keyTypes"], &made["permission"]), (&json!([]), &Value::Null));
    assert_eq!(change(&ops, "orders", &orders()).await.status, 200);
    let after = change(&ops, "orders", &json!({"cost": 2})).await.json();
    assert_eq!(
        (&after["keyTypes"], &after["permission"]),
        (&json!(["api"]), &json!("orders:read"))
    );
}

#[tokio::test]
async fn values_that_no_policy_has_are_refused_by_name() {
    let world = World::start_with(|settings, _| settings.nodes = 4).await;
    let ops = world.person("ops").await;
    for (member, value, field) in [
        ("name", json!("Orders"), "name"),
        ("name", json!("a".repeat(65)), "name"),
        ("tenant", json!("*"), "tenant"),
        ("keyTypes", json!(["colour"]), "keyTypes"),
        ("keyTypes", json!(["api", "api"]), "keyTypes"),
        ("permission", json!("orders:*"), "permission"),
        ("permission", json!({"any": []}), "permission"),
        ("permission", json!({"all": ["orders"]}), "permission"),
        ("presentedIn", json!([]), "presentedIn"),
        ("presentedIn", json!(["bearer", "bearer"]), "presentedIn"),
        ("presentedIn", json!([{"header": "cookie"}]), "presentedIn"),
        ("presentedIn", json!([{"header": "x-forwarded-for"}]), "presentedIn"),
        ("cost", json!(1_000_001), "cost"),
        ("limit", json!({"capacity": 0, "frequency": 60}), "capacity"),
        ("limit", json!({"capacity": 3, "frequency": 60}), "limit"),
        ("limitedAs", json!(500), "limitedAs"),
        ("envelope", json!("soap"), "envelope"),
        ("identityHeaders", json!({"tenant": "host"}), "identityHeaders.tenant"),
        ("identityHeaders", json!({"keyId": "x-keyward-tenant"}), "identityHeaders.keyId"),
        ("identityHeaders", json!({"keyName": "x-api-key"}), "identityHeaders.keyName"),
        ("colour", json!("red"), "colour"),
        ("version", json!(1), "version"),
    ] {
        let mut body = orders();
        body[member] = value.clone();
        let answer = ops.post("/v1/policies", &body).await;
        assert_eq!(answer.status, 400, "{member} {value}: {}", answer.text());
        assert_eq!(answer.json()["field"], field, "{member} {value}");
    }
    create(&ops, &orders()).await;
    for (member, value) in [
        ("name", json!("other")),
        ("tenant", json!(TENANT)),
        ("source", json!("configuration")),
        ("created", json!("2026-03-01T12:00:00.001Z")),
        ("version", json!(9)),
    ] {
        let answer = change(&ops, "orders", &json!({member: value})).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["field"]), (400, &json!(member)));
    }
    let admin = world.person(r"t100\nexus").await;
    let mut body = open("mine");
    body["permission"] = json!("nexus:cluster:chat");
    let answer = admin.post("/v1/policies", &body).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["field"]), (400, &json!("permission")));
    assert_eq!(ops.get("/v1/policies").await.json()["policies"].as_array().unwrap().len(), 1);
}
