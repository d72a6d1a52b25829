//! `/v1/roles` and `/v1/rights`.

use super::persons::{path_of, person};
use crate::auth_v3::audited;
use domain::right::Right;
use it::{
    Caller, World,
    world::{NO_TENANT, OTHER_TENANT, TENANT},
};
use serde_json::{Value, json};

const ROLES: &str = "/v1/roles";

async fn names(caller: &Caller, query: &str) -> Vec<String> {
    let page = caller.get(&format!("{ROLES}{query}")).await;
    assert_eq!(page.status, 200, "{query}: {}", page.text());
    let json = page.json();
    json["roles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["name"].as_str().unwrap().to_owned())
        .collect()
}

fn auditor() -> Value {
    json!({"name": "auditor", "rights": ["Audit.canRead"]})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenants_role_is_made_given_changed_and_ended() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let made = admin.post(ROLES, &auditor()).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let shown = json!({"tenant": TENANT, "name": "auditor", "rights": ["Audit.canRead"],
        "clusterOnly": false, "seeded": false, "version": 1});
    assert_eq!(made.json(), shown);
    let one = format!("{ROLES}/auditor");
    assert_eq!(admin.get(&one).await.json(), shown);
    let holder = person(&admin, "ada", &["auditor"]).await;
    let ada = world.person(r"t100\ada").await;
    assert_eq!(ada.get("/v1/audit").await.status, 200);
    // Live for who holds it, with the token that they have.
    let changed = admin.patch(&one, &json!({"rights": ["Keys.canVerify"]})).await;
    assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, "\"2\""));
    assert_eq!(ada.get("/v1/audit").await.status, 403);
    assert_eq!(ada.post("/v1/keys/verify", &json!({"secret": "x"})).await.status, 200);
    let held = admin.delete(&one).await;
    assert_eq!(held.status, 409, "{}", held.text());
    assert!(held.json()["detail"].as_str().unwrap().starts_with("1 person"), "{}", held.text());
    assert_eq!(admin.patch(&holder, &json!({"roles": []})).await.status, 200);
    assert_eq!(admin.delete(&one).await.status, 204);
    assert_eq!(admin.get(&one).await.status, 404);
    assert_eq!(admin.delete(&one).await.status, 404);
    let events = audited(&world, "role.update").await;
    assert_eq!(events[0]["before"]["rights"], json!(["Audit.canRead"]));
    assert_eq!(events[0]["after"]["rights"], json!(["Keys.canVerify"]));
    assert_eq!(audited(&world, "role.create").await.len(), 1);
    assert_eq!(audited(&world, "role.delete").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn au_01_a_role_that_was_changed_behind_the_log_is_found() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(admin.post(ROLES, &auditor()).await.status, 201);
    let found = async || world.service.verify_audit(&[]).await.unwrap().findings;
    assert_eq!(found().await, Vec::<String>::new());
    let _ = world
        .place()
        .sql("UPDATE roles SET rights = '[\"Keys.canVerify\"]' WHERE name = 'auditor'");
    let findings = found().await;
    assert!(findings.len() == 1 && findings[0].contains("auditor"), "{findings:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn seeded_roles_are_there_and_stay_as_they_are() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let listed = names(&admin, "").await;
    assert!(listed.contains(&"admin".to_owned()) && !listed.contains(&"ops".to_owned()));
    let ops = world.person("ops").await;
    assert!(names(&ops, "").await.contains(&"ops".to_owned()));
    for caller in [&admin, &ops] {
        let one = format!("{ROLES}/viewer");
        let shown = caller.get(&one).await.json();
        assert_eq!((&shown["seeded"], &shown["tenant"]), (&json!(true), &json!("*")));
        assert_eq!(caller.patch(&one, &shown).await.status, 200, "that is no change");
        let refused = caller.patch(&one, &json!({"rights": []})).await;
        assert_eq!(refused.status, 409, "{}", refused.text());
        assert!(refused.json()["detail"].as_str().unwrap().contains("a role of your own"));
        assert_eq!(caller.delete(&one).await.status, 409);
        let taken = caller.post(ROLES, &json!({"name": "viewer", "rights": []})).await;
        assert_eq!(taken.status, 409);
    }
    assert_eq!(admin.get(&format!("{ROLES}/ops")).await.status, 404);
    let taken = admin.post(ROLES, &json!({"name": "ops", "rights": []})).await;
    assert_eq!(taken.status, 409, "its name would deceive");
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_roles_are_refused() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for (body, field) in [
        (json!({"name": "x"}), "rights"),
        (json!({"rights": []}), "name"),
        (json!({"name": "Not A Name", "rights": []}), "name"),
        (json!({"name": "", "rights": []}), "name"),
        (json!({"name": "x".repeat(65), "rights": []}), "name"),
        (json!({"name": "x", "rights": ["Everything"]}), "rights"),
        (json!({"name": "x", "rights": ["Gateway.canManage"]}), "rights"),
        (json!({"name": "x", "rights": [], "clusterOnly": true}), "clusterOnly"),
        (json!({"name": "x", "rights": [], "tenant": "t100"}), "tenant"),
        (json!({"name": "x", "rights": [], "seeded": false}), "seeded"),
    ] {
        let answer = admin.post(ROLES, &body).await;
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
        assert_eq!(answer.json()["field"], field, "{body}: {}", answer.text());
    }
    for foreign in ["*", OTHER_TENANT, NO_TENANT] {
        let body = json!({"name": "x", "rights": [], "tenant": foreign});
        assert_eq!(admin.post(ROLES, &body).await.status, 404, "{foreign}");
        assert_eq!(admin.get(&format!("{ROLES}?tenant={foreign}")).await.status, 404, "{foreign}");
    }
    assert_eq!(admin.post(ROLES, &auditor()).await.status, 201);
    assert_eq!(admin.post(ROLES, &auditor()).await.status, 409);
    for (member, value) in [
        ("name", json!("other")),
        ("tenant", json!("*")),
        ("seeded", json!(true)),
        ("version", json!(7)),
        ("x", json!(1)),
    ] {
        let answer = admin.patch(&format!("{ROLES}/auditor"), &json!({member: value})).await;
        assert_eq!(answer.status, 400, "{member}: {}", answer.text());
    }
    let stale = admin.clone().with_header("if-match", "\"9\"");
    let one = format!("{ROLES}/auditor");
    assert_eq!(stale.patch(&one, &json!({"rights": []})).await.status, 412);
    assert_eq!(stale.delete(&one).await.status, 412);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_makes_or_changes_a_role_that_gives_more_than_they_hold() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let people = json!({"name": "people", "rights": ["Persons.canManage", "Audit.canRead"]});
    assert_eq!(admin.post(ROLES, &people).await.status, 201);
    let chat = json!({"name": "chat", "rights": ["Nexus.ApiKeys.canView", "Audit.canRead"]});
    assert_eq!(admin.post(ROLES, &chat).await.status, 201);
    person(&admin, "paula", &["people"]).await;
    let paula = world.person(r"t100\paula").await;
    let wide = json!({"name": "wide", "rights": ["Keys.canVerify"]});
    assert_eq!(paula.post(ROLES, &wide).await.status, 403);
    let own = json!({"name": "own", "rights": ["Audit.canRead"]});
    assert_eq!(paula.post(ROLES, &own).await.status, 201);
    let raise = json!({"rights": ["Audit.canRead", "Keys.canVerify"]});
    assert_eq!(paula.patch(&format!("{ROLES}/own"), &raise).await.status, 403);
    assert_eq!(paula.patch(&format!("{ROLES}/people"), &raise).await.status, 403, "one's own, too");
    let lower = json!({"rights": []});
    assert_eq!(paula.patch(&format!("{ROLES}/chat"), &lower).await.status, 403, "it gives more");
    assert_eq!(paula.delete(&format!("{ROLES}/chat")).await.status, 403);
    assert_eq!(paula.patch(&format!("{ROLES}/own"), &lower).await.status, 200);
    assert_eq!(paula.delete(&format!("{ROLES}/own")).await.status, 204);
    let viewer = world.person(r"t100\vera").await;
    assert_eq!(viewer.get(ROLES).await.status, 403);
    assert_eq!(viewer.post(ROLES, &own).await.status, 403);
    assert_eq!(world.anonymous().get(ROLES).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn ti_01_roles_of_a_tenant_are_its_own_and_the_cluster_names_one() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let bob = world.person(r"t200\bob").await;
    assert_eq!(admin.post(ROLES, &auditor()).await.status, 201);
    assert_eq!(bob.get(&format!("{ROLES}/auditor")).await.status, 404);
    assert_eq!(bob.patch(&format!("{ROLES}/auditor"), &json!({"rights": []})).await.status, 404);
    assert_eq!(bob.delete(&format!("{ROLES}/auditor")).await.status, 404);
    let theirs = json!({"name": "auditor", "rights": ["Keys.canVerify"]});
    assert_eq!(bob.post(ROLES, &theirs).await.status, 201, "each tenant has its own names");
    let ops = world.person("ops").await;
    assert_eq!(ops.get(&format!("{ROLES}/auditor")).await.status, 404);
    let there = format!("{ROLES}/auditor?tenant={TENANT}");
    assert_eq!(ops.get(&there).await.json()["rights"], json!(["Audit.canRead"]));
    assert_eq!(ops.patch(&there, &json!({"rights": []})).await.status, 200);
    assert_eq!(ops.delete(&there).await.status, 204);
    assert_eq!(bob.get(&format!("{ROLES}/auditor")).await.status, 200);
    // A role of the cluster is for its own, and no tenant sees it.
    let made = ops.post(ROLES, &json!({"name": "night_shift", "rights": ["Audit.canRead"]})).await;
    assert_eq!((made.status.as_u16(), &made.json()["clusterOnly"]), (201, &json!(true)));
    assert_eq!(admin.get(&format!("{ROLES}/night_shift")).await.status, 404);
    let given =
        admin.post("/v1/persons", &json!({"username": "x", "roles": ["night_shift"]})).await;
    assert_eq!(given.status, 400, "{}", given.text());
    let own = json!({"name": "night_shift", "rights": []});
    assert_eq!(admin.post(ROLES, &own).await.status, 201, "it is told nothing of the cluster's");
    let limited = ops.post(ROLES, &json!({"name": "x", "rights": [], "clusterOnly": false})).await;
    assert_eq!(limited.status, 400);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_who_can_manage_the_cluster_is_not_stripped_by_way_of_a_role() {
    let world = World::start().await;
    let ops = world.person("ops").await;
    let all: Vec<&str> = Right::ALL.iter().map(|r| r.as_str()).collect();
    let made = ops.post(ROLES, &json!({"name": "root", "rights": all})).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let own = path_of(&ops, "ops").await;
    assert_eq!(ops.patch(&own, &json!({"roles": ["root"]})).await.status, 200);
    let refused = ops.patch(&format!("{ROLES}/root"), &json!({"rights": ["Audit.canRead"]})).await;
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(ops.get("/v1/persons").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn ap_04_the_list_comes_in_pages_that_join() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for n in 0..4 {
        let body = json!({"name": format!("r{n}"), "rights": []});
        assert_eq!(admin.post(ROLES, &body).await.status, 201);
    }
    let whole = names(&admin, "").await;
    let (mut joined, mut query) = (Vec::new(), "?limit=5".to_owned());
    loop {
        joined.extend(names(&admin, &query).await);
        let page = admin.get(&format!("{ROLES}{query}")).await.json();
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        query = format!("?limit=5&cursor={cursor}");
    }
    assert_eq!(joined, whole);
    for bad in ["limit=0", "limit=201", "cursor=AAAA", "search=x"] {
        assert_eq!(admin.get(&format!("{ROLES}?{bad}")).await.status, 400, "{bad}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_right_is_listed_with_its_meaning() {
    let world = World::start().await;
    let answer = world.person(r"t100\nora").await.get("/v1/rights").await;
    assert_eq!(answer.status, 200);
    let rights = answer.json()["rights"].as_array().unwrap().clone();
    assert_eq!(rights.len(), Right::ALL.len());
    for (listed, right) in rights.iter().zip(Right::ALL) {
        assert_eq!(listed["right"], right.as_str());
        assert_eq!(listed["meaning"], right.meaning());
        assert_eq!(listed["clusterOnly"], right.is_cluster_only());
    }
    assert_eq!(world.anonymous().get("/v1/rights").await.status, 401);
}
