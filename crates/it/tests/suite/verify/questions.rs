use super::{VERIFY, ask, made, verdict};
use http::Method;
use it::World;
use serde_json::json;

#[tokio::test]
async fn bad_questions_name_the_member() {
    let world = World::start().await;
    let secret = made(&world.person(r"t100\nexus").await, json!({})).await;
    let verifier = world.client("verifier-a").await;
    for (member, value) in [
        ("tenant", json!("nobody")),
        ("tenant", json!(["*"])),
        ("keyType", json!(5)),
        ("clientAddress", json!("somewhere")),
        ("cost", json!(-1)),
        ("cost", json!(1.5)),
        ("cost", json!(121)),
        ("cost", json!(1_000_001)),
        ("cost", json!(99_999_999_999_u64)),
        ("permissions", json!({})),
        ("permissions", json!(["nexus:consumer:chat"])),
        ("permissions", json!({"all": ["a:b"], "any": ["a:b"]})),
        ("permissions", json!({"all": ["nexus:*"]})),
        ("permissions", json!({"all": ["nexus"]})),
        ("permissions", json!({"none": ["a:b"]})),
        ("keytype", json!("nexus")),
    ] {
        let answer = ask(&verifier, json!({"secret": secret, member: value})).await;
        assert_eq!(answer.status, 400, "{member}={value}: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let field = answer.json()["field"].as_str().unwrap_or_default().to_owned();
        assert!(field.starts_with(member), "{member}={value}: {}", answer.text());
        assert!(!answer.text().contains(&secret));
    }
    let json = Some("application/json");
    for body in [
        "",
        "{",
        "[]",
        "null",
        "{}",
        r#"["x"]"#,
        r#"{"secret":null}"#,
        r#"{"secret":"a","secret":"b"}"#,
    ] {
        let answer = verifier.send(Method::POST, VERIFY, json, body.into()).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
    }
    let large = format!(r#"{{"secret":"{}"}}"#, "x".repeat(64 * 1024));
    assert_eq!(verifier.send(Method::POST, VERIFY, json, large.into()).await.status, 413);
}

#[tokio::test]
async fn a_bad_cost_takes_no_unit() {
    let world = World::start().await;
    let secret = made(&world.person(r"t100\nexus").await, json!({"capacity": 3})).await;
    let verifier = world.client("verifier-a").await;
    assert_eq!(ask(&verifier, json!({"secret": secret, "cost": 4})).await.status, 400);
    let answer = ask(&verifier, json!({"secret": secret, "cost": 3})).await.json();
    assert_eq!(
        (answer["verdict"].as_str(), answer["limit"]["remaining"].as_i64()),
        (Some("VALID"), Some(0))
    );
}

#[tokio::test]
async fn escaped_text_is_the_text_it_stands_for() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, json!({"name": "a \"b\" \\ c"})).await;
    let verifier = world.client("verifier-a").await;
    let escaped = secret.replace('-', "\\u002d");
    let body =
        format!(r#"{{"secret":"{escaped}","permissions":{{"any":["nexus:consumer:ch\u0061t"]}}}}"#);
    let answer = verifier.send(Method::POST, VERIFY, Some("application/json"), body.into()).await;
    assert_eq!(answer.json()["verdict"], "VALID");
    assert_eq!(answer.json()["name"], "a \"b\" \\ c");
}

#[tokio::test]
async fn absent_and_null_are_the_same() {
    let world = World::start().await;
    let secret = made(&world.person(r"t100\nexus").await, json!({})).await;
    let verifier = world.client("verifier-a").await;
    let question = json!({"secret": secret, "keyType": null, "tenant": null, "permissions": null,
        "clientAddress": null, "origin": null, "method": null, "path": null, "cost": null});
    assert_eq!(verdict(&verifier, question).await, "VALID");
}
