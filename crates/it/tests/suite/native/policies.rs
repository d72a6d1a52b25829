//! Policies on our own wire: who makes them for whom, and what they may say.

mod said;

use super::newest;
use domain::{
    key_type::Place,
    policy::{Envelope, IdentityHeaders, LimitedAs, Policy, Source, Wanted},
};
use http::Method;
use it::{
    Answer, Caller, World,
    world::{NO_TENANT, OTHER_TENANT, TENANT},
};
use serde_json::{Value, json};
use service::rules::Configured;

async fn create(caller: &Caller, body: &Value) -> Value {
    let answer = caller.post("/v1/policies", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn change(caller: &Caller, name: &str, body: &Value) -> Answer {
    caller.patch(&format!("/v1/policies/{name}"), body).await
}

fn orders() -> Value {
    json!({"name": "orders", "keyTypes": ["api"], "permission": "orders:read",
        "presentedIn": ["bearer", {"header": "x-api-key"}]})
}

/// Lets any key pass, and says so.
fn open(name: &str) -> Value {
    json!({"name": name, "keyTypes": [], "permission": null, "presentedIn": ["bearer"]})
}

/// A policy as the configuration holds it.
fn configured(name: &str, tenant: Option<&str>) -> Policy {
    Policy {
        name: name.to_owned(),
        tenant: tenant.map(|id| domain::id::TenantId::parse(id).unwrap()),
        key_types: vec![],
        wanted: Wanted::default(),
        presented_in: vec![Place::Bearer],
        tokens: domain::policy::Tokens::default(),
        cost: 1,
        limit: None,
        limited_as: LimitedAs::default(),
        envelope: Envelope::default(),
        identity: IdentityHeaders::default(),
        source: Source::Configuration,
    }
}

fn configure(world: &World, policies: Vec<Policy>) {
    let configured = Configured { policies, ..Configured::default() };
    world.service.configure_rules(configured).unwrap();
}

#[tokio::test]
async fn a_policy_is_what_it_was_made_as_and_in_force_with_the_answer() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    assert!(world.service.rules().find_policy("orders").is_none());
    let mut body = orders();
    body["permission"] = json!({"any": ["orders:read", "orders:write"]});
    body["presentedIn"] = json!([{"header": "X-Orders-Key"}, "bearer", {"parameter": "key"}]);
    body["limit"] = json!({"capacity": 600, "frequency": 60});
    body["limitedAs"] = json!(403);
    body["identityHeaders"] = json!({"tenant": "X-Consumer"});
    let made = create(&ops, &body).await;
    let expected = json!({"name": "orders", "tenant": null, "keyTypes": ["api"],
        "permission": {"any": ["orders:read", "orders:write"]},
        "presentedIn": [{"header": "x-orders-key"}, "bearer", {"parameter": "key"}],
        "tokens": "refused", "cost": 1,
        "limit": {"capacity": 600, "frequency": 60}, "limitedAs": 403, "envelope": "problem",
        "identityHeaders": {"tenant": "x-consumer", "keyId": "x-keyward-key-id",
            "keyName": "x-keyward-key-name", "permissions": "x-keyward-permissions"},
        "source": "stored", "created": "2026-03-01T12:00:00.000Z", "version": 1});
    assert_eq!(made, expected);
    let rules = world.service.rules();
    assert_eq!(rules.find_policy("orders").unwrap().limited_as, LimitedAs::Forbidden);
    let shown = ops.get("/v1/policies/orders").await;
    assert_eq!((shown.json(), shown.header("etag")), (made.clone(), "\"1\""));
    let stale = ops.clone().with_header("if-match", "\"2\"");
    assert_eq!(change(&stale, "orders", &json!({"cost": 2})).await.status, 412);
    let same = change(&ops, "orders", &made).await;
    assert_eq!((same.status.as_u16(), same.json()), (200, made), "as it is shown");
    let update = json!({"permission": null, "cost": 2, "limit": null, "envelope": "nexus"});
    let after = change(&ops, "orders", &update).await;
    assert_eq!((after.status.as_u16(), after.header("etag")), (200, "\"2\""), "{}", after.text());
    assert_eq!(world.service.rules().find_policy("orders").unwrap().cost, 2);
    assert_eq!(rules.find_policy("orders").unwrap().cost, 1, "a snapshot stays what it was");
    let world = world.restart().await;
    let ops = world.person("ops").await;
    assert_eq!(ops.get("/v1/policies/orders").await.json(), after.json(), "also after a start");
    assert_eq!(world.service.rules().find_policy("orders").unwrap().cost, 2);
    assert_eq!(
        ops.clone().with_header("if-match", "\"1\"").delete("/v1/policies/orders").await.status,
        412
    );
    assert_eq!(ops.delete("/v1/policies/orders").await.status, 204);
    assert!(world.service.rules().find_policy("orders").is_none());
    assert_eq!(ops.delete("/v1/policies/orders").await.status, 404);
    assert_eq!(create(&ops, &orders()).await["version"], 1, "its name is free again");
    let report = world.service.verify_audit(&[]).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[tokio::test]
async fn ti_01_a_tenants_administrator_manages_its_tenants_policies_alone() {
    let world = World::start().await;
    let (admin, bob) = (world.person(r"t100\nexus").await, world.person(r"t200\bob").await);
    let ops = world.person("ops").await;
    configure(&world, vec![configured("fixed", None), configured("its", Some(TENANT))]);
    let made = create(&admin, &orders()).await;
    assert_eq!(made["tenant"], TENANT, "its own tenant");
    assert_eq!(
        newest(&admin, "policy.create").await["subject"],
        json!({"kind": "policy", "id": "orders"})
    );
    // Keys of every tenant, and of another one, are not its to let pass.
    let mut body = open("wide");
    body["tenant"] = Value::Null;
    let refused = admin.post("/v1/policies", &body).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["right"]),
        (403, &json!("Gateway.canManage"))
    );
    for tenant in [OTHER_TENANT, NO_TENANT] {
        body["tenant"] = json!(tenant);
        assert_eq!(admin.post("/v1/policies", &body).await.status, 404);
    }
    body["tenant"] = json!(NO_TENANT);
    assert_eq!(ops.post("/v1/policies", &body).await.status, 404);
    // To others it is not there.
    assert_eq!(bob.get("/v1/policies/orders").await.status, 404);
    assert_eq!(change(&bob, "orders", &json!({"cost": 0})).await.status, 404);
    assert_eq!(bob.delete("/v1/policies/orders").await.status, 404);
    assert_eq!(bob.get("/v1/policies").await.json()["policies"], json!([]));
    assert_eq!(bob.get(&format!("/v1/policies?tenant={TENANT}")).await.status, 404);
    assert_eq!(bob.post("/v1/policies", &orders()).await.status, 409, "one name in all tenants");
}

