//! Tenants by `/v1`.

use super::{act, api, later, made, newest, nexus, verdict};
use http::Method;
use it::{
    Answer, Caller, World,
    world::{NO_TENANT, OTHER_TENANT, PASSWORD, TENANT},
};
use serde_json::{Value, json};

async fn create(caller: &Caller, body: &Value) -> Value {
    let answer = caller.post("/v1/tenants", body).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn change(caller: &Caller, id: &str, body: &Value) -> Answer {
    let path = format!("/v1/tenants/{id}");
    caller.send(Method::PATCH, &path, Some("application/json"), body.to_string().into()).await
}

fn id(tenant: &Value) -> String {
    tenant["id"].as_str().expect("an id").to_owned()
}

#[tokio::test]
async fn a_tenant_is_made_and_shown_as_it_was_asked_for() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let answer = ops
        .post(
            "/v1/tenants",
            &json!({"id": NO_TENANT, "name": "Acme", "domains": ["ACME", "acme-eu"],
                "realm": "acme", "keyPrefix": "acme_",
                "environment": "5f2c1e0a-6a0b-4c57-9d0e-0d6f3f1f9b11",
                "policy": {"unacknowledged": "lapse", "lapseMinutes": 60}}),
        )
        .await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.header("etag"), "\"1\"");
    let expected = json!({"id": NO_TENANT, "name": "Acme", "domains": ["acme", "acme-eu"],
        "environment": "5f2c1e0a-6a0b-4c57-9d0e-0d6f3f1f9b11", "realm": "acme",
        "keyPrefix": "acme_", "enabled": true,
        "policy": {"unacknowledged": "lapse", "lapseMinutes": 60},
        "created": "2026-03-01T12:00:00.000Z", "version": 1});
    assert_eq!(answer.json(), expected);
    assert_eq!(ops.get(&format!("/v1/tenants/{NO_TENANT}")).await.json(), expected);
    let event = ops.get("/v1/audit?action=tenant.create&limit=1").await.json();
    assert_eq!(event["events"][0]["chain"], NO_TENANT);
    assert_eq!(event["events"][0]["event"]["after"]["keyPrefix"], "acme_");
    let plain = create(&ops, &json!({"name": "Plain"})).await;
    assert_eq!(plain["policy"], json!({"unacknowledged": "live", "lapseMinutes": null}));
    assert_eq!((&plain["domains"], &plain["realm"]), (&json!([]), &Value::Null));
}

