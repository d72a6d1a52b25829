use super::{api, made, newest, nexus, show, verdict};
use it::{
    World,
    world::{NO_TENANT, OTHER_TENANT, TENANT},
};
use serde_json::{Value, json};

#[tokio::test]
async fn a_new_key_of_each_seeded_type_works_at_once() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let verifier = world.client("cluster-verifier").await;
    let bodies = [
        (api("a"), "kw_"),
        (nexus("n"), ""),
        (json!({"keyType": "ges", "name": "g", "secret": "a-secret-of-my-own-choosing"}), "a-s"),
        (json!({"keyType": "psk", "name": "p"}), "psk_"),
        (json!({"keyType": "deployment", "name": "d"}), "psk_"),
    ];
    for (body, prefix) in bodies {
        let (id, secret) = made(&admin, &body).await;
        assert!(secret.starts_with(prefix), "{body}");
        assert_eq!(verdict(&verifier, &secret).await, "VALID", "{body}");
        let shown = show(&admin, &id).await;
        assert_eq!(shown["keyType"], body["keyType"]);
        assert_eq!(shown["tenant"], TENANT);
        assert_eq!(shown["createdBy"], "nexus");
        assert_eq!(shown["version"], 1);
        let event = newest(&admin, "key.create").await;
        assert_eq!(event["subject"]["id"], id.as_str());
        assert!(!event.to_string().contains(&secret));
    }
}

#[tokio::test]
async fn ot_01_no_later_answer_holds_the_secret() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, &api("once")).await;
    for path in [
        format!("/v1/keys/{id}"),
        "/v1/keys".to_owned(),
        format!("/v1/keys/{id}/audit"),
        format!("/v1/keys/{id}/usage"),
        "/v1/audit".to_owned(),
    ] {
        let answer = admin.get(&path).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        assert!(!answer.text().contains(&secret), "{path}");
        assert!(!answer.text().contains("\"secret\""), "{path}");
    }
    let answer = super::act(&admin, &id, "reveal").await;
    assert_eq!(answer.status, 409, "{}", answer.text());
}

#[tokio::test]
async fn ap_03_members_that_are_unknown_or_not_the_callers_are_refused() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let cases = [
        ("id", json!("key_0000000000000000000000")),
        ("hint", json!("kw_…0000")),
        ("createdBy", json!("someone")),
        ("version", json!(7)),
        ("revoked", json!("2026-03-01T12:00:00Z")),
        ("digest", json!("00")),
        ("acknowledged", json!(null)),
        ("name", json!("")),
        ("permissions", json!(["orders"])),
        ("permissions", json!(["nexus:consumer:chat"])),
        ("keyType", json!("none")),
        ("secret", json!("a-secret-of-my-own-choosing")),
        ("expires", json!("tomorrow")),
        ("expires", json!("2026-03-01T12:00:00.000Z")),
        ("expires", json!("2025-12-31T23:59:59Z")),
        ("limit", json!({"capacity": 1})),
        ("limit", json!([120, 60])),
        ("limit", json!({"capacity": 0, "frequency": 1})),
        ("allowList", json!({"origins": ["ftp://x"]})),
        ("allowList", json!({"hosts": []})),
        ("owner", json!("nobody")),
        ("tenant", json!("t100")),
    ];
    for (member, value) in cases {
        let mut body = api("refused");
        body[member] = value;
        let answer = admin.post("/v1/keys", &body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
        let field = answer.json()["field"].as_str().unwrap_or("").to_owned();
        let named = [member, "capacity"].iter().any(|name| field.starts_with(name));
        assert!(field.is_empty() || named, "{member}: {field}");
    }
    let list = admin.get("/v1/keys?search=refused").await.json();
    assert_eq!(list["keys"], json!([]));
}

#[tokio::test]
async fn a_tenant_is_meant_or_named_and_a_foreign_one_is_not_there() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let in_tenant = |tenant: &str| {
        let mut body = nexus("placed");
        body["tenant"] = Value::from(tenant);
        body
    };
    for tenant in [OTHER_TENANT, NO_TENANT, "*"] {
        assert_eq!(admin.post("/v1/keys", &in_tenant(tenant)).await.status, 404, "{tenant}");
    }
    let ops = world.person("ops").await;
    assert_eq!(ops.post("/v1/keys", &nexus("nowhere")).await.status, 400);
    assert_eq!(ops.post("/v1/keys", &in_tenant(NO_TENANT)).await.status, 404);
    let (id, _) = made(&ops, &in_tenant("*")).await;
    assert_eq!(show(&ops, &id).await["tenant"], "*");
    assert_eq!(admin.get(&format!("/v1/keys/{id}")).await.status, 404);
}

#[tokio::test]
async fn a_person_has_one_personal_key() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let body = json!({"keyType": "psk", "name": "mine"});
    let (id, _) = made(&admin, &body).await;
    let again = admin.post("/v1/keys", &body).await;
    assert_eq!((again.status.as_u16(), again.json()["code"].clone()), (409, json!("conflict")));
    assert_eq!(super::act(&admin, &id, "revoke").await.status, 200);
    made(&admin, &body).await;
}