#[tokio::test]
async fn ti_01_what_the_cluster_made_for_a_tenant_its_administrator_only_sees() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let ops = world.person("ops").await;
    configure(&world, vec![configured("fixed", None), configured("its", Some(TENANT))]);
    create(&admin, &orders()).await;
    let mut platform = open("platform");
    platform["tenant"] = json!(TENANT);
    create(&ops, &platform).await;
    create(&ops, &open("all")).await;
    assert_eq!(admin.get("/v1/policies/platform").await.status, 200);
    for answer in [
        change(&admin, "platform", &json!({"cost": 0})).await,
        admin.delete("/v1/policies/platform").await,
    ] {
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["right"]),
            (403, &json!("Gateway.canManage"))
        );
    }
    assert_eq!(admin.get("/v1/policies/all").await.status, 404);
    let names = |answer: Answer| -> Vec<String> {
        let list = answer.json();
        let all = list["policies"].as_array().unwrap().iter();
        all.map(|p| p["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(admin.get("/v1/policies").await), ["its", "orders", "platform"]);
    assert_eq!(names(ops.get("/v1/policies").await), ["all", "fixed", "its", "orders", "platform"]);
    assert_eq!(names(ops.get("/v1/policies?tenant=*").await), ["all", "fixed"]);
    let page = ops.get("/v1/policies?limit=2").await.json();
    let next = page["nextCursor"].as_str().unwrap();
    assert_eq!(
        names(ops.get(&format!("/v1/policies?limit=3&cursor={next}")).await),
        ["its", "orders", "platform"]
    );
    assert_eq!(admin.get(&format!("/v1/policies?cursor={next}")).await.status, 400, "another list");
    // The cluster changes what a tenant made; whoever lacks the right, nothing.
    assert_eq!(change(&ops, "orders", &json!({"cost": 0})).await.status, 200);
    for who in [r"t100\vera", r"t100\nora"] {
        let caller = world.person(who).await;
        assert_eq!(caller.get("/v1/policies").await.status, 403);
        assert_eq!(caller.post("/v1/policies", &json!({"name": "x"})).await.status, 403);
        assert_eq!(caller.delete("/v1/policies/orders").await.status, 403);
    }
    assert_eq!(world.anonymous().get("/v1/policies").await.status, 401);
    assert_eq!(world.anonymous().post("/v1/policies", &orders()).await.status, 401);
}

#[tokio::test]
async fn what_the_configuration_holds_is_shown_and_changed_there_alone() {
    let world = World::start().await;
    let (ops, admin) = (world.person("ops").await, world.person(r"t100\nexus").await);
    let mut both = open("both");
    both["cost"] = json!(7);
    create(&ops, &both).await;
    configure(&world, vec![configured("both", None), configured("its", Some(TENANT))]);
    let shown = ops.get("/v1/policies/its").await.json();
    assert_eq!(
        (&shown["source"], &shown["created"], &shown["version"]),
        (&json!("configuration"), &Value::Null, &json!(0))
    );
    for caller in [&ops, &admin] {
        assert_eq!(change(caller, "its", &json!({"cost": 2})).await.status, 409);
        assert_eq!(caller.delete("/v1/policies/its").await.status, 409);
    }
    assert_eq!(ops.post("/v1/policies", &open("its")).await.status, 409);
    // Of two with one name that of the configuration is in force; the other can be deleted.
    assert_eq!(ops.get("/v1/policies/both").await.json()["cost"], 1);
    assert_eq!(world.service.rules().find_policy("both").unwrap().cost, 1);
    assert_eq!(ops.delete("/v1/policies/both").await.status, 204);
    assert_eq!(ops.delete("/v1/policies/both").await.status, 409, "what is left is configured");
}

#[tokio::test]
async fn ti_06_the_rules_of_a_deleted_tenant_are_gone_and_their_names_free() {
    let world = World::start().await;
    let (ops, admin) = (world.person("ops").await, world.person(r"t100\nexus").await);
    create(&admin, &orders()).await;
    let mut platform = open("platform");
    platform["tenant"] = json!(TENANT);
    create(&ops, &platform).await;
    create(&ops, &open("all")).await;
    assert_eq!(ops.delete(&format!("/v1/tenants/{TENANT}")).await.status, 204);
    let rules = world.service.rules();
    assert_eq!(rules.policies().keys().collect::<Vec<_>>(), ["all"]);
    assert_eq!(ops.get("/v1/policies/orders").await.status, 404);
    let mut body = orders();
    body["tenant"] = json!(OTHER_TENANT);
    create(&ops, &body).await;
    let report = world.service.verify_audit(&[]).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[tokio::test]
async fn ht_08_a_repeated_creation_makes_one_policy() {
    let world = World::start().await;
    let ops = world.person("ops").await.with_header("idempotency-key", "\"once\"");
    let first = ops.post("/v1/policies", &orders()).await;
    let again = ops.post("/v1/policies", &orders()).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 201), "{}", again.text());
    assert_eq!(first.json(), again.json());
    let answer = ops.send(Method::PUT, "/v1/policies/orders", None, "".into()).await;
    assert_eq!(answer.status, 405);
}