#[tokio::test]
async fn values_that_cannot_be_are_refused_by_name() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    for (member, value) in [
        ("id", json!("t100")),
        ("name", json!("")),
        ("domains", json!(["a.b"])),
        ("domains", json!(["a", "A"])),
        ("domains", json!([TENANT])),
        ("realm", json!("Realm")),
        ("realm", json!(TENANT)),
        ("environment", json!("default")),
        ("environment", json!(NO_TENANT)),
        ("keyPrefix", json!("kw_")),
        ("keyPrefix", json!("Acme_")),
        ("keyPrefix", json!("acme")),
    ] {
        let mut body = json!({"name": "Acme"});
        body[member] = value.clone();
        let answer = ops.post("/v1/tenants", &body).await;
        assert_eq!(answer.status, 400, "{member} {value}: {}", answer.text());
        assert_eq!(answer.json()["field"], member, "{value}");
    }
    for (policy, field) in [
        (json!({"unacknowledged": "lapse"}), "policy.lapseMinutes"),
        (json!({"unacknowledged": "lapse", "lapseMinutes": 0}), "policy.lapseMinutes"),
        (json!({"unacknowledged": "live", "lapseMinutes": 5}), "policy.lapseMinutes"),
        (json!({"unacknowledged": "never"}), "policy.unacknowledged"),
    ] {
        let answer = ops.post("/v1/tenants", &json!({"name": "A", "policy": policy})).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["field"]), (400, &json!(field)));
    }
    let answer = ops.post("/v1/tenants", &json!({"name": "A", "colour": "red"})).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["field"]), (400, &json!("colour")));
    assert_eq!(ops.get("/v1/tenants").await.json()["tenants"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn names_belong_to_one_tenant_of_the_installation() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    create(&ops, &json!({"name": "A", "realm": "a", "domains": ["a"], "keyPrefix": "aa_"})).await;
    for taken in [
        json!({"name": "B", "realm": "a"}),
        json!({"name": "B", "domains": ["b", "A"]}),
        json!({"name": "B", "keyPrefix": "aa_"}),
        json!({"name": "B", "id": TENANT}),
    ] {
        let answer = ops.post("/v1/tenants", &taken).await;
        assert_eq!(answer.status, 409, "{taken}: {}", answer.text());
    }
    let admin = world.person(r"t100\nexus").await;
    for taken in [json!({"realm": "a"}), json!({"domains": ["a"]}), json!({"keyPrefix": "aa_"})] {
        let answer = change(&admin, TENANT, &taken).await;
        assert_eq!(answer.status, 409, "{taken}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_tenants_administrator_sees_and_changes_its_own_alone() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let list = admin.get("/v1/tenants").await.json();
    assert_eq!(list["tenants"].as_array().unwrap().len(), 1);
    assert_eq!((&list["tenants"][0]["id"], &list["nextCursor"]), (&json!(TENANT), &Value::Null));
    let none = admin.get("/v1/tenants?search=other").await.json();
    assert_eq!(none["tenants"], json!([]));
    let answer =
        change(&admin, TENANT, &json!({"name": "Ours", "domains": ["t100", "ours"]})).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!((&answer.json()["name"], &answer.json()["version"]), (&json!("Ours"), &json!(2)));
    let event = newest(&admin, "tenant.update").await;
    assert_eq!(event["before"]["name"], "premise_tenant");
    assert_eq!(event["after"]["domains"], json!(["t100", "ours"]));
    for path in [OTHER_TENANT, NO_TENANT, "t200"] {
        assert_eq!(admin.get(&format!("/v1/tenants/{path}")).await.status, 404, "{path}");
        assert_eq!(change(&admin, path, &json!({"name": "x"})).await.status, 404, "{path}");
    }
    for body in [json!({"enabled": false}), json!({"environment": null})] {
        assert_eq!(change(&admin, TENANT, &body).await.status, 403, "{body}");
    }
    assert_eq!(change(&admin, TENANT, &json!({"enabled": true})).await.status, 200, "no change");
    assert_eq!(admin.post("/v1/tenants", &json!({"name": "Mine"})).await.status, 403);
    assert_eq!(admin.delete(&format!("/v1/tenants/{TENANT}")).await.status, 403);
    let vera = world.person(r"t100\vera").await;
    assert_eq!(vera.get("/v1/tenants").await.status, 403);
}

#[tokio::test]
async fn ap_03_a_change_says_what_it_means_and_of_which_version() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let made = create(&ops, &json!({"name": "A", "realm": "a"})).await;
    let path = id(&made);
    let answer = change(&ops, &path, &made).await;
    assert_eq!(answer.status, 200, "as it is shown: {}", answer.text());
    assert_eq!(answer.json()["version"], 1, "nothing changed");
    for (member, value) in [("id", json!(TENANT)), ("version", json!(7)), ("created", json!("x"))] {
        let answer = change(&ops, &path, &json!({member: value})).await;
        assert_eq!((answer.status.as_u16(), &answer.json()["field"]), (400, &json!(member)));
    }
    let stale = ops.clone().with_header("if-match", "\"2\"");
    assert_eq!(change(&stale, &path, &json!({"name": "B"})).await.status, 412);
    assert_eq!(stale.delete(&format!("/v1/tenants/{path}")).await.status, 412);
    let fresh = ops.clone().with_header("if-match", "\"1\"");
    let answer = change(&fresh, &path, &json!({"realm": null})).await;
    assert_eq!((answer.status.as_u16(), &answer.json()["realm"]), (200, &Value::Null));
    assert_eq!(answer.header("etag"), "\"2\"");
}

#[tokio::test]
async fn ap_04_pages_of_tenants_join() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    for n in 0..5 {
        create(&ops, &json!({"name": format!("Tenant {n}"), "domains": [format!("d{n}")]})).await;
    }
    let names = |page: &Value| -> Vec<String> {
        let tenants = page["tenants"].as_array().unwrap().iter();
        tenants.map(|t| t["name"].as_str().unwrap().to_owned()).collect()
    };
    let all = names(&ops.get("/v1/tenants").await.json());
    assert_eq!(all.len(), 7);
    let (mut joined, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = ops.get(&format!("/v1/tenants?limit=2{cursor}")).await.json();
        joined.extend(names(&page));
        let Some(next) = page["nextCursor"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(joined, all);
    assert_eq!(names(&ops.get("/v1/tenants?search=TENANT%203").await.json()), ["Tenant 3"]);
    assert_eq!(names(&ops.get("/v1/tenants?search=d4").await.json()), ["Tenant 4"]);
    assert_eq!(names(&ops.get("/v1/tenants?search=companya").await.json()), ["premise_tenant"]);
    for query in ["?limit=0", "?limit=201", "?cursor=x", "?colour=red"] {
        assert_eq!(ops.get(&format!("/v1/tenants{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn a_disabled_tenants_keys_and_tokens_are_refused_at_once() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let admin = world.person(r"t100\nexus").await;
    let (_, secret) = made(&admin, &api("one")).await;
    assert_eq!(change(&ops, TENANT, &json!({"enabled": false})).await.status, 200);
    assert_eq!(verdict(&ops, &secret).await, "DISABLED");
    assert_eq!(admin.get("/v1/keys").await.status, 401);
    assert_eq!(world.anonymous().bearer(&secret).get("/v1/whoami").await.status, 401);
    assert_eq!(change(&ops, TENANT, &json!({"enabled": true})).await.status, 200);
    assert_eq!(verdict(&ops, &secret).await, "VALID");
    assert_eq!(admin.get("/v1/keys").await.status, 200);
}

#[tokio::test]
async fn ti_06_a_deleted_tenants_things_are_dead_for_the_next_question() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let admin = world.person(r"t100\nexus").await;
    let client = world.client("verifier-a").await;
    let (key, secret) = made(&admin, &api("one")).await;
    let (_, uuid) = made(&admin, &nexus("two")).await;
    let (revoked, gone) = made(&admin, &nexus("three")).await;
    act(&admin, &revoked, "revoke").await;
    let answer = ops.delete(&format!("/v1/tenants/{TENANT}")).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
    for secret in [&secret, &uuid, &gone] {
        assert_eq!(verdict(&ops, secret).await, "NOT_FOUND");
    }
    for caller in [&admin, &client] {
        assert_eq!(caller.get("/v1/whoami").await.status, 401);
    }
    let form = [("grant_type", "password"), ("username", r"t100\nexus"), ("password", PASSWORD)];
    let again = world.anonymous().basic("nexus_client", "");
    assert_eq!(again.post_form("/auth/v3/oauth/token", &form).await.status, 400);
    assert_eq!(ops.get(&format!("/v1/tenants/{TENANT}")).await.status, 404);
    assert_eq!(ops.get(&format!("/v1/keys/{key}")).await.status, 404);
    assert_eq!(ops.delete(&format!("/v1/tenants/{TENANT}")).await.status, 404);
    let event = ops.get(&format!("/v1/audit?tenant={TENANT}&limit=1")).await.json();
    assert_eq!(event["events"][0]["event"]["action"], "tenant.delete", "its audit log is kept");
    // Its domains and its realm are free.
    create(&ops, &json!({"name": "Next", "domains": ["t100"], "realm": "companya"})).await;
}

#[tokio::test]
async fn ti_06_a_deleted_tenants_data_goes_on_schedule_and_its_audit_log_stays() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let body = json!({"name": "A", "domains": ["a"], "keyPrefix": "acme_"});
    let tenant = id(&create(&ops, &body).await);
    let mut body = nexus("revoked");
    body["tenant"] = json!(tenant);
    let (revoked, _) = made(&ops, &body).await;
    act(&ops, &revoked, "revoke").await;
    body["name"] = json!("live");
    made(&ops, &body).await;
    assert_eq!(ops.delete(&format!("/v1/tenants/{tenant}")).await.status, 204);
    let events = || async {
        let ops = world.person("ops").await;
        let page = ops.get(&format!("/v1/audit?tenant={tenant}")).await.json();
        let events = page["events"].as_array().unwrap().iter();
        events.map(|e| e["event"]["action"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let before = events().await;
    let days = |n: u32| later(&world, n * 86_400_000);
    days(29);
    world.service.purge_tenants().await.unwrap();
    assert_eq!(events().await, before, "not yet");
    days(1);
    later(&world, 1);
    world.service.purge_tenants().await.unwrap();
    world.service.purge_tenants().await.unwrap();
    let after = events().await;
    assert_eq!(after[0], "tenant.purge", "once");
    assert_eq!(after[1..], before);
    let ops = world.person("ops").await;
    let answer = ops.post("/v1/tenants", &json!({"name": "B", "keyPrefix": "acme_"})).await;
    assert_eq!(answer.status, 409, "a prefix is never somebody else's");
    let report = world.service.verify_audit(&[]).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}

#[tokio::test]
async fn new_api_keys_begin_with_the_tenants_prefix() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (old, before) = made(&admin, &api("before")).await;
    assert_eq!(change(&admin, TENANT, &json!({"keyPrefix": "acme_"})).await.status, 200);
    let mut body = api("asks");
    body["permissions"] = json!(["keyward:keys:verify"]);
    let (id, secret) = made(&admin, &body).await;
    assert!(secret.starts_with("acme_"), "the prefix is the tenant's");
    let hint = super::show(&admin, &id).await["hint"].clone();
    assert!(hint.as_str().unwrap().starts_with("acme_…"), "{hint}");
    assert_eq!(verdict(&admin, &before).await, "VALID");
    let asking = world.anonymous().bearer(&secret);
    assert_eq!(verdict(&asking, &before).await, "VALID", "a Bearer key of any prefix asks");
    let rotated = act(&admin, &old, "rotate").await.json();
    assert!(rotated["secret"].as_str().unwrap().starts_with("acme_"));
    // Nobody chooses a secret that looks like it, in any tenant.
    let bob = world.person(r"t200\bob").await;
    let ges = json!({"keyType": "ges", "name": "g", "secret": "acme_aaaaaaaaaaaaaaaaaaaaaaaa"});
    assert_eq!(bob.post("/v1/keys", &ges).await.status, 400);
    assert_eq!(change(&admin, TENANT, &json!({"keyPrefix": null})).await.status, 200);
    assert!(made(&admin, &api("after")).await.1.starts_with("kw_"));
    assert_eq!(bob.post("/v1/keys", &ges).await.status, 400, "and it stays taken");
    assert_eq!(change(&bob, OTHER_TENANT, &json!({"keyPrefix": "acme_"})).await.status, 409);
    assert_eq!(change(&admin, TENANT, &json!({"keyPrefix": "acme_"})).await.status, 200);
}

#[tokio::test]
async fn unacknowledged_keys_serve_as_the_tenants_policy_says() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let ops = world.person("ops").await;
    let policy = |word: &str, minutes: Option<u32>| json!({"policy": {"unacknowledged": word, "lapseMinutes": minutes}});
    let (id, secret) = made(&admin, &api("once")).await;
    let (_, recoverable) = made(&admin, &nexus("chat")).await;
    assert_eq!(verdict(&ops, &secret).await, "VALID", "the default");
    assert_eq!(change(&admin, TENANT, &policy("inactive", None)).await.status, 200);
    assert_eq!(verdict(&ops, &secret).await, "DISABLED");
    assert_eq!(verdict(&ops, &recoverable).await, "VALID", "it can be read again");
    assert_eq!(change(&admin, TENANT, &policy("lapse", Some(10))).await.status, 200);
    later(&world, 599_999);
    assert_eq!(verdict(&ops, &secret).await, "VALID");
    later(&world, 1);
    assert_eq!(verdict(&ops, &secret).await, "DISABLED");
    let list = admin.get("/v1/keys?acknowledged=false").await.json();
    assert_eq!((list["keys"].as_array().unwrap().len(), &list["keys"][0]["id"]), (1, &json!(id)));
    assert_eq!(admin.get("/v1/keys?acknowledged=true&keyType=api").await.json()["keys"], json!([]));
    assert_eq!(admin.get("/v1/keys?acknowledged=maybe").await.status, 400);
    assert_eq!(act(&admin, &id, "acknowledge").await.status, 200);
    assert_eq!(verdict(&ops, &secret).await, "VALID", "acknowledging it brings it back");
    let list = admin.get("/v1/keys?acknowledged=true&keyType=api").await.json();
    assert_eq!(list["keys"][0]["id"], json!(id));
    let world = world.restart().await;
    let ops = world.person("ops").await;
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(verdict(&ops, &secret).await, "VALID");
    let (_, fresh) = made(&admin, &api("fresh")).await;
    later(&world, 660_000);
    let world = world.restart().await;
    let ops = world.person("ops").await;
    assert_eq!(verdict(&ops, &fresh).await, "DISABLED", "also after a start");
}

#[tokio::test]
async fn a_rotation_leaves_the_old_secret_serving_while_the_new_one_waits() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let inactive = json!({"policy": {"unacknowledged": "inactive", "lapseMinutes": null}});
    let (id, old) = made(&admin, &api("once")).await;
    assert_eq!(act(&admin, &id, "acknowledge").await.status, 200);
    assert_eq!(change(&admin, TENANT, &inactive).await.status, 200);
    let path = format!("/v1/keys/{id}/rotate");
    let rotated = admin.post(&path, &json!({"overlapSeconds": 3600})).await;
    assert_eq!(rotated.status, 200, "{}", rotated.text());
    let new = rotated.json()["secret"].as_str().unwrap().to_owned();
    assert_eq!(verdict(&admin, &old).await, "VALID");
    assert_eq!(verdict(&admin, &new).await, "DISABLED");
    let (other, never) = made(&admin, &api("never stored")).await;
    assert_eq!(verdict(&admin, &never).await, "DISABLED");
    let path = format!("/v1/keys/{other}/rotate");
    let answer = admin.post(&path, &json!({"overlapSeconds": 3600})).await;
    assert_eq!(answer.status, 409, "what does not serve gets no overlap: {}", answer.text());
    assert_eq!(admin.post(&path, &json!({"overlapSeconds": 0})).await.status, 200);
}

#[tokio::test]
async fn tenants_are_made_once_for_one_idempotency_key() {
    let world = World::start().await;
    let ops = world.person("ops").await.with_header("idempotency-key", "one");
    let first = create(&ops, &json!({"name": "A"})).await;
    let again = ops.post("/v1/tenants", &json!({"name": "A"})).await;
    assert_eq!((again.status.as_u16(), again.json()), (201, first));
    assert_eq!(again.header("idempotency-replayed"), "true");
}
