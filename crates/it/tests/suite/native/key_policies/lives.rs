//! How long keys live, and what they must say.

use super::{DAY_MS, act, api, later, made, nexus, patch, path, set, show};
use http::Method;
use it::{
    Caller, World,
    world::{START, TENANT},
};
use serde_json::{Value, json};

fn in_days(days: i64) -> Value {
    json!(START.plus_seconds(days * 86_400).to_string())
}

async fn refused(caller: &Caller, body: &Value, field: &str) {
    let answer = caller.post("/v1/keys", body).await;
    assert_eq!(answer.status, 400, "{body}: {}", answer.text());
    assert_eq!(answer.json()["field"], field, "{}", answer.text());
}

fn ending(body: Value, at: &Value) -> Value {
    let mut body = body;
    body["expires"] = at.clone();
    body
}

#[tokio::test]
async fn a_key_without_an_end_gets_the_one_of_its_policy() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    set(&admin, "*", &json!({"defaultLifeDays": 30})).await;
    for body in [api("a"), nexus("n")] {
        let (id, _) = made(&admin, &body).await;
        assert_eq!(show(&admin, &id).await["expires"], in_days(30));
        let (id, _) = made(&admin, &ending(body, &in_days(900))).await;
        assert_eq!(show(&admin, &id).await["expires"], in_days(900), "its creator said so");
    }
    let answer = admin
        .post(
            "/nexus/v3/apikeys",
            &json!({"tenant": TENANT, "name": "chat",
        "permissions": ["nexus:consumer:chat"], "expires": false}),
        )
        .await;
    assert_eq!((answer.status.as_u16(), &answer.json()["expires"]), (200, &in_days(30)));
    let (id, _) = made(&admin, &json!({"keyType": "deployment", "name": "d"})).await;
    assert_eq!(show(&admin, &id).await["expires"], Value::Null, "keys of its type have no end");
    // Its own policy, which says nothing, frees a type.
    set(&admin, "nexus", &json!({})).await;
    let (id, _) = made(&admin, &nexus("free")).await;
    assert_eq!(show(&admin, &id).await["expires"], Value::Null);
    let bob = world.person(r"t200\bob").await;
    let (id, _) = made(&bob, &api("another tenant's")).await;
    assert_eq!(show(&bob, &id).await["expires"], Value::Null);
}

#[tokio::test]
async fn no_key_is_given_a_longer_life_than_its_policy_lets_it_have() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (old, _) = made(&admin, &api("old")).await;
    set(&admin, "*", &json!({"longestLifeDays": 90})).await;
    let (id, _) = made(&admin, &api("without an end")).await;
    assert_eq!(show(&admin, &id).await["expires"], in_days(90));
    made(&admin, &ending(api("the longest"), &in_days(90))).await;
    refused(&admin, &ending(api("longer"), &in_days(91)), "expires").await;
    refused(&admin, &ending(nexus("longer"), &in_days(91)), "expires").await;
    for end in [in_days(91), Value::Null] {
        let answer = patch(&admin, &id, &json!({"expires": end})).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["field"]), (400, &json!("expires")));
    }
    assert_eq!(patch(&admin, &id, &json!({"expires": in_days(10)})).await.status, 200);
    // It was there before: nothing happens to it until its end is changed.
    assert_eq!(patch(&admin, &old, &json!({"name": "renamed"})).await.status, 200);
    assert_eq!(patch(&admin, &old, &json!({"expires": null})).await.status, 200, "as it is");
    assert_eq!(patch(&admin, &old, &json!({"expires": in_days(91)})).await.status, 400);
    let copy = act(&admin, &old, "copy").await;
    assert_eq!((copy.status.as_u16(), &copy.json()["expires"]), (201, &in_days(90)));
    // From a later day on, later ends.
    later(&world, 5 * DAY_MS);
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(patch(&admin, &id, &json!({"expires": in_days(95)})).await.status, 200);
    assert_eq!(patch(&admin, &id, &json!({"expires": in_days(96)})).await.status, 400);
}

