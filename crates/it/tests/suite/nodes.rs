//! Two nodes on one PostgreSQL: what one wrote, the other knows within a second.
//!
//! SQLite has one node; there these tests say that a second one is refused.

use it::{Caller, World, world::TENANT};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const WITHIN: Duration = Duration::from_secs(1);

/// A key of the first tenant, made on the first node; its secret and its id on the wire's paths.
async fn make_key(caller: &Caller) -> String {
    let body = json!({"tenant": TENANT, "name": "shared", "permissions": ["nexus:consumer:chat"]});
    let answer = caller.post("/nexus/v3/apikeys", &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["id"].as_str().expect("an id").to_owned()
}

/// Asks until the verdict is there; fails after a second.
async fn becomes(caller: &Caller, secret: &str, verdict: &str) {
    let begin = Instant::now();
    let mut last = Value::Null;
    while begin.elapsed() < WITHIN {
        last = caller.post("/v1/keys/verify", &json!({"secret": secret, "cost": 0})).await.json();
        if last["verdict"] == verdict {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("not {verdict} within a second: {last}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_03_a_change_reaches_the_other_node_within_a_second() {
    let world = World::start().await;
    let Some((_other, app)) = world.second_node().await else {
        let again = service::Service::open(it::world::opening(world.place(), &world.clock)).await;
        assert!(again.is_err(), "two processes on one SQLite would not see each other");
        return;
    };
    let first = world.person(r"t100\nexus").await;
    let ops = world.client("cluster-verifier").await;
    let second = Caller::new(app).bearer(ops.token.as_deref().expect("a token"));
    let secret = make_key(&first).await;
    becomes(&second, &secret, "VALID").await;
    let path = format!("/nexus/v3/apikeys/{secret}");
    assert_eq!(first.put(&path, &json!({"enabled": false})).await.status, 200);
    becomes(&second, &secret, "DISABLED").await;
    assert_eq!(first.put(&path, &json!({"enabled": true})).await.status, 200);
    becomes(&second, &secret, "VALID").await;
    assert_eq!(first.put(&path, &json!({"revoked": true})).await.status, 200);
    becomes(&second, &secret, "REVOKED").await;
    let secret = make_key(&first).await;
    becomes(&second, &secret, "VALID").await;
    assert_eq!(first.delete(&format!("/nexus/v3/apikeys/{secret}")).await.status, 204);
    becomes(&second, &secret, "NOT_FOUND").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fresh_token_serves_on_the_other_node_at_once_and_a_revoked_one_ends_there() {
    let world = World::start().await;
    let Some((_other, app)) = world.second_node().await else { return };
    for _ in 0..20 {
        let first = world.person(r"t100\nexus").await;
        let token = first.token.clone().expect("a token");
        let second = Caller::new(app.clone()).bearer(&token);
        assert_eq!(second.get("/auth/v3/userinfo").await.status, 200, "read through on a miss");
        assert_eq!(first.post("/auth/v3/sign-out", &json!({})).await.status, 200);
        let begin = Instant::now();
        while second.get("/auth/v3/userinfo").await.status == 200 {
            assert!(begin.elapsed() < WITHIN, "a signed-out token still serves");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_03_tenants_and_their_key_types_are_the_same_on_the_other_node() {
    let world = World::start().await;
    let Some((_other, app)) = world.second_node().await else { return };
    let ops = world.person("ops").await;
    let admin = world.person(r"t100\nexus").await;
    let second = Caller::new(app).bearer(ops.token.as_deref().expect("a token"));
    let body = json!({"name": "partner", "format": {"kind": "random", "prefix": "prt_"}});
    assert_eq!(admin.post("/v1/key-types", &body).await.status, 201);
    let path = format!("/v1/key-types/partner?tenant={TENANT}");
    let begin = Instant::now();
    while second.get(&path).await.status != 200 {
        assert!(begin.elapsed() < WITHIN, "the type is not there within a second");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let key = json!({"keyType": "partner", "name": "k", "permissions": ["orders:read"]});
    let made = admin.post("/v1/keys", &key).await.json();
    let secret = made["secret"].as_str().expect("a secret");
    becomes(&second, secret, "VALID").await;
    let policy = json!({"policy": {"unacknowledged": "inactive"}}).to_string();
    let tenant = format!("/v1/tenants/{TENANT}");
    let changed = ops.send(http::Method::PATCH, &tenant, Some("application/json"), policy.into());
    assert_eq!(changed.await.status, 200);
    becomes(&second, secret, "DISABLED").await;
    assert_eq!(ops.delete(&tenant).await.status, 204);
    becomes(&second, secret, "NOT_FOUND").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_03_policies_and_routes_are_the_same_on_the_other_node() {
    let world = World::start().await;
    let Some((other, _app)) = world.second_node().await else { return };
    let ops = world.person("ops").await;
    let within = async |done: &dyn Fn(&service::rules::Rules) -> bool| {
        let begin = Instant::now();
        while !done(&other.rules()) {
            assert!(begin.elapsed() < WITHIN, "not the same within a second");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let policy = json!({"name": "orders", "keyTypes": ["api"], "permission": "orders:read",
        "presentedIn": ["bearer"], "tenant": TENANT});
    assert_eq!(ops.post("/v1/policies", &policy).await.status, 201);
    within(&|rules| rules.find_policy("orders").is_some()).await;
    let route = json!({"name": "orders", "prefix": "/orders", "upstream": "https://orders.example",
            "keyTypes": ["api"], "permission": "orders:read", "presentedIn": ["bearer"]});
    assert_eq!(ops.post("/v1/gateway/routes", &route).await.status, 201);
    within(&|rules| rules.find_route(None, "/orders/1").is_some()).await;
    assert_eq!(ops.patch("/v1/policies/orders", &json!({"cost": 9})).await.status, 200);
    within(&|rules| rules.find_policy("orders").is_some_and(|p| p.cost == 9)).await;
    assert_eq!(ops.delete("/v1/gateway/routes/orders").await.status, 204);
    within(&|rules| rules.routes().is_empty()).await;
    assert_eq!(ops.delete(&format!("/v1/tenants/{TENANT}")).await.status, 204);
    within(&|rules| rules.policies().is_empty()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn r_03_issuers_are_believed_the_same_on_the_other_node() {
    let world = World::start().await;
    let Some((other, _app)) = world.second_node().await else { return };
    let admin = world.person(r"t100\nexus").await;
    let tenant = it::world::tenant().tenant().expect("a tenant");
    let within = async |labels: &[&str]| {
        let begin = Instant::now();
        while !other.sign_in_issuers(tenant).iter().map(|(_, label)| label).eq(labels) {
            assert!(begin.elapsed() < WITHIN, "not the same within a second");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let issuer = json!({"name": "sso", "issuer": "https://sso.example", "clientId": "us"});
    let made = admin.post("/v1/issuers", &issuer).await;
    assert_eq!(made.status, 201, "{}", made.text());
    within(&["sso"]).await;
    let path = format!("/v1/issuers/{}", made.json()["id"].as_str().expect("an id"));
    assert_eq!(admin.patch(&path, &json!({"label": "Company"})).await.status, 200);
    within(&["Company"]).await;
    assert_eq!(admin.patch(&path, &json!({"enabled": false})).await.status, 200);
    within(&[]).await;
    assert_eq!(admin.patch(&path, &json!({"enabled": true})).await.status, 200);
    within(&["Company"]).await;
    assert_eq!(admin.delete(&path).await.status, 204);
    within(&[]).await;
}
