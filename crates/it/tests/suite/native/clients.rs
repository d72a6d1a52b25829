//! `/v1/clients`.

use super::persons::{path_of, person};
use crate::auth_v3::{audited, lives, refreshed};
use it::{
    Caller, World,
    world::{CLIENT_SECRET, NO_TENANT, OTHER_TENANT, PASSWORD, TENANT},
};
use serde_json::{Value, json};

const CLIENTS: &str = "/v1/clients";

/// Makes a client; returns its path and its secret.
async fn made(caller: &Caller, body: &Value) -> (String, String) {
    let answer = caller.post(CLIENTS, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let client = answer.json();
    let secret = client["secret"].as_str().expect("a secret").to_owned();
    (format!("{CLIENTS}/{}", client["clientId"].as_str().unwrap()), secret)
}

async fn ids(caller: &Caller, query: &str) -> Vec<String> {
    let page = caller.get(&format!("{CLIENTS}{query}")).await;
    assert_eq!(page.status, 200, "{query}: {}", page.text());
    let json = page.json();
    let clients = json["clients"].as_array().unwrap().iter();
    clients.map(|c| c["clientId"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_client_is_made_with_a_secret_that_is_told_once_and_gets_tokens() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let answer = admin.post(CLIENTS, &json!({"clientId": "shop", "roles": ["service"]})).await;
    let mut shown = answer.json();
    let secret = &shown.as_object_mut().unwrap().remove("secret").unwrap();
    let secret = secret.as_str().unwrap();
    assert!(secret.len() >= 40 && secret.bytes().all(|b| b.is_ascii_alphanumeric()));
    let id = shown["id"].clone();
    assert_eq!(
        shown,
        json!({"id": id, "clientId": "shop", "tenant": TENANT, "name": "shop", "description": null,
            "public": false, "grants": ["client_credentials"], "scopes": ["*"], "optionalScopes": [], "consentRequired": false,
            "pkce": "required", "accessTokenType": "JWT", "redirectUris": [],
            "roles": ["service"], "contactCenters": [], "accessTtlSeconds": null,
            "refreshTtlSeconds": 2_592_000, "enabled": true,
            "created": "2026-03-01T12:00:00.000Z", "version": 1})
    );
    let one = format!("{CLIENTS}/shop");
    let again = admin.get(&one).await;
    assert_eq!((again.json(), again.header("etag")), (shown.clone(), "\"1\""));
    let client = world.anonymous().client_token("shop", secret).await;
    assert_eq!(client.get("/nexus/v3/apikeys").await.status, 200);
    let event = audited(&world, "client.create").await.pop().unwrap();
    assert_eq!((&event["tenant"], &event["after"]["clientId"]), (&json!(TENANT), &json!("shop")));
    assert_eq!(event["detail"]["clusterWide"], false);
    assert!(!event.to_string().contains(secret));
    // Sent back as it is shown, it stays as it is.
    assert_eq!(admin.patch(&one, &shown).await.json(), shown);
    let change = json!({"name": "Shop", "description": "d", "accessTtlSeconds": 60});
    let changed = admin.patch(&one, &change).await.json();
    assert_eq!((&changed["name"], &changed["version"]), (&json!("Shop"), &json!(2)));
    let cleared = admin.patch(&one, &json!({"description": null})).await.json();
    assert_eq!(cleared["description"], Value::Null);
    let check = world.service.verify_audit(&[]).await.unwrap();
    assert_eq!(check.findings, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_secret_is_not_told_back_and_a_public_client_has_none() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let chosen = json!({"clientId": "chosen", "secret": "a secret of my own choice"});
    let answer = admin.post(CLIENTS, &chosen).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert!(answer.json().get("secret").is_none() && !answer.text().contains("own choice"));
    world.anonymous().client_token("chosen", "a secret of my own choice").await;
    let public = json!({"clientId": "public", "public": true, "grants": ["password"]});
    let answer = admin.post(CLIENTS, &public).await;
    assert_eq!((answer.status.as_u16(), answer.json().get("secret")), (201, None));
    let none = admin.act(&format!("{CLIENTS}/public/regenerate-secret")).await;
    assert_eq!(none.status, 409, "{}", none.text());
    let secret = admin.patch(&format!("{CLIENTS}/public"), &json!({"secret": "x"})).await;
    assert_eq!((secret.status.as_u16(), &secret.json()["field"]), (400, &json!("secret")));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_clients_are_refused_and_none_is_made() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let before = admin.get(CLIENTS).await.text();
    for (member, value, field) in [
        ("clientId", json!(""), "clientId"),
        ("clientId", json!("caf\u{e9}"), "clientId"),
        ("clientId", json!(1), "clientId"),
        ("name", json!(""), "name"),
        ("description", json!("x".repeat(1_001)), "description"),
        ("grants", json!(["implicit"]), "grants"),
        ("scopes", json!(["a b"]), "scopes"),
        ("grants", json!(["authorization_code"]), "redirectUris"),
        ("public", json!(true), "redirectUris"),
        ("redirectUris", json!(["javascript:alert(1)"]), "redirectUris"),
        ("redirectUris", json!(["https://a.example/#f"]), "redirectUris"),
        ("roles", json!(["ops"]), "roles"),
        ("roles", json!(["none"]), "roles"),
        ("contactCenters", json!([TENANT]), "contactCenters"),
        ("contactCenters", json!(["x"]), "contactCenters"),
        ("accessTtlSeconds", json!(0), "accessTtlSeconds"),
        ("refreshTtlSeconds", json!(99_999_999), "refreshTtlSeconds"),
        ("secret", json!("\u{7}"), "secret"),
        ("tenant", json!("t100"), "tenant"),
        ("rights", json!(["Keys.canVerify"]), "rights"),
        ("version", json!(1), "version"),
    ] {
        let mut body = json!({"clientId": "x"});
        body[member] = value.clone();
        let answer = admin.post(CLIENTS, &body).await;
        assert_eq!(answer.status, 400, "{member} {value}: {}", answer.text());
        assert_eq!(answer.json()["field"], field, "{member} {value}: {}", answer.text());
    }
    let taken = admin.post(CLIENTS, &json!({"clientId": "nexus_client"})).await;
    assert_eq!(taken.status, 409, "one space of names: {}", taken.text());
    for foreign in ["*", OTHER_TENANT, NO_TENANT] {
        let body = json!({"clientId": "x", "tenant": foreign});
        assert_eq!(admin.post(CLIENTS, &body).await.status, 404, "{foreign}");
    }
    assert_eq!(admin.get(CLIENTS).await.text(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn bc_09_a_client_id_is_never_the_id_of_a_person_or_of_another_client() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let gone = person(&admin, "gone", &[]).await;
    assert_eq!(admin.delete(&gone).await.status, 204);
    let (one, _) = made(&admin, &json!({"clientId": "shop"})).await;
    let own = admin.get(&one).await.json()["id"].as_str().unwrap().to_owned();
    let vera = path_of(&admin, "vera").await;
    for path in [vera, gone, own] {
        let id = path.rsplit('/').next().unwrap();
        for id in [id.to_owned(), id.to_uppercase()] {
            let answer = admin.post(CLIENTS, &json!({"clientId": id})).await;
            assert_eq!(answer.status, 409, "{id}: {}", answer.text());
        }
    }
    let free = json!({"clientId": "00000000-0000-4000-8000-000000000000"});
    assert_eq!(admin.post(CLIENTS, &free).await.status, 201);
    // By the other wire just the same.
    let ops = world.person("ops").await;
    let id = path_of(&ops, "ops").await;
    let data = json!({"client_id": id.rsplit('/').next().unwrap(), "client_secret": "s3cret"});
    let answer = ops.post("/auth/v3/ops/clients", &json!({"data": data})).await;
    assert_eq!(answer.status, 409, "{}", answer.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_secret_ends_the_old_one_and_every_token_that_it_brought() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let wanted =
        json!({"clientId": "shop", "grants": ["client_credentials", "password", "refresh_token"]});
    let (one, secret) = made(&admin, &wanted).await;
    let own = world.anonymous().client_token("shop", &secret).await.token.unwrap();
    let shop = world.anonymous().basic("shop", &secret);
    let form = [("grant_type", "password"), ("username", r"t100\vera"), ("password", PASSWORD)];
    let persons = shop.post_form("/auth/v3/oauth/token", &form).await.json();
    let text = |name: &str| persons[name].as_str().unwrap().to_owned();
    let (access, refresh) = (text("access_token"), text("refresh_token"));
    let elsewhere = world.person(r"t100\vera").await.token.unwrap();
    assert!(lives(&world, &own).await && lives(&world, &access).await);
    let renewed = admin.act(&format!("{one}/regenerate-secret")).await;
    assert_eq!(renewed.status, 200, "{}", renewed.text());
    let new = renewed.json()["secret"].as_str().unwrap().to_owned();
    assert_ne!(new, secret);
    assert!(!lives(&world, &own).await && !lives(&world, &access).await);
    assert!(lives(&world, &elsewhere).await, "what other clients were given stays");
    let shop = world.anonymous().basic("shop", &new);
    assert_eq!(refreshed(&shop, &refresh).await.status, 400);
    let form = [("grant_type", "client_credentials")];
    let old = world.anonymous().basic("shop", &secret);
    assert_eq!(old.post_form("/auth/v3/oauth/token", &form).await.status, 401);
    let token = world.anonymous().client_token("shop", &new).await.token.unwrap();
    let event = audited(&world, "client.regenerate_secret").await.pop().unwrap();
    assert!(!event.to_string().contains(&new));
    // A script that sends the same secret again replaces nothing; another one does.
    assert_eq!(admin.patch(&one, &json!({"secret": new})).await.json()["version"], 2);
    assert!(lives(&world, &token).await);
    assert_eq!(admin.patch(&one, &json!({"secret": "another secret"})).await.status, 200);
    assert!(!lives(&world, &token).await);
    world.anonymous().client_token("shop", "another secret").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_or_deleted_client_is_out_at_once() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (one, secret) = made(&admin, &json!({"clientId": "shop"})).await;
    let token = world.anonymous().client_token("shop", &secret).await.token.unwrap();
    assert_eq!(admin.patch(&one, &json!({"enabled": false})).await.json()["enabled"], false);
    assert!(!lives(&world, &token).await);
    let form = [("grant_type", "client_credentials")];
    let shop = world.anonymous().basic("shop", &secret);
    assert_eq!(shop.post_form("/auth/v3/oauth/token", &form).await.status, 401);
    assert_eq!(admin.patch(&one, &json!({"enabled": true})).await.status, 200);
    assert!(!lives(&world, &token).await, "a token came back to life");
    let token = world.anonymous().client_token("shop", &secret).await.token.unwrap();
    assert_eq!(admin.delete(&one).await.status, 204);
    assert!(!lives(&world, &token).await);
    assert_eq!(admin.get(&one).await.status, 404);
    assert_eq!(admin.delete(&one).await.status, 404);
    made(&admin, &json!({"clientId": "shop"})).await;
    // What the first start made is a client like any other.
    let seeded = format!("{CLIENTS}/powerless");
    let renewed = admin.act(&format!("{seeded}/regenerate-secret")).await.json();
    let form = [("grant_type", "client_credentials")];
    let old = world.anonymous().basic("powerless", CLIENT_SECRET);
    assert_eq!(old.post_form("/auth/v3/oauth/token", &form).await.status, 401);
    world.anonymous().client_token("powerless", renewed["secret"].as_str().unwrap()).await;
    assert_eq!(admin.delete(&seeded).await.status, 204);
}

#[tokio::test(flavor = "multi_thread")]
async fn ti_01_a_tenant_manages_its_own_clients_and_the_cluster_all() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(ids(&admin, "").await, ["powerless", "service-a", "verifier-a"]);
    assert_eq!(ids(&admin, "?search=VERI").await, ["verifier-a"]);
    for foreign in ["nexus_client", "verifier-b", "nobody"] {
        let path = format!("{CLIENTS}/{foreign}");
        assert_eq!(admin.get(&path).await.status, 404, "{foreign}");
        assert_eq!(admin.patch(&path, &json!({"enabled": false})).await.status, 404, "{foreign}");
        assert_eq!(admin.act(&format!("{path}/regenerate-secret")).await.status, 404);
        assert_eq!(admin.delete(&path).await.status, 404, "{foreign}");
    }
    assert_eq!(admin.get(&format!("{CLIENTS}?tenant=*")).await.status, 404);
    let ops = world.person("ops").await;
    assert_eq!(ids(&ops, "").await.len(), 8);
    assert_eq!(ids(&ops, &format!("?tenant={OTHER_TENANT}")).await, ["verifier-b"]);
    let (mut joined, mut query) = (Vec::new(), "?limit=3".to_owned());
    loop {
        joined.extend(ids(&ops, &query).await);
        let page = ops.get(&format!("{CLIENTS}{query}")).await.json();
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        query = format!("?limit=3&cursor={cursor}");
    }
    assert_eq!(joined, ids(&ops, "").await);
    for bad in ["limit=0", "limit=201", "cursor=AAAA", "tenant=x", "sort=x"] {
        assert_eq!(ops.get(&format!("{CLIENTS}?{bad}")).await.status, 400, "{bad}");
    }
    let confined =
        json!({"clientId": "confined", "contactCenters": [TENANT], "roles": ["service"]});
    let answer = ops.post(CLIENTS, &confined).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["tenant"]), (201, &json!("*")));
    let there = json!({"clientId": "there", "tenant": TENANT});
    assert_eq!(ops.post(CLIENTS, &there).await.status, 201);
    assert_eq!(admin.get(&format!("{CLIENTS}/there")).await.status, 200);
    let viewer = world.person(r"t100\vera").await;
    assert_eq!(viewer.get(CLIENTS).await.status, 403);
    assert_eq!(viewer.post(CLIENTS, &there).await.status, 403);
    assert_eq!(world.anonymous().get(CLIENTS).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_a_client_more_than_they_hold_within_a_tenant_either() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let role = json!({"name": "programs", "rights": ["Clients.canManage"]});
    assert_eq!(admin.post("/v1/roles", &role).await.status, 201);
    person(&admin, "paul", &["programs"]).await;
    let paul = world.person(r"t100\paul").await;
    let granting = json!({"clientId": "shop", "roles": ["service"]});
    assert_eq!(paul.post(CLIENTS, &granting).await.status, 403);
    let (one, _) = made(&paul, &json!({"clientId": "shop", "roles": ["programs"]})).await;
    assert_eq!(paul.patch(&one, &json!({"roles": ["service"]})).await.status, 403);
    let above = format!("{CLIENTS}/service-a");
    assert_eq!(paul.get(&above).await.status, 200);
    assert_eq!(paul.patch(&above, &json!({"name": "mine"})).await.status, 403);
    assert_eq!(paul.patch(&above, &json!({"secret": "taken over"})).await.status, 403);
    assert_eq!(paul.act(&format!("{above}/regenerate-secret")).await.status, 403);
    assert_eq!(paul.delete(&above).await.status, 403);
    world.client("service-a").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_has_passed_changes_no_client() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (one, secret) = made(&admin, &json!({"clientId": "shop"})).await;
    let stale = admin.clone().with_header("if-match", "\"1\"");
    assert_eq!(stale.patch(&one, &json!({"name": "first"})).await.status, 200);
    assert_eq!(stale.patch(&one, &json!({"name": "second"})).await.status, 412);
    assert_eq!(stale.act(&format!("{one}/regenerate-secret")).await.status, 412);
    assert_eq!(stale.delete(&one).await.status, 412);
    world.anonymous().client_token("shop", &secret).await;
    let once = admin.clone().with_header("idempotency-key", "one");
    let body = json!({"clientId": "other"});
    let (first, again) = (once.post(CLIENTS, &body).await, once.post(CLIENTS, &body).await);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert!(first.json().get("secret").is_some() && again.json().get("secret").is_none());
}
