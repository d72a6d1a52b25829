//! Everything that goes wrong below `/environment/v3` wears its envelope.

use super::keys;
use http::Method;
use it::{Answer, World};
use serde_json::{Value, json};

fn assert_envelope(answer: &Answer, status: u16, code: u16, what: &str) {
    assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text());
    assert_eq!(answer.members(), ["status"], "{what}");
    let said = answer.json()["status"].clone();
    let members: Vec<&String> = said.as_object().expect("a status").keys().collect();
    assert_eq!(members, ["code", "message"], "{what}");
    assert_eq!(said["code"], Value::from(code), "{what}: {said}");
    assert_eq!(answer.header("content-type"), "application/json", "{what}");
}

#[tokio::test]
async fn pd_02_every_failure_wears_the_envelope() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (keys, json) = (keys(), Some("application/json"));
    for (body, code) in [
        ("{", 2),
        ("", 2),
        ("[]", 2),
        ("null", 2),
        ("\u{feff}{}", 2),
        ("{}{}", 2),
        ("{}", 1),
        (r#"{"data":{"apiKey":"a","apiKey":"b"}}"#, 2),
        (r#"{"data":{"apiKey":"a\u0000b"}}"#, 2),
    ] {
        let answer = admin.send(Method::POST, &keys, json, body.to_owned().into()).await;
        assert_envelope(&answer, 400, code, body);
    }
    let large = "x".repeat(64 * 1024 + 1);
    assert_envelope(&admin.send(Method::POST, &keys, json, large.into()).await, 413, 2, "large");
    let form = Some("application/x-www-form-urlencoded");
    assert_envelope(&admin.send(Method::POST, &keys, form, "a=b".into()).await, 415, 2, "form");
    assert_envelope(&admin.send(Method::PATCH, &keys, json, "{}".into()).await, 405, 2, "method");
    assert_envelope(&admin.get("/environment/v3/nothing").await, 404, 6, "no route");
    let body = json!({"data": {"apiKey": "78fd8f03-d9d0-4140-8aae-09f3f15d1392"}});
    assert_envelope(&world.anonymous().post(&keys, &body).await, 401, 5, "anonymous");
    let viewer = world.person(r"t100\vera").await;
    assert_envelope(&viewer.post(&keys, &body).await, 403, 3, "viewer");
}

#[tokio::test]
async fn bt_01_bt_02_the_challenges_are_those_of_bearer_tokens() {
    let world = World::start().await;
    let anonymous = world.anonymous().get(&keys()).await;
    assert_eq!(anonymous.status, 401);
    assert!(anonymous.header("www-authenticate").starts_with("Bearer"));
    assert!(!anonymous.header("www-authenticate").contains("error"));
    let dead = world.anonymous().bearer("9b7682b7-cbce-422f-9bbb-ecda85e61695").get(&keys()).await;
    assert!(dead.header("www-authenticate").contains("invalid_token"));
    let lacking = world.client("powerless").await.get(&keys()).await;
    assert!(lacking.header("www-authenticate").contains("insufficient_scope"));
    let wrong = world.anonymous().basic("ops", "not the password").get(&keys()).await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.header("www-authenticate").starts_with("Basic"));
}

#[tokio::test]
async fn bt_03_two_credentials_are_refused() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let token = admin.token.clone().expect("a token");
    let twice = admin.with_header("authorization", &format!("Bearer {token}"));
    assert_envelope(&twice.get(&keys()).await, 400, 2, "two credentials");
}
