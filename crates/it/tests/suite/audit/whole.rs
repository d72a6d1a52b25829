//! `/v1/audit/check`: a chain is held against itself, for whoever may read it.

use super::made;
use it::{
    World,
    world::{NO_TENANT, OTHER_TENANT, PASSWORD, TENANT},
};
use serde_json::json;

#[tokio::test]
async fn au_02_a_caller_learns_whether_its_chain_is_whole() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    made(&admin, "one").await;
    world.service.sign_heads().await.unwrap();
    let found = admin.get("/v1/audit/check").await;
    assert_eq!(found.status, 200, "{}", found.text());
    let found = found.json();
    assert_eq!(found["chain"], TENANT);
    assert_eq!((&found["whole"], &found["findings"]), (&json!(true), &json!([])));
    assert_eq!(found["position"], found["events"]);
    assert!(found["signedHeads"].as_u64() >= Some(1), "{found}");
    let ops = world.person("ops").await;
    let all = ops.get("/v1/audit/check").await.json();
    assert_eq!((&all["chain"], &all["position"]), (&json!(null), &json!(null)));
    assert!(all["events"].as_u64() > found["events"].as_u64(), "{all}");
    assert_eq!(ops.get(&format!("/v1/audit/check?tenant={TENANT}")).await.json()["chain"], TENANT);
    assert_eq!(ops.get("/v1/audit/check?tenant=*").await.json()["chain"], "*");
}

#[tokio::test]
async fn au_02_a_chain_whose_head_is_gone_is_found_broken_and_not_missing() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    made(&admin, "one").await;
    let _ = world.place().sql(&format!("DELETE FROM audit_heads WHERE scope = '{TENANT}'"));
    let found = admin.get("/v1/audit/check").await;
    assert_eq!(found.status, 200, "{}", found.text());
    let found = found.json();
    assert_eq!((&found["whole"], &found["position"]), (&json!(false), &json!(null)));
    assert!(found["findings"][0].as_str().is_some_and(|f| f.contains("head")), "{found}");
    // Even with the events gone, too: a head was signed.
    world.service.sign_heads().await.unwrap();
    let _ = world.place().sql(&format!("DELETE FROM audit_events WHERE scope = '{OTHER_TENANT}'"));
    let _ = world.place().sql(&format!("DELETE FROM audit_heads WHERE scope = '{OTHER_TENANT}'"));
    let ops = world.person("ops").await;
    let emptied = ops.get(&format!("/v1/audit/check?tenant={OTHER_TENANT}")).await;
    assert_eq!((emptied.status.as_u16(), &emptied.json()["whole"]), (200, &json!(false)));
    assert_eq!(ops.get(&format!("/v1/audit/check?tenant={NO_TENANT}")).await.status, 404);
}

#[tokio::test]
async fn only_who_may_read_a_chain_has_it_checked() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for tenant in [OTHER_TENANT, NO_TENANT, "*"] {
        let answer = admin.get(&format!("/v1/audit/check?tenant={tenant}")).await;
        assert_eq!(answer.status, 404, "{tenant}");
    }
    for query in ["?tenant=x", "?unknown=1"] {
        assert_eq!(admin.get(&format!("/v1/audit/check{query}")).await.status, 400, "{query}");
    }
    assert_eq!(world.anonymous().get("/v1/audit/check").await.status, 401);
    assert_eq!(world.client("powerless").await.get("/v1/audit/check").await.status, 403);
    assert_eq!(world.person(r"t100\vera").await.get("/v1/audit/check").await.status, 200);
}

#[tokio::test]
async fn a_caller_has_few_checks_because_each_reads_everything() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for _ in 0..12 {
        assert_eq!(admin.get("/v1/audit/check").await.status, 200);
    }
    let limited = admin.get("/v1/audit/check").await;
    assert_eq!(limited.status, 429);
    assert!(!limited.header("retry-after").is_empty());
    assert_eq!(world.person(r"t100\vera").await.get("/v1/audit/check").await.status, 200);
}

#[tokio::test]
async fn events_are_found_by_their_actors_name() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    made(&admin, "one").await;
    // A thing that is called as somebody else is named is not what they did.
    made(&admin, "vera").await;
    let by = async |actor: &str| {
        let path = format!("/v1/audit?action=key.create&actor={actor}");
        admin.get(&path).await.json()["events"].as_array().expect("events").len()
    };
    assert_eq!(by("nexus").await, 2);
    assert_eq!(by("vera").await, 0);
    assert_eq!(by("nex%25").await, 0);
    assert_eq!(by("%22").await, 0);
    assert_eq!(by("first%20start").await, 1);
    let amelie = json!({"username": "amélie.o’brien", "roles": ["admin"], "password": PASSWORD,
        "mustChangePassword": false});
    assert_eq!(admin.post("/v1/persons", &amelie).await.status, 201);
    made(&world.person("t100\\amélie.o’brien").await, "three").await;
    assert_eq!(by("AM%C3%89LIE.O%E2%80%99Brien").await, 1);
}
