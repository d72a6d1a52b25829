use super::{actions, events, made};
use it::{
    World,
    world::{OTHER_TENANT, TENANT},
};
use serde_json::json;

#[tokio::test]
async fn every_change_of_a_key_is_one_event_with_what_was_and_what_is() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, "first").await;
    let path = format!("/nexus/v3/apikeys/{secret}");
    admin.put(&path, &json!({"name": "second"})).await;
    admin.put(&path, &json!({"name": "second"})).await;
    admin.put(&path, &json!({"revoked": true})).await;
    admin.delete(&path).await;
    let log = events(&admin, "").await;
    let of_keys: Vec<_> = log
        .iter()
        .filter(|e| e["event"]["subject"]["kind"] == "key" && e["event"]["action"] != "key.reveal")
        .cloned()
        .collect();
    let wanted = ["key.delete", "key.revoke", "key.update", "key.create"];
    assert_eq!(actions(&of_keys)[..4], wanted);
    let update = &of_keys[2]["event"];
    assert_eq!(
        (&update["before"]["name"], &update["after"]["name"]),
        (&json!("first"), &json!("second"))
    );
    assert_eq!(update["actor"]["name"], "nexus");
    assert_eq!(update["actor"]["kind"], "person");
    assert_eq!(update["address"], "127.0.0.1");
    assert_eq!(update["tenant"], TENANT);
    assert_eq!(update["at"], "2026-03-01T12:00:00.000Z");
    assert!(!serde_json::to_string(&log).unwrap().contains(&secret), "a secret in the log");
}

#[tokio::test]
async fn the_request_id_of_the_answer_is_that_of_the_event() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let body = json!({"tenant": TENANT, "name": "n", "permissions": ["nexus:consumer:chat"]});
    let answer = admin.post("/nexus/v3/apikeys", &body).await;
    let log = events(&admin, "?action=key.create").await;
    assert_eq!(log[0]["event"]["requestId"], answer.header("x-request-id"));
}

#[tokio::test]
async fn au_05_a_tenant_sees_its_own_chain_alone() {
    let world = World::start().await;
    made(&world.person(r"t100\nexus").await, "mine").await;
    let bob = world.person(r"t200\bob").await;
    let seen = events(&bob, "").await;
    assert!(!seen.is_empty() && seen.iter().all(|e| e["chain"] == OTHER_TENANT));
    for tenant in [TENANT, "*", "00000000-0000-4000-8000-000000000000"] {
        assert_eq!(bob.get(&format!("/v1/audit?tenant={tenant}")).await.status, 404, "{tenant}");
    }
    let ops = world.person("ops").await;
    let chains = |log: &[serde_json::Value]| -> std::collections::BTreeSet<String> {
        log.iter().map(|e| e["chain"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(chains(&events(&ops, "").await).len(), 3);
    assert_eq!(chains(&events(&ops, &format!("?tenant={TENANT}")).await).len(), 1);
    assert_eq!(chains(&events(&ops, "?tenant=*").await).into_iter().next().unwrap(), "*");
}

#[tokio::test]
async fn filters_narrow_and_pages_join() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for n in 0..5 {
        world.clock.advance_millis(1_000);
        made(&admin, &format!("k{n}")).await;
    }
    let all = events(&admin, "?action=key.create&from=2026-03-01T12:00:01Z").await;
    assert_eq!(all.len(), 5);
    let positions: Vec<i64> = all.iter().map(|e| e["position"].as_i64().unwrap()).collect();
    assert!(positions.is_sorted_by(|a, b| a > b), "{positions:?}");
    let window = "?action=key.create&from=2026-03-01T12:00:02Z&to=2026-03-01T12:00:04Z";
    assert_eq!(events(&admin, window).await.len(), 2);
    let id = all[0]["event"]["subject"]["id"].as_str().unwrap();
    assert_eq!(events(&admin, &format!("?subject={id}&action=key.create")).await.len(), 1);
    assert_eq!(events(&admin, &format!("?subject=key:{id}&action=key.create")).await.len(), 1);
    assert_eq!(events(&admin, &format!("?subject=person:{id}")).await.len(), 0);
    let actor = format!("person:{}", all[0]["event"]["actor"]["id"].as_str().unwrap());
    assert_eq!(events(&admin, &format!("?actor={actor}&action=key.create")).await.len(), 5);
    let mut joined = Vec::new();
    let mut query = "?action=key.create&from=2026-03-01T12:00:01Z&limit=2".to_owned();
    loop {
        let page = admin.get(&format!("/v1/audit{query}")).await.json();
        joined.extend(page["events"].as_array().unwrap().clone());
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        query = format!("?action=key.create&from=2026-03-01T12:00:01Z&limit=2&cursor={cursor}");
    }
    assert_eq!(joined, all);
}

#[tokio::test]
async fn bad_queries_and_missing_rights_are_problems() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for query in [
        "?limit=0",
        "?limit=201",
        "?limit=x",
        "?from=yesterday",
        "?cursor=x",
        "?tenant=t100",
        "?unknown=1",
        "?limit=1&limit=2",
    ] {
        let answer = admin.get(&format!("/v1/audit{query}")).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
        assert_eq!(answer.header("content-type"), "application/problem+json");
    }
    assert_eq!(world.anonymous().get("/v1/audit").await.status, 401);
    assert_eq!(world.client("powerless").await.get("/v1/audit").await.status, 403);
    assert_eq!(world.person(r"t100\vera").await.get("/v1/audit").await.status, 200);
}
