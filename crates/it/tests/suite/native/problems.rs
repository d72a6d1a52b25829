//! How our own API says no.

use super::{api, made};
use http::Method;
use it::{Answer, World, world::NO_TENANT};
use serde_json::{Value, json};

/// Status and code of a problem, after everything that each problem must have was found in it.
#[track_caller]
fn problem(answer: &Answer) -> (u16, String) {
    let text = answer.text();
    assert_eq!(answer.header("content-type"), "application/problem+json", "{text}");
    let problem = answer.json();
    let member = |name: &str| problem[name].as_str().unwrap_or_else(|| panic!("no {name}: {text}"));
    assert_eq!(problem["status"], json!(answer.status.as_u16()), "{text}");
    let id = member("requestId");
    assert_eq!(answer.header("x-request-id"), id, "{text}");
    assert_eq!(member("instance"), format!("urn:keyward:request:{id}"));
    for words in [member("title"), member("detail")] {
        assert!(!words.trim().is_empty(), "{text}");
    }
    let (kind, code) = (member("type"), member("code"));
    let quota = "https://iana.org/assignments/http-problem-types#quota-exceeded";
    assert!(kind == quota || kind == format!("urn:keyward:error:{code}"), "{text}");
    (answer.status.as_u16(), code.to_owned())
}

#[tokio::test]
async fn pd_01_every_refusal_is_a_problem_with_a_code_and_the_request_id() {
    let world = World::start().await;
    let (admin, viewer) = (world.person(r"t100\nexus").await, world.person(r"t100\vera").await);
    let (id, _) = made(&admin, &api("billing")).await;
    let key = format!("/v1/keys/{id}");
    let json_body = Some("application/json");
    let mut weird = api("x");
    weird["nmae"] = json!(1);
    let mut foreign = api("x");
    foreign["tenant"] = json!(NO_TENANT);
    let named = admin.clone().with_header("idempotency-key", "one");
    assert_eq!(named.post("/v1/keys", &api("one")).await.status, 201);
    let old = admin.clone().with_header("if-match", "\"9\"");
    let elsewhere = admin.clone().with_header("host", "elsewhere.example");
    let two = admin.clone().with_header("authorization", "Bearer another");
    let long = json!({"name": "n", "description": "x".repeat(70_000)});
    let expected: Vec<(Answer, (u16, &str))> = vec![
        (admin.post("/v1/keys", &weird).await, (400, "bad_json")),
        (admin.send(Method::POST, "/v1/keys", json_body, "{".into()).await, (400, "bad_json")),
        (admin.get("/v1/keys?limit=201").await, (400, "bad_query")),
        (admin.patch(&key, &json!({"name": ""})).await, (400, "invalid")),
        (two.get("/v1/keys").await, (400, "two_credentials")),
        (world.anonymous().get("/v1/keys").await, (401, "unauthenticated")),
        (world.anonymous().bearer("nobodys").get("/v1/keys").await, (401, "unauthenticated")),
        (viewer.get("/v1/persons").await, (403, "not_allowed")),
        (admin.get("/v1/keys/key_0000000000000000000000").await, (404, "not_found")),
        (admin.post("/v1/keys", &foreign).await, (404, "not_found")),
        (admin.get("/v1/nothing").await, (404, "not_found")),
        (admin.send(Method::PUT, &key, None, "".into()).await, (405, "method_not_allowed")),
        (admin.act(&format!("{key}/reveal")).await, (409, "conflict")),
        (old.patch(&key, &json!({"name": "x"})).await, (412, "precondition_failed")),
        (admin.patch(&key, &long).await, (413, "body_too_large")),
        (
            admin.send(Method::POST, "/v1/keys", Some("text/plain"), "{}".into()).await,
            (415, "unsupported_media_type"),
        ),
        (elsewhere.get("/v1/keys").await, (421, "unknown_host")),
        (named.post("/v1/keys", &api("two")).await, (422, "idempotency_key_reused")),
    ];
    for (answer, (status, code)) in &expected {
        assert_eq!(problem(answer), (*status, (*code).to_owned()), "{}", answer.text());
    }
    assert_eq!(expected[0].0.json()["field"], Value::from("nmae"));
    assert_eq!(expected[7].0.json()["right"], Value::from("Persons.canManage"));
}
