//! The old list of origins: a post replaces it as a whole.

use super::settings_of;
use it::{
    Answer, World,
    world::{NO_TENANT, OTHER_TENANT, PASSWORD, TENANT},
};
use serde_json::{Value, json};

/// The body as the guide prints it.
fn published() -> Value {
    json!({"data": {"location": "/", "name": "cors-origins", "shared": "true",
        "value": "https://gws.example.com,https://wwe.example.com"}})
}

fn refused(answer: &Answer, status: u16, code: u16, words: &str) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert_eq!(answer.json()["status"]["code"], code, "{}", answer.text());
    assert!(answer.text().contains(words), "`{words}` in {}", answer.text());
}

#[tokio::test]
async fn a_list_is_given_back_as_posted_and_replaced_as_a_whole() {
    let world = World::start().await;
    let ops = world.anonymous().basic("ops", PASSWORD);
    let path = settings_of(TENANT);
    let none = ops.get(&path).await;
    assert_eq!(none.text(), r#"{"status":{"code":0},"data":{"settings":[]}}"#);
    assert_eq!(ops.post(&path, &published()).await.text(), r#"{"status":{"code":0}}"#);
    assert_eq!(ops.get(&path).await.json()["data"]["settings"], json!([published()["data"]]));
    // The way of the published scripts: read, append, write, with a space behind the comma.
    let appended = json!({"location": "/USW1", "name": "cors-origins", "shared": false,
        "value": "https://gws.example.com, https://ges.example.com"});
    assert_eq!(ops.post(&path, &json!({"data": appended})).await.status, 200);
    let mut expected = appended.clone();
    expected["shared"] = json!("false");
    assert_eq!(ops.get(&path).await.json()["data"]["settings"], json!([expected]));
    let origins = world.service.origins();
    assert!(origins.allows(None, "https://ges.example.com"));
    assert!(!origins.allows(None, "https://wwe.example.com"), "the list before is gone");

    let empty = json!({"data": {"name": "cors-origins", "value": ""}});
    assert_eq!(ops.post(&path, &empty).await.status, 200);
    assert!(!world.service.origins().any(None));
    let bare = json!([{"location": "/", "name": "cors-origins", "shared": "true", "value": ""}]);
    assert_eq!(ops.get(&path).await.json()["data"]["settings"], bare);

    let ops = world.person("ops").await;
    let events = ops.get("/v1/audit?action=cors_settings.update").await.json();
    let events = events["events"].as_array().unwrap().clone();
    assert_eq!((events.len(), &events[0]["chain"]), (3, &json!(TENANT)));
    assert_eq!(events[2]["event"]["after"]["value"], published()["data"]["value"]);
    assert_eq!(ops.post(&path, &empty).await.status, 200);
    let again = ops.get("/v1/audit?action=cors_settings.update").await.json();
    assert_eq!(again["events"].as_array().unwrap().len(), 3, "the same once more changes nothing");
    assert_eq!(world.service.verify_audit(&[]).await.unwrap().findings, Vec::<String>::new());
}

#[tokio::test]
async fn what_cannot_be_used_is_refused_by_name_and_changes_nothing() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let path = settings_of(TENANT);
    assert_eq!(admin.post(&path, &published()).await.status, 200);
    let before = admin.get(&path).await.text();
    for (member, value, code) in [
        ("name", json!("cors-methods"), 2),
        ("name", Value::Null, 1),
        ("value", Value::Null, 1),
        ("value", json!("*"), 2),
        ("value", json!("https://good.example, null"), 2),
        ("value", json!("https://*.example.com"), 2),
        ("value", json!("https://user@shop.example"), 2),
        ("value", json!("https://shop.example/path"), 2),
        ("value", json!("https://a.example https://b.example"), 2),
        ("value", json!(["https://shop.example"]), 2),
        ("shared", json!("yes"), 2),
        ("shared", json!(1), 2),
        ("location", json!("/\n"), 2),
        ("location", json!("x".repeat(256)), 2),
    ] {
        let mut body = published();
        body["data"][member] = value;
        refused(&admin.post(&path, &body).await, 400, code, &format!("data.{member}"));
    }
    refused(&admin.post(&path, &published()["data"]).await, 400, 1, "`data`");
    assert_eq!(admin.get(&path).await.text(), before);
}

#[tokio::test]
async fn ti_01_settings_are_those_of_ones_own_contact_center() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for other in [OTHER_TENANT, NO_TENANT, "t100"] {
        refused(&admin.get(&settings_of(other)).await, 404, 6, "");
        refused(&admin.post(&settings_of(other), &published()).await, 404, 6, "");
    }
    let ops = world.person("ops").await;
    refused(&ops.get(&settings_of(NO_TENANT)).await, 404, 6, "");
    refused(&ops.post(&settings_of(NO_TENANT), &published()).await, 404, 6, "");
    for (caller, status, code) in
        [(world.person(r"t100\vera").await, 403, 3), (world.anonymous(), 401, 5)]
    {
        refused(&caller.get(&settings_of(TENANT)).await, status, code, "");
        refused(&caller.post(&settings_of(TENANT), &published()).await, status, code, "");
    }
}
