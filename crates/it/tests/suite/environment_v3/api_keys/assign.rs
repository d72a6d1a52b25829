use super::{ANOTHER, KEY, assigned, keys, keys_of, named, revoked, verdict};
use it::{
    World,
    world::{NO_TENANT, OTHER_TENANT, PASSWORD, TENANT},
};
use serde_json::{Value, json};

#[tokio::test]
async fn the_answer_is_success_and_where_the_key_is() {
    let world = World::start().await;
    let answer = world.person(r"t100\nexus").await.post(&keys(), &named(KEY)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.members(), ["status", "path"]);
    assert_eq!(answer.json()["status"], json!({"code": 0}));
    let path = answer.json()["path"].as_str().unwrap().to_owned();
    let id = path.strip_prefix(&format!("/contact-centers/{TENANT}/api-keys/key_")).unwrap();
    assert_eq!(id.len(), 22, "the key's id, never its secret");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(verdict(&world.client("cluster-verifier").await, KEY).await, "VALID");
}

#[tokio::test]
async fn the_key_is_one_of_callback_everywhere() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let id = assigned(&admin, TENANT, KEY).await;
    let key = admin.get(&format!("/v1/keys/{id}")).await.json();
    assert_eq!((&key["keyType"], &key["tenant"]), (&json!("ges"), &json!(TENANT)));
    assert_eq!(key["permissions"], json!(["engagement:*"]));
    assert_eq!(key["limit"], Value::Null);
    let log = admin.get("/v1/audit?action=key.create").await;
    assert_eq!(log.json()["events"][0]["event"]["subject"]["id"], json!(id));
    assert!(!log.text().contains(KEY));
}

#[tokio::test]
async fn a_token_and_basic_credentials_of_the_cluster_are_as_good() {
    let world = World::start().await;
    let service = world.client("service-a").await;
    assert_eq!(service.post(&keys(), &named(KEY)).await.status, 200);
    let ops = world.anonymous().basic("ops", PASSWORD);
    assert_eq!(ops.post(&keys(), &named(ANOTHER)).await.status, 200);
    let token = service.token.clone().unwrap();
    for (header, status, code) in
        [(token.as_str(), 400, 2), ("Bearer nothing", 401, 5), ("Basic bmV4dXM6eA==", 401, 5)]
    {
        let caller = world.anonymous().with_header("authorization", header);
        let answer = caller.post(&keys(), &named("0a3dd3c9-6f7e-4b51-8cf0-3ad2f6b1a900")).await;
        assert_eq!(answer.status, status, "{header}: {}", answer.text());
        assert_eq!(answer.json()["status"]["code"], code, "{header}");
    }
}

#[tokio::test]
async fn a_body_without_the_envelope_is_refused() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for (body, code, field) in [
        (json!({"apiKey": KEY}), 1, "`data`"),
        (json!({}), 1, "`data`"),
        (json!({"data": {}}), 1, "`data.apiKey`"),
        (json!({"data": {"apiKey": null}}), 1, "`data.apiKey`"),
        (json!({"data": null}), 2, "`data`"),
        (json!({"data": [KEY]}), 2, "`data`"),
        (json!({"data": KEY}), 2, "`data`"),
        (json!({"data": {"apiKey": 5}}), 2, "`data.apiKey`"),
        (json!([{"apiKey": KEY}]), 2, ""),
    ] {
        let answer = admin.post(&keys(), &body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
        let status = answer.json()["status"].clone();
        assert_eq!(status["code"], code, "{body}: {status}");
        assert!(status["message"].as_str().unwrap().contains(field), "{body}: {status}");
        assert!(!answer.text().contains(KEY), "{}", answer.text());
    }
    assert_eq!(admin.get(&keys()).await.json()["data"], json!([]));
}

#[tokio::test]
async fn unknown_members_are_let_pass() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let body = json!({"data": {"apiKey": KEY, "note": {"a": [1]}}, "operationId": "x"});
    assert_eq!(admin.post(&keys(), &body).await.status, 200);
}

#[tokio::test]
async fn any_16_to_128_visible_characters_are_a_key() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let longest = "Zq7".repeat(42) + "Zq";
    for good in ["Z2y9eiTiQZ4ceKNpxy1YAarhpvxJXPCj4rFrbVep", "a/b?c#d%e&f=g+h~i\"j'k", &longest] {
        assert_eq!(admin.post(&keys(), &named(good)).await.status, 200, "{good}");
    }
    for bad in [
        "fifteen-letters",
        &"x".repeat(129),
        "sixteen letters and a space",
        "sixteen-lettersé",
        "sixteen-letters\u{7f}",
        "key_0000000000000000000000",
        "kw_0000000000000000000000",
        "psk_000000000000000000000",
        "eyJhbGciOiJFZERTQSJ9.e30",
        "",
    ] {
        let answer = admin.post(&keys(), &named(bad)).await;
        assert_eq!(answer.status, 400, "{bad}: {}", answer.text());
        let status = &answer.json()["status"];
        assert_eq!(status["code"], 2);
        assert!(status["message"].as_str().unwrap().starts_with("`data.apiKey`: "), "{status}");
    }
}

