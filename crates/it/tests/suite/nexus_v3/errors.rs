//! Everything that goes wrong below `/nexus/v3` wears the Genesys envelope.

use super::{KEYS, chat};
use http::Method;
use it::{Answer, World};

fn assert_envelope(answer: &Answer, status: u16, what: &str) {
    assert_eq!(answer.status.as_u16(), status, "{what}: {}", answer.text());
    assert_eq!(answer.members(), ["referenceId", "operationId", "status"], "{what}");
    let body = answer.json();
    assert_eq!(body["referenceId"], answer.header("x-request-id"), "{what}");
    let members: Vec<&String> = body["status"].as_object().expect("a status").keys().collect();
    assert_eq!(members, ["code", "message", "detail"], "{what}");
    assert_eq!(answer.header("content-type"), "application/json", "{what}");
}

#[tokio::test]
async fn pd_02_every_failure_wears_the_envelope() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let json = Some("application/json");
    for (body, status) in [
        ("{", 400),
        ("", 400),
        ("[]", 400),
        ("null", 400),
        ("\u{feff}{}", 400),
        ("{}{}", 400),
        (r#"{"name":"a","name":"b"}"#, 400),
        (r#"{"name":"a\u0000b"}"#, 400),
    ] {
        let answer = admin.send(Method::POST, KEYS, json, body.to_owned().into()).await;
        assert_envelope(&answer, status, body);
        assert_eq!(answer.json()["operationId"], "create_nexus_key");
        assert_eq!(answer.json()["status"]["code"], "INVALID_PARAMETER");
    }
    let invalid_utf8 =
        admin.send(Method::POST, KEYS, json, b"{\"name\":\"\xff\"}".to_vec().into()).await;
    assert_envelope(&invalid_utf8, 400, "not UTF-8");
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    assert_envelope(&admin.send(Method::POST, KEYS, json, deep.into()).await, 400, "deep");
    let large = "x".repeat(64 * 1024 + 1);
    assert_envelope(&admin.send(Method::POST, KEYS, json, large.into()).await, 413, "large");
    let form = Some("application/x-www-form-urlencoded");
    assert_envelope(&admin.send(Method::POST, KEYS, form, "a=b".into()).await, 415, "form");
    assert_envelope(&admin.send(Method::PATCH, KEYS, json, "{}".into()).await, 405, "method");
    assert_envelope(&admin.get("/nexus/v3/nothing").await, 404, "no route");
    assert_envelope(&admin.get("/nexus/v3/apikeys/").await, 404, "no key");
    assert_envelope(&world.anonymous().post(KEYS, &chat("x")).await, 401, "anonymous");
    assert_envelope(&world.person(r"t100\vera").await.post(KEYS, &chat("x")).await, 403, "viewer");
}

#[tokio::test]
async fn bt_01_bt_02_the_challenges_are_those_of_bearer_tokens() {
    let world = World::start().await;
    let anonymous = world.anonymous().get(KEYS).await;
    assert_eq!(anonymous.status, 401);
    assert!(anonymous.header("www-authenticate").starts_with("Bearer"));
    assert!(!anonymous.header("www-authenticate").contains("error"));
    let dead = world.anonymous().bearer("9b7682b7-cbce-422f-9bbb-ecda85e61695").get(KEYS).await;
    assert_eq!(dead.status, 401);
    assert!(dead.header("www-authenticate").contains("invalid_token"));
    let lacking = world.client("powerless").await.get(KEYS).await;
    assert_eq!(lacking.status, 403);
    assert!(lacking.header("www-authenticate").contains("insufficient_scope"));
}
