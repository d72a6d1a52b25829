//! Keys that are accepted from anywhere: said to be, and forbidden where the tenant wants it so.

use super::{
    super::{act, api, made, nexus, patch},
    change,
};
use it::{World, world::TENANT};
use serde_json::{Value, json};

fn from(list: &Value) -> Value {
    let mut body = api("somewhere");
    body["allowList"] = list.clone();
    body
}

#[tokio::test]
async fn al_01_a_key_that_is_accepted_from_anywhere_is_said_to_be() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let warned = |answer: Value| answer["warnings"].to_string().contains("from anywhere");
    for (list, open) in [
        (json!({}), true),
        (json!({"methods": ["GET"], "paths": ["/orders"]}), true),
        (json!({"addresses": ["!10.0.0.1"]}), true),
        (json!({"addresses": ["0.0.0.0/0", "::/0", "!10.0.0.0/8"]}), true),
        (json!({"origins": ["shop.example"]}), false),
        (json!({"addresses": ["10.0.0.0/8"]}), false),
    ] {
        let made = admin.post("/v1/keys", &from(&list)).await;
        assert_eq!(made.status, 201, "{}", made.text());
        assert_eq!(warned(made.json()), open, "{list}");
        let id = made.json()["id"].as_str().unwrap().to_owned();
        assert_eq!(warned(act(&admin, &id, "copy").await.json()), open, "{list}");
        let renamed = patch(&admin, &id, &json!({"name": "other"})).await.json();
        assert_eq!(renamed["warnings"], Value::Null, "nobody touched its list");
        let opened = patch(&admin, &id, &json!({"allowList": {"methods": ["GET"]}})).await;
        assert!(warned(opened.json()), "{}", opened.text());
        let narrowed =
            patch(&admin, &id, &json!({"allowList": {"addresses": ["10.0.0.0/8"]}})).await;
        assert_eq!(narrowed.json()["warnings"], Value::Null);
    }
    let chat = admin.post("/v1/keys", &nexus("chat")).await.json();
    assert_eq!(chat["warnings"], Value::Null, "keys of its type have no list");
}

#[tokio::test]
async fn al_01_a_tenant_may_want_an_allow_list_of_every_key() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (old, _) = made(&admin, &from(&json!({}))).await;
    let (narrow, _) = made(&admin, &from(&json!({"origins": ["shop.example"]}))).await;
    let wanted = change(&admin, TENANT, &json!({"policy": {"requireAllowList": true}})).await;
    assert_eq!(wanted.status, 200, "{}", wanted.text());
    assert_eq!(
        wanted.json()["policy"],
        json!({"unacknowledged": "live", "lapseMinutes": null, "requireAllowList": true,
            "warningDays": [30, 14, 7, 1]})
    );
    for list in [
        json!({}),
        json!({"methods": ["GET"]}),
        json!({"addresses": ["!10.0.0.1"]}),
        json!({"addresses": ["0.0.0.0/0"]}),
    ] {
        let refused = admin.post("/v1/keys", &from(&list)).await;
        assert_eq!(refused.status, 400, "{}", refused.text());
        assert_eq!(refused.json()["field"], "allowList");
    }
    assert_eq!(act(&admin, &old, "copy").await.status, 400, "a copy would be as open");
    let open = json!({"allowList": {}});
    assert_eq!(patch(&admin, &narrow, &open).await.status, 400);
    assert_eq!(patch(&admin, &old, &open).await.status, 200, "it is as it was");
    assert_eq!(patch(&admin, &old, &json!({"name": "renamed"})).await.status, 200);
    assert_eq!(act(&admin, &old, "rotate").await.status, 200);
    made(&admin, &from(&json!({"addresses": ["10.0.0.0/8"]}))).await;
    made(&admin, &nexus("keys of its type have no list")).await;
    let bob = world.person(r"t200\bob").await;
    made(&bob, &from(&json!({}))).await;
    // What the policy says of other things leaves this as it is.
    let other = json!({"policy": {"unacknowledged": "live"}});
    assert_eq!(change(&admin, TENANT, &other).await.status, 200);
    assert_eq!(admin.post("/v1/keys", &from(&json!({}))).await.status, 400);
    let world = world.restart().await;
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(admin.post("/v1/keys", &from(&json!({}))).await.status, 400);
    let given_up = json!({"policy": {"requireAllowList": false}});
    assert_eq!(change(&admin, TENANT, &given_up).await.status, 200);
    made(&admin, &from(&json!({}))).await;
    let log = admin.get("/v1/audit?action=tenant.update").await.json();
    assert_eq!(log["events"][0]["event"]["before"]["allowListRequired"], json!(true), "{log}");
}

#[tokio::test]
async fn a_policy_says_something() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for policy in [
        json!({}),
        json!({"requireAllowList": null}),
        json!({"requireAllowList": "yes"}),
        json!({"unacknowledged": null}),
        json!({"requireAllowList": true, "lapseMinutes": 5}),
    ] {
        let answer = change(&admin, TENANT, &json!({"policy": policy})).await;
        assert_eq!(answer.status, 400, "{policy}: {}", answer.text());
        assert!(answer.json()["field"].as_str().unwrap().starts_with("policy"), "{policy}");
    }
}