#[tokio::test]
async fn a_longer_life_is_refused_on_every_wire_in_its_words() {
    let world = World::start().await;
    let (admin, ops) = (world.person(r"t100\nexus").await, world.person("ops").await);
    let chat = |expires: Value| {
        json!({"tenant": TENANT, "name": "chat",
        "permissions": ["nexus:consumer:chat"], "expires": expires})
    };
    let first = admin.post("/nexus/v3/apikeys", &chat(in_days(20))).await.json();
    set(&admin, "*", &json!({"longestLifeDays": 90})).await;
    let refused = admin.post("/nexus/v3/apikeys", &chat(in_days(91))).await;
    assert_eq!(refused.status, 400, "{}", refused.text());
    assert_eq!(refused.json()["status"]["code"], "INVALID_PARAMETER");
    let of_chat = format!("/nexus/v3/apikeys/{}", first["id"].as_str().unwrap());
    assert_eq!(admin.put(&of_chat, &json!({"expires": false})).await.status, 400);
    assert_eq!(admin.put(&of_chat, &json!({"expires": in_days(90)})).await.status, 200);
    let product = "/api/dataproduct/sales/psk";
    let days = |days: u32| json!({"description": "report", "validity_days": days});
    let refused = admin.post(product, &days(91)).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(refused.json()["detail"][0]["loc"], json!(["body", "validity_days"]));
    assert!(admin.post(product, &days(60)).await.status.is_success());
    let listed = admin.get("/api/dataproduct/psk").await.json();
    let extend = format!("/api/dataproduct/psk/{}/extend", listed[0]["id"].as_str().unwrap());
    let too_long = admin.post(&extend, &json!({"validity_days": 31})).await;
    assert_eq!(too_long.status, 422, "{}", too_long.text());
    let items: String = [in_days(91), in_days(90), Value::Null]
        .iter()
        .enumerate()
        .map(|(n, end)| {
            let secret = format!("3e3ef06e-2d41-4d1c-9d9f-0f8e0f8f8f7{n}");
            let item = json!({"keyType": "nexus", "tenant": TENANT, "name": format!("imported {n}"),
                "secret": secret, "permissions": ["nexus:consumer:chat"], "expires": end});
            format!("{item}\n")
        })
        .collect();
    for query in ["?dryRun=true", ""] {
        let answer = ops
            .send(
                Method::POST,
                &format!("/v1/keys/import{query}"),
                Some("application/x-ndjson"),
                items.clone().into(),
            )
            .await;
        let lines: Vec<Value> =
            answer.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["status"], "refused", "{}", answer.text());
        assert!(lines[0].to_string().contains("90 days"), "{}", lines[0]);
        assert!(lines[1..3].iter().all(|line| line["status"] != "refused"), "{}", answer.text());
    }
    let found = admin.get("/v1/keys?search=imported").await.json()["keys"].clone();
    let ends: Vec<&Value> = found.as_array().unwrap().iter().map(|key| &key["expires"]).collect();
    assert_eq!(ends, [&in_days(90), &in_days(90)], "one of them was given its end");
    let report = world.service.verify_audit(&[]).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[tokio::test]
async fn keys_say_what_they_are_for_where_their_policy_wants_it() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (old, _) = made(&admin, &api("old")).await;
    set(&admin, "*", &json!({"descriptionRequired": true})).await;
    let said = |text: &str| {
        let mut body = api("new");
        body["description"] = json!(text);
        body
    };
    refused(&admin, &api("silent"), "description").await;
    refused(&admin, &said("  "), "description").await;
    let (id, _) = made(&admin, &said("the orders of the shop")).await;
    for text in [Value::Null, json!(" ")] {
        let answer = patch(&admin, &id, &json!({"description": text})).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["field"]), (400, &json!("description")));
    }
    assert_eq!(patch(&admin, &id, &json!({"description": "all shops"})).await.status, 200);
    assert_eq!(patch(&admin, &old, &json!({"name": "renamed"})).await.status, 200);
    assert_eq!(act(&admin, &old, "copy").await.status, 400, "a copy would say as little");
    assert_eq!(act(&admin, &id, "copy").await.status, 201);
    // What a peer's published wire has no place for cannot be wanted on it.
    made(&admin, &nexus("chat")).await;
    let body = json!({"tenant": TENANT, "name": "chat", "permissions": ["nexus:consumer:chat"]});
    assert_eq!(admin.post("/nexus/v3/apikeys", &body).await.status, 200);
    let refused = admin.post("/api/user/psk", &json!({"description": null})).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(refused.json()["detail"][0]["loc"], json!(["body", "description"]));
    let mine = admin.post("/api/user/psk", &json!({"description": "mine"})).await;
    assert!(mine.status.is_success(), "{}", mine.text());
    let blank = admin.post("/api/user/psk/regenerate", &json!({"description": " "})).await;
    assert_eq!(blank.status, 422, "{}", blank.text());
    assert_eq!(admin.delete(&path(TENANT, "*")).await.status, 204);
    made(&admin, &api("silent")).await;
}
