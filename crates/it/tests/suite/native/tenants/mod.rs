//! Tenants by `/v1`.

mod allow_lists;
mod ending;
mod keys;

use super::newest;
use http::Method;
use it::{
    Answer, Caller, World,
    world::{NO_TENANT, OTHER_TENANT, TENANT},
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
        "keyPrefix": "acme_", "signingAlgorithm": "RS256", "openconnectRoute": null,
        "enabled": true,
        "policy": {"unacknowledged": "lapse", "lapseMinutes": 60, "warningDays": [30, 14, 7, 1]},
        "created": "2026-03-01T12:00:00.000Z", "version": 1});
    assert_eq!(answer.json(), expected);
    assert_eq!(ops.get(&format!("/v1/tenants/{NO_TENANT}")).await.json(), expected);
    let event = ops.get("/v1/audit?action=tenant.create&limit=1").await.json();
    assert_eq!(event["events"][0]["chain"], NO_TENANT);
    assert_eq!(event["events"][0]["event"]["after"]["keyPrefix"], "acme_");
    let plain = create(&ops, &json!({"name": "Plain"})).await;
    assert_eq!(
        plain["policy"],
        json!({"unacknowledged": "live", "lapseMinutes": null, "warningDays": [30, 14, 7, 1]})
    );
    assert_eq!((&plain["domains"], &plain["realm"]), (&json!([]), &Value::Null));
}

#[tokio::test]
async fn values_that_cannot_be_are_refused_by_name() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    for (member, value) in [
        ("id", json!("t100")),
        ("name", json!("")),
        // It would look like no tenant at all.
        ("name", json!("Whole installation")),
        ("name", json!(" WHOLE  installation (*)")),
        ("domains", json!(["a.b"])),
        ("domains", json!(["a", "A"])),
        ("domains", json!([TENANT])),
        ("realm", json!("Realm")),
        ("realm", json!(TENANT)),
        ("environment", json!("default")),
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
    let whole = json!({"name": "whole-installation"});
    let renamed = ops.patch(&format!("/v1/tenants/{TENANT}"), &whole).await;
    assert_eq!((renamed.status.as_u16(), &renamed.json()["field"]), (400, &json!("name")));
    for (policy, field) in [
        (json!({"unacknowledged": "lapse"}), "policy.lapseMinutes"),
        (json!({"unacknowledged": "lapse", "lapseMinutes": 0}), "policy.lapseMinutes"),
        (json!({"unacknowledged": "live", "lapseMinutes": 5}), "policy.lapseMinutes"),
        (json!({"unacknowledged": "never"}), "policy.unacknowledged"),
        (json!({"warningDays": [0]}), "policy.warningDays"),
        (json!({"warningDays": [366, 1]}), "policy.warningDays"),
        (json!({"warningDays": [7, 7]}), "policy.warningDays"),
        (json!({"warningDays": [1, 2, 3, 4, 5, 6, 7, 8, 9]}), "policy.warningDays"),
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
        json!({"name": "B", "environment": NO_TENANT}),
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
async fn tenants_are_made_once_for_one_idempotency_key() {
    let world = World::start().await;
    let ops = world.person("ops").await.with_header("idempotency-key", "one");
    let first = create(&ops, &json!({"name": "A"})).await;
    let again = ops.post("/v1/tenants", &json!({"name": "A"})).await;
    assert_eq!((again.status.as_u16(), again.json()), (201, first));
    assert_eq!(again.header("idempotency-replayed"), "true");
}

#[tokio::test]
async fn changes_at_the_same_time_queue_and_none_is_lost() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let path = id(&create(&ops, &json!({"name": "A"})).await);
    let (name, realm, domains) =
        (json!({"name": "B"}), json!({"realm": "b"}), json!({"domains": ["b"]}));
    let (one, two, three) = tokio::join!(
        change(&ops, &path, &name),
        change(&ops, &path, &realm),
        change(&ops, &path, &domains)
    );
    for answer in [one, two, three] {
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    let after = ops.get(&format!("/v1/tenants/{path}")).await.json();
    assert_eq!((&after["name"], &after["realm"]), (&json!("B"), &json!("b")));
    assert_eq!((&after["domains"], &after["version"]), (&json!(["b"]), &json!(4)));
}
