use super::{KEYS, chat, made};
use it::{World, world::TENANT};
use serde_json::json;
use std::collections::HashSet;

const MEMBERS: [&str; 11] = [
    "id",
    "tenant",
    "name",
    "permissions",
    "enabled",
    "created",
    "revoked",
    "expires",
    "createdby",
    "capacity",
    "frequency",
];

#[tokio::test]
async fn the_answer_is_the_published_one() {
    let world = World::start().await;
    let answer =
        world.person(r"t100\nexus").await.post(KEYS, &chat("API key for premise_tenant")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.members(), MEMBERS);
    let key = answer.json();
    let id = key["id"].as_str().unwrap();
    assert_eq!(uuid::Uuid::parse_str(id).unwrap().get_version_num(), 4);
    assert_eq!(id, id.to_lowercase());
    assert_eq!(key["tenant"], TENANT);
    assert_eq!(key["name"], "API key for premise_tenant");
    assert_eq!(key["permissions"], json!(["nexus:consumer:chat"]));
    assert_eq!(key["enabled"], true);
    assert_eq!(key["created"], "2026-03-01T12:00:00.000Z");
    assert_eq!(key["revoked"], false);
    assert_eq!(key["expires"], false);
    assert_eq!(key["createdby"], "nexus");
    assert_eq!((key["capacity"].as_i64(), key["frequency"].as_i64()), (Some(120), Some(60)));
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn a_wrapped_body_has_a_wrapped_answer() {
    let world = World::start().await;
    let body = json!({"data": chat("wrapped")});
    let answer = world.person(r"t100\nexus").await.post(KEYS, &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.members(), ["status", "data"]);
    assert_eq!(answer.json()["status"], json!({"code": 0}));
    let members: Vec<String> = answer.json()["data"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(members, MEMBERS);
}

#[tokio::test]
async fn cw_08_a_bare_token_is_as_good_as_bearer() {
    let world = World::start().await;
    let person = world.person(r"t100\nexus").await;
    let token = person.token.clone().unwrap();
    for value in [token.clone(), format!("Bearer {token}"), format!("bearer {token}")] {
        let caller = world.anonymous().with_header("authorization", &value);
        assert_eq!(caller.post(KEYS, &chat("x")).await.status, 200);
    }
    for value in ["", "Bearer", "Bearer nothing", "nothing", "Basic bmV4dXM6eA=="] {
        let caller = world.anonymous().with_header("authorization", value);
        let status = caller.post(KEYS, &chat("x")).await.status;
        assert!(status == 401 || status == 400, "{value}: {status}");
    }
}

#[tokio::test]
async fn expiry_capacity_and_frequency_may_be_given() {
    let world = World::start().await;
    let caller = world.person(r"t100\nexus").await;
    let mut body = chat("limited");
    body["expires"] = json!("2026-04-01T00:00:00+02:00");
    body["capacity"] = json!(7);
    let key = caller.post(KEYS, &body).await.json();
    assert_eq!(key["expires"], "2026-03-31T22:00:00.000Z");
    assert_eq!((key["capacity"].as_i64(), key["frequency"].as_i64()), (Some(7), Some(60)));
    body["expires"] = json!(1_775_000_000_123_i64);
    assert_eq!(caller.post(KEYS, &body).await.json()["expires"], "2026-03-31T23:33:20.123Z");
}

#[tokio::test]
async fn a_revocation_may_be_given_with_the_key() {
    let world = World::start().await;
    let caller = world.person(r"t100\nexus").await;
    let verifier = world.client("cluster-verifier").await;
    for (value, shown, verdict) in [
        (json!(false), json!(false), "VALID"),
        (json!("2026-03-02T00:00:00Z"), json!("2026-03-02T00:00:00.000Z"), "VALID"),
        (json!(true), json!("2026-03-01T12:00:00.000Z"), "REVOKED"),
    ] {
        let mut body = chat("ending");
        body["revoked"] = value;
        let key = caller.post(KEYS, &body).await.json();
        assert_eq!(key["revoked"], shown);
        assert_eq!(super::verdict(&verifier, key["id"].as_str().unwrap()).await, verdict);
    }
}

#[tokio::test]
async fn what_is_left_out_or_blank_or_unknown_is_no_error() {
    let world = World::start().await;
    let caller = world.person(r"t100\nexus").await;
    let body = json!({
        "tenant": TENANT, "name": "n", "permissions": ["nexus:consumer:chat"], "color": {"of": ["it"]},
        "id": "", "created": "", "createdby": "", "revoked": false, "expires": false,
    });
    let key = caller.post(KEYS, &body).await.json();
    assert_eq!(key["enabled"], true);
}

#[tokio::test]
async fn bad_values_name_their_member_and_make_nothing() {
    let world = World::start().await;
    let caller = world.person("ops").await;
    let cases = [
        ("name", json!("")),
        ("name", json!("   ")),
        ("name", json!("a\u{7}b")),
        ("name", json!("x".repeat(256))),
        ("name", json!(5)),
        ("name", json!(null)),
        ("enabled", json!("yes")),
        ("permissions", json!([])),
        ("permissions", json!("nexus:consumer:chat")),
        ("permissions", json!(["nexus"])),
        ("permissions", json!(["Nexus:consumer:chat"])),
        ("permissions", json!(["nexus:*:chat"])),
        ("permissions", json!(["orders:read"])),
        ("permissions", json!(["keyward:keys:verify"])),
        ("permissions", json!(["nexus:cluster:chat"])),
        ("permissions", json!(["nexus:*"])),
        ("permissions", json!([7])),
        ("tenant", json!("not-a-tenant")),
        ("tenant", json!([TENANT])),
        ("tenant", json!(null)),
        ("tenant", json!("")),
        ("expires", json!(true)),
        ("expires", json!("tomorrow")),
        ("expires", json!(-1)),
        ("capacity", json!(0)),
        ("capacity", json!(1_000_001)),
        ("capacity", json!(-3)),
        ("capacity", json!(1.5)),
        ("frequency", json!(0)),
        ("frequency", json!(86_401)),
        ("id", json!("11111111-2222-4333-8444-555555555555")),
        ("created", json!("2026-01-01T00:00:00Z")),
        ("createdby", json!("someone")),
        ("revoked", json!("never")),
        ("revoked", json!(null)),
    ];
    for (member, value) in cases {
        let mut body = chat("n");
        body[member] = value.clone();
        let answer = caller.post(KEYS, &body).await;
        assert_eq!(answer.status, 400, "{member}={value}: {}", answer.text());
        let status = &answer.json()["status"];
        assert_eq!(status["code"], "INVALID_PARAMETER", "{member}={value}");
        let detail = status["detail"].as_str().unwrap();
        assert!(detail.contains(member), "{member}={value}: {detail}");
    }
    for member in ["tenant", "name", "permissions"] {
        let mut body = chat("n");
        body.as_object_mut().unwrap().remove(member);
        let answer = caller.post(KEYS, &body).await;
        assert_eq!(answer.status, 400);
        assert!(answer.text().contains(member), "{}", answer.text());
    }
    assert_eq!(caller.get(KEYS).await.json().as_array().map(Vec::len), Some(0));
}

#[tokio::test]
async fn names_may_repeat_and_hold_anything_printable() {
    let world = World::start().await;
    let caller = world.person(r"t100\nexus").await;
    let name = "Ünïcödé \"quoted\" \\ ✓ <b>";
    let first = caller.post(KEYS, &chat(name)).await.json();
    let second = caller.post(KEYS, &chat(name)).await.json();
    assert_eq!(first["name"], name);
    assert_ne!(first["id"], second["id"]);
    assert_eq!(caller.post(KEYS, &chat(&"é".repeat(255))).await.status, 200);
}

#[tokio::test]
async fn cluster_keys_are_made_by_the_cluster_alone() {
    let world = World::start().await;
    let body =
        json!({"tenant": "*", "name": "Cluster API key", "permissions": ["nexus:cluster:*"]});
    let key = world.person("ops").await.post(KEYS, &body).await.json();
    assert_eq!(key["tenant"], "*");
    assert_eq!(key["createdby"], "ops");
    assert_eq!(world.person(r"t100\nexus").await.post(KEYS, &body).await.status, 403);
}

#[tokio::test]
async fn a_client_is_named_by_its_client_id() {
    let world = World::start().await;
    let key = world.client("service-a").await.post(KEYS, &chat("by a client")).await.json();
    assert_eq!(key["createdby"], "service-a");
}

#[tokio::test]
async fn whoever_lacks_the_right_makes_nothing() {
    let world = World::start().await;
    for caller in [world.person(r"t100\vera").await, world.client("powerless").await] {
        let answer = caller.post(KEYS, &chat("x")).await;
        assert_eq!(answer.status, 403);
        assert_eq!(answer.json()["status"]["code"], "FAILURE");
    }
    assert_eq!(world.anonymous().post(KEYS, &chat("x")).await.status, 401);
}

#[tokio::test]
async fn kr_01_secrets_are_never_drawn_twice() {
    let world = World::start().await;
    let caller = world.person(r"t100\nexus").await;
    let mut seen = HashSet::new();
    for n in 0..200 {
        assert!(seen.insert(made(&caller, &chat(&format!("key {n}"))).await));
    }
}
