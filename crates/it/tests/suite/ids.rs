//! What answers give away besides what was asked: no order, no counts, no secrets, whose a key is.

use crate::auth_v3::member;
use it::{
    Caller, World,
    world::{CLIENT_SECRET, PASSWORD, TENANT},
};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashSet};

const KEYS: &str = "/nexus/v3/apikeys";

async fn made(caller: &Caller, tenant: &str, permission: &str) -> String {
    let body = json!({"tenant": tenant, "name": "k", "permissions": [permission]});
    member(&caller.post(KEYS, &body).await, "id")
}

/// Every number in a document, by the name that it stands under.
fn numbers(value: &Value, name: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Number(_) => drop(found.insert(name.to_owned())),
        Value::Array(items) => items.iter().for_each(|item| numbers(item, name, found)),
        Value::Object(members) => {
            members.iter().for_each(|(member, value)| numbers(value, member, found));
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn en_05_ids_are_random_and_no_answer_counts_anything() {
    let world = World::start().await;
    let (admin, vera) = (world.person(r"t100\nexus").await, world.person(r"t100\vera").await);
    let mut requests = HashSet::new();
    for _ in 0..64 {
        made(&admin, TENANT, "nexus:consumer:chat").await;
        world.clock.advance_millis(1); // the list is in the order of creation
        let answer = admin.get("/auth/v3/ping").await;
        assert!(requests.insert(answer.header("x-request-id").to_owned()));
    }
    // Who may not reveal sees the keys' ids.
    let list = vera.get(KEYS).await.json();
    let ids: Vec<String> =
        list.as_array().unwrap().iter().map(|k| k["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 64);
    for id in &ids {
        assert!(id.len() == 26 && id.starts_with("key_"), "{id}");
        assert!(id[4..].bytes().all(|b| b.is_ascii_alphanumeric()), "{id}");
    }
    // 131 bits each: 64 of them share no beginning, and neither rise nor fall.
    let beginnings: HashSet<&str> = ids.iter().map(|id| &id[4..12]).collect();
    assert_eq!(beginnings.len(), ids.len());
    let rising = ids.windows(2).filter(|pair| pair[0] < pair[1]).count();
    assert!((10..54).contains(&rising), "in the order of creation {rising} of 63 rise");

    // The place in the reader's own chain is the one number that counts, and it is theirs to check.
    let known = [
        "capacity",
        "frequency",
        "code",
        "position",
        "version",
        "count",
        "exp",
        "iat",
        "expires_in",
        "accessTtl",
        "refreshTtl",
        "v", // the version of the event's form
    ];
    let mut found = BTreeSet::new();
    for path in [KEYS, "/v1/audit", "/auth/v3/userinfo", "/auth/v3/openid/userinfo"] {
        numbers(&admin.get(path).await.json(), "", &mut found);
    }
    let unknown: Vec<&String> = found.iter().filter(|n| !known.contains(&n.as_str())).collect();
    assert!(unknown.is_empty(), "what do these numbers tell? {unknown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn en_05_a_tenants_cursor_does_not_tell_how_busy_others_are() {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let world = World::start().await;
    let (admin, bob) = (world.person(r"t100\nexus").await, world.person(r"t200\bob").await);
    let cursor = async || {
        let page = bob.get("/v1/audit?limit=1").await.json();
        URL_SAFE_NO_PAD.decode(page["nextCursor"].as_str().unwrap()).unwrap()
    };
    let quiet = cursor().await;
    for _ in 0..5 {
        made(&admin, TENANT, "nexus:consumer:chat").await;
    }
    assert_eq!(cursor().await, quiet, "another tenant's five events show");
}

#[tokio::test(flavor = "multi_thread")]
async fn au_04_no_secret_is_in_an_audit_row() {
    let world = World::start().await;
    let (admin, ops) = (world.person(r"t100\nexus").await, world.person("ops").await);
    let mut secrets = vec![PASSWORD.to_owned(), CLIENT_SECRET.to_owned()];
    let secret = made(&admin, TENANT, "nexus:consumer:chat").await;
    let path = format!("{KEYS}/{secret}");
    admin.put(&path, &json!({"name": "renamed"})).await;
    admin.get(&path).await;
    admin.get(KEYS).await;
    admin.delete(&path).await;
    secrets.push(secret);
    let client = json!({"data": {"client_id": "noted", "client_secret": "canary-of-a-client",
        "authorizedGrantTypes": ["client_credentials"]}});
    assert_eq!(ops.post("/auth/v3/ops/clients", &client).await.status, 200);
    let next = json!({"data": {"client_secret": "canary-of-its-next"}});
    assert_eq!(ops.put("/auth/v3/ops/clients/noted", &next).await.status, 200);
    secrets.extend(["canary-of-a-client", "canary-of-its-next"].map(str::to_owned));
    let new = "seventeen quiet herons wade";
    let change = json!({"data": {"oldPassword": PASSWORD, "newPassword": new}});
    assert_eq!(admin.post("/auth/v3/change-password", &change).await.status, 200);
    // Somebody types the password into the field for the name.
    let form = [("grant_type", "password"), ("username", new), ("password", "canary-guess")];
    world.anonymous().basic("nexus_client", "").post_form("/auth/v3/oauth/token", &form).await;
    secrets.extend([new, "canary-guess"].map(str::to_owned));
    for caller in [&admin, &ops] {
        secrets.extend(caller.token.clone());
        secrets.extend(caller.refresh.clone());
    }
    admin.post("/auth/v3/sign-out", &json!({})).await;

    let rows = world.place().sql("SELECT event FROM audit_events");
    assert!(rows.len() > 10, "{rows:?}");
    for secret in &secrets {
        let digest = domain::secret::SecretDigest::of(secret);
        let hex: String = digest.as_bytes().iter().map(|b| format!("{b:02x}")).collect();
        for row in &rows {
            assert!(!row.contains(secret.as_str()) && !row.contains(&hex), "{row}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ti_05_cluster_keys_are_the_clusters_alone_marked_and_in_its_chain() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    // The cluster's own client, confined to one contact center: no longer the cluster.
    let confined = json!({"data": {"client_id": "confined", "client_secret": "a secret of it",
        "authorities": ["ROLE_X"], "contactCenterIds": [TENANT],
        "authorizedGrantTypes": ["client_credentials"]}});
    assert_eq!(ops.post("/auth/v3/ops/clients", &confined).await.status, 200);
    let confined = world.anonymous().client_token("confined", "a secret of it").await;
    let body = json!({"tenant": "*", "name": "k", "permissions": ["nexus:cluster:*"]});
    let secret = made(&ops, "*", "nexus:cluster:*").await;
    let path = format!("{KEYS}/{secret}");
    for caller in [&confined, &world.person(r"t100\nexus").await, &world.client("service-a").await]
    {
        assert_eq!(caller.post(KEYS, &body).await.status, 403);
        assert_eq!(caller.get(&path).await.status, 404);
        assert_eq!(caller.put(&path, &json!({"enabled": false})).await.status, 404);
        assert_eq!(caller.delete(&path).await.status, 404);
        assert!(!caller.get(KEYS).await.text().contains(&secret));
        assert_ne!(caller.get(&format!("{KEYS}?tenant=*")).await.status, 200);
        let mut own = body.clone();
        own["tenant"] = json!(TENANT);
        assert_eq!(caller.post(KEYS, &own).await.status, 400, "cluster permissions for a tenant");
    }
    let listed = ops.get(KEYS).await.json();
    let marked = listed.as_array().unwrap().iter().find(|k| k["id"] == secret.as_str()).unwrap();
    assert_eq!(marked["tenant"], "*");
    assert_eq!(ops.get(&path).await.json()["tenant"], "*");
    assert_eq!(ops.put(&path, &json!({"enabled": false})).await.status, 200);
    assert_eq!(ops.delete(&path).await.status, 204);
    let log = ops.get("/v1/audit?tenant=*").await.json();
    let seen: BTreeSet<&str> = log["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["event"]["action"].as_str().unwrap())
        .filter(|action| action.starts_with("key."))
        .collect();
    for wanted in ["key.create", "key.reveal", "key.delete"] {
        assert!(seen.contains(wanted), "{wanted} of {seen:?}");
    }
    assert!(seen.len() >= 4, "the switch is an event too: {seen:?}");
}