#[tokio::test]
async fn cw_05_a_weak_key_is_assigned_and_said_to_be() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let answer = admin.post(&keys(), &named("a-secret-of-my-own")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let status = answer.json()["status"].clone();
    assert_eq!(status["code"], 0);
    assert!(status["message"].as_str().unwrap().contains("96 bits"), "{status}");
}

#[tokio::test]
async fn cw_06_taken_here_elsewhere_otherwise_or_revoked_is_one_answer() {
    let world = World::start().await;
    let (admin, bob) = (world.person(r"t100\nexus").await, world.person(r"t200\bob").await);
    assigned(&admin, TENANT, KEY).await;
    assigned(&bob, OTHER_TENANT, ANOTHER).await;
    let chat = json!({"tenant": OTHER_TENANT, "name": "n", "permissions": ["nexus:consumer:chat"]});
    let nexus = bob.post("/nexus/v3/apikeys", &chat).await.json()["id"].clone();
    let gone = "d4b7f0c2-6f39-4c0e-a0dd-8d7c5e0b1f66";
    assigned(&bob, OTHER_TENANT, gone).await;
    revoked(&world, &bob, gone).await;
    let mut answers = Vec::new();
    for taken in [KEY, ANOTHER, nexus.as_str().unwrap(), gone] {
        let answer = admin.post(&keys(), &named(taken)).await;
        assert_eq!(answer.status, 409, "{}", answer.text());
        assert_eq!(answer.json()["status"]["code"], 2);
        let mut headers = answer.headers.clone();
        headers.remove("x-request-id");
        answers.push((answer.text(), format!("{headers:?}")));
    }
    assert!(answers.iter().all(|a| *a == answers[0]), "{answers:?}");
    let log = admin.get("/v1/audit?action=key.create_refused").await.json();
    assert_eq!(log["events"].as_array().map(Vec::len), Some(4));
}

#[tokio::test]
async fn cw_06_a_burst_is_told_no_more_than_twenty_times() {
    let world = World::start().await;
    let (admin, bob) = (world.person(r"t100\nexus").await, world.person(r"t200\bob").await);
    assigned(&bob, OTHER_TENANT, KEY).await;
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..60 {
        let admin = admin.clone();
        calls.spawn(async move { admin.post(&keys(), &named(KEY)).await.status.as_u16() });
    }
    let statuses = calls.join_all().await;
    let count = |status| statuses.iter().filter(|s| **s == status).count();
    assert_eq!((count(409), count(429)), (20, 40), "{statuses:?}");
    let free = admin.post(&keys(), &named(ANOTHER)).await;
    assert_eq!(free.status, 429, "a free one is not told from a taken one");
    assert!(free.header("retry-after").parse::<u32>().unwrap() <= 3_600);
    let log = admin.get("/v1/audit?action=key.create_refused").await.json();
    assert_eq!(log["events"].as_array().map(Vec::len), Some(20));
}

#[tokio::test]
async fn en_03_a_foreign_contact_center_and_none_are_the_same() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let mut answers = Vec::new();
    for ccid in [OTHER_TENANT, NO_TENANT, "t200", "*", "%00", "x"] {
        let answer = admin.post(&keys_of(ccid), &named(KEY)).await;
        assert_eq!(answer.status, 404, "{ccid}: {}", answer.text());
        assert_eq!(answer.json()["status"]["code"], 6);
        answers.push(answer.text());
    }
    assert!(answers.iter().all(|a| *a == answers[0]), "{answers:?}");
    assert_eq!(world.person("ops").await.post(&keys_of(NO_TENANT), &named(KEY)).await.status, 404);
}

#[tokio::test]
async fn whoever_lacks_the_right_assigns_nothing() {
    let world = World::start().await;
    for caller in [world.person(r"t100\vera").await, world.client("powerless").await] {
        let answer = caller.post(&keys(), &named(KEY)).await;
        assert_eq!(answer.status, 403, "{}", answer.text());
        assert_eq!(answer.json()["status"]["code"], 3);
    }
    let verifier = world.client("cluster-verifier").await;
    assert_eq!(verdict(&verifier, KEY).await, "NOT_FOUND");
}
