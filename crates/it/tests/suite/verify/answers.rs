use super::{ask, made, verdict};
use it::{
    World,
    world::{NO_TENANT, OTHER_TENANT, TENANT},
};
use serde_json::json;

#[tokio::test]
async fn the_answers_are_those_of_the_published_example() {
    let world = World::start().await;
    let secret = made(&world.person(r"t100\nexus").await, json!({})).await;
    let verifier = world.client("verifier-a").await;
    let question = json!({"secret": secret, "keyType": "nexus", "tenant": TENANT,
        "permissions": {"all": ["nexus:consumer:chat"]}, "clientAddress": "203.0.113.7",
        "origin": "https://shop.example", "method": "POST", "path": "/chat", "cost": 1});
    let answer = ask(&verifier, question).await;
    let id = answer.json()["keyId"].as_str().unwrap().to_owned();
    assert!(id.starts_with("key_") && id.len() == 26);
    assert_eq!(
        answer.text(),
        format!(
            concat!(
                r#"{{"verdict":"VALID","keyId":"{id}","keyType":"nexus","tenant":"{tenant}","#,
                r#""name":"API key for premise_tenant","permissions":["nexus:consumer:chat"],"#,
                r#""expires":null,"limit":{{"capacity":120,"frequency":60,"remaining":119,"resetAfterMs":60000}}}}"#
            ),
            id = id,
            tenant = TENANT
        )
    );
    assert_eq!(answer.header("content-type"), "application/json");
    let unknown = ask(&verifier, json!({"secret": "9b7682b7-cbce-422f-9bbb-ecda85e61695"})).await;
    assert_eq!(
        (unknown.status.as_u16(), unknown.text().as_str()),
        (200, r#"{"verdict":"NOT_FOUND"}"#)
    );
}

#[tokio::test]
async fn the_first_check_that_fails_decides() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, json!({"expires": "2026-03-01T12:00:05Z"})).await;
    let cluster = world.client("cluster-verifier").await;
    let all_wrong = json!({"secret": secret, "tenant": OTHER_TENANT, "keyType": "ges",
        "permissions": {"all": ["nexus:consumer:securemail"]}});
    let mut question = all_wrong.clone();
    assert_eq!(verdict(&cluster, question.clone()).await, "WRONG_TENANT");
    question["tenant"] = json!(TENANT);
    assert_eq!(verdict(&cluster, question.clone()).await, "WRONG_TYPE");
    question["keyType"] = json!("nexus");
    assert_eq!(verdict(&cluster, question.clone()).await, "INSUFFICIENT_PERMISSIONS");
    world.clock.advance_millis(5_000);
    assert_eq!(verdict(&cluster, question.clone()).await, "EXPIRED");
    let path = format!("/nexus/v3/apikeys/{secret}");
    assert_eq!(admin.put(&path, &json!({"enabled": false})).await.status, 200);
    assert_eq!(verdict(&cluster, question.clone()).await, "DISABLED");
    assert_eq!(admin.put(&path, &json!({"revoked": true})).await.status, 200);
    assert_eq!(verdict(&cluster, question.clone()).await, "REVOKED");
    assert_eq!(verdict(&cluster, all_wrong.clone()).await, "WRONG_TENANT");
    let members = ask(&cluster, question.clone()).await.members();
    assert_eq!(members, ["verdict", "keyId", "keyType", "tenant", "name", "expires"]);
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_eq!(verdict(&cluster, question).await, "NOT_FOUND");
}

#[tokio::test]
async fn ti_01_en_02_a_tenants_caller_learns_nothing_of_others() {
    let world = World::start().await;
    let secret = made(&world.person(r"t100\nexus").await, json!({})).await;
    let unknown =
        ask(&world.client("verifier-b").await, json!({"secret": "no-such-secret-at-all"})).await;
    let foreign = world.client("verifier-b").await;
    for tenant in [json!(null), json!(OTHER_TENANT), json!(TENANT), json!(NO_TENANT), json!("*")] {
        let answer =
            ask(&foreign, json!({"secret": secret, "tenant": tenant, "keyType": "ges"})).await;
        assert_eq!(answer.text(), unknown.text(), "{tenant}");
        assert_eq!(answer.headers.len(), unknown.headers.len(), "{tenant}");
    }
    let own = world.client("verifier-a").await;
    assert_eq!(verdict(&own, json!({"secret": secret})).await, "VALID");
    assert_eq!(verdict(&own, json!({"secret": secret, "tenant": TENANT})).await, "VALID");
    assert_eq!(verdict(&own, json!({"secret": secret, "tenant": OTHER_TENANT})).await, "NOT_FOUND");
    let cluster = world.client("cluster-verifier").await;
    assert_eq!(verdict(&cluster, json!({"secret": secret})).await, "VALID");
    assert_eq!(verdict(&cluster, json!({"secret": secret, "tenant": "*"})).await, "WRONG_TENANT");
}

#[tokio::test]
async fn permissions_are_matched_by_coverage() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret =
        made(&admin, json!({"permissions": ["nexus:consumer:*", "nexus:designer:chat"]})).await;
    let verifier = world.client("verifier-a").await;
    for (wanted, verdict_wanted) in [
        (json!({"all": ["nexus:consumer:chat", "nexus:designer:chat"]}), "VALID"),
        (json!({"all": ["nexus:consumer:a:b"]}), "VALID"),
        (
            json!({"all": ["nexus:consumer:chat", "nexus:designer:mail"]}),
            "INSUFFICIENT_PERMISSIONS",
        ),
        (json!({"any": ["nexus:cluster:chat", "nexus:consumer:chat"]}), "VALID"),
        (json!({"any": ["nexus:cluster:chat"]}), "INSUFFICIENT_PERMISSIONS"),
        (json!({"any": []}), "INSUFFICIENT_PERMISSIONS"),
        (json!({"all": []}), "VALID"),
    ] {
        let question = json!({"secret": secret, "permissions": wanted});
        assert_eq!(verdict(&verifier, question).await, verdict_wanted, "{wanted}");
    }
}

#[tokio::test]
async fn en_07_what_cannot_be_a_secret_is_not_found() {
    let world = World::start().await;
    let verifier = world.client("verifier-a").await;
    let long = "x".repeat(5_000);
    for secret in [
        "",
        " ",
        "short",
        "kw_0000000000000000000000000000000000000",
        "key_0000000000000000000000",
        "eyJhbGciOiJub25lIn0.e30.",
        "ünïcödé-secret-of-some-length",
        long.as_str(),
        "' OR 1=1 --           ",
    ] {
        assert_eq!(verdict(&verifier, json!({"secret": secret})).await, "NOT_FOUND", "{secret}");
    }
}
