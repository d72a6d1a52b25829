//! What there is, at a glance, by `/v1`.

use super::{act, api, later, made, nexus};
use it::{
    Caller, World,
    world::{NO_TENANT, OTHER_TENANT},
};
use serde_json::{Value, json};

async fn overview(caller: &Caller, query: &str) -> Value {
    let answer = caller.get(&format!("/v1/overview{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

async fn asked(world: &World, caller: &Caller, secret: &str, times: u32) {
    for _ in 0..times {
        caller.post("/v1/keys/verify", &json!({"secret": secret})).await;
    }
    world.service.flush_usage().await;
    later(world, 1);
    world.service.roll_up_usage().await.unwrap();
}

#[tokio::test]
async fn keys_are_counted_by_where_they_stand() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let before = overview(&admin, "").await["keys"].clone();
    let (disabled, _) = made(&admin, &nexus("off")).await;
    assert_eq!(act(&admin, &disabled, "disable").await.status, 200);
    let (revoked, _) = made(&admin, &api("revoked")).await;
    assert_eq!(act(&admin, &revoked, "revoke").await.status, 200);
    let mut soon = nexus("soon");
    soon["expires"] = "2026-03-11T12:00:00Z".into();
    let (soon, _) = made(&admin, &soon).await;
    let (_, _) = made(&admin, &api("not acknowledged")).await;

    let after = overview(&admin, "").await;
    let grown: Vec<i64> = [
        "total",
        "available",
        "disabled",
        "revoked",
        "soonUnavailable",
        "unacknowledged",
        "expired",
        "held",
    ]
    .map(|member| after["keys"][member].as_i64().unwrap() - before[member].as_i64().unwrap())
    .to_vec();
    assert_eq!(grown, [4, 3, 1, 1, 1, 1, 0, 0], "{after}");
    let soonest = &after["soonest"][0];
    assert_eq!((&soonest["id"], &soonest["name"]), (&json!(soon), &json!("soon")));
    assert_eq!(soonest["unavailableAt"], "2026-03-11T12:00:00.000Z");
    assert_eq!(after["byType"]["api"]["revoked"], 1);

    for _ in 0..12 {
        later(&world, 86_400_000);
    }
    let admin = world.person(r"t100\nexus").await;
    let later = overview(&admin, "").await["keys"].clone();
    let moved = ["expired", "soonUnavailable", "available"].map(|member| later[member].clone());
    assert_eq!(moved[..2], [json!(1), before["soonUnavailable"].clone()], "{later}");
}

#[tokio::test]
async fn ot_01_calls_and_keys_of_another_tenant_are_not_counted() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (_, secret) = made(&admin, &api("counted")).await;
    asked(&world, &admin, &secret, 3).await;
    let today =
        json!([{"start": "2026-03-01T00:00:00.000Z", "total": 3, "verdicts": {"VALID": 3}}]);
    assert_eq!(overview(&admin, "?by=day").await["usage"], today);
    let other = world.person(r"t200\bob").await;
    let there = overview(&other, "?by=day").await;
    assert_eq!((&there["usage"], &there["byType"]["api"]), (&json!([]), &Value::Null), "{there}");
    let theirs = other.get(&format!("/v1/overview?tenant={OTHER_TENANT}")).await.status;
    let own = admin.get(&format!("/v1/overview?tenant={OTHER_TENANT}")).await.status;
    assert_eq!((theirs.as_u16(), own.as_u16()), (200, 404));
    let ops = world.person("ops").await;
    asked(&world, &ops, "kw_nobodysnobodysnobodysnobodysnobod000000", 2).await;
    let all = overview(&ops, "?by=day").await["usage"][0].clone();
    assert_eq!(all["verdicts"]["VALID"], 3, "{all}");
    assert_eq!(ops.get(&format!("/v1/overview?tenant={NO_TENANT}")).await.status, 404);
}

#[tokio::test]
async fn what_the_caller_may_not_see_is_not_counted() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    made(&admin, &api("native")).await;
    made(&admin, &nexus("channels")).await;
    let role =
        json!({"name": "channels", "rights": ["Nexus.ApiKeys.canView", "Nexus.ApiKeys.canRead"]});
    assert_eq!(admin.post("/v1/roles", &role).await.status, 201);
    let person =
        json!({"username": "nina", "roles": ["channels"], "password": "correct horse battery 7"});
    assert_eq!(admin.post("/v1/persons", &person).await.status, 201);
    let nina = world.anonymous().signed_in(r"t100\nina", "correct horse battery 7").await;
    let seen = overview(&nina, "").await;
    let types: Vec<&String> = seen["byType"].as_object().unwrap().keys().collect();
    assert_eq!(types, ["nexus"], "{seen}");
}

#[tokio::test]
async fn a_wrong_question_and_a_stranger_are_refused() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    for query in ["?by=week", "?from=yesterday", "?x=1", "?by=hour&from=2020-01-01T00:00:00Z"] {
        assert_eq!(admin.get(&format!("/v1/overview{query}")).await.status, 400, "{query}");
    }
    assert_eq!(world.anonymous().get("/v1/overview").await.status, 401);
}

#[tokio::test]
async fn calls_of_a_tenant_outlive_its_hours_as_days() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, &api("counted")).await;
    asked(&world, &admin, &secret, 2).await;
    // What a key was asked stays its tenant's when the key is gone.
    assert_eq!(admin.delete(&format!("/v1/keys/{id}")).await.status, 204);
    for _ in 0..91 {
        later(&world, 86_400_000);
    }
    world.service.prune_usage().await.unwrap();
    let admin = world.person(r"t100\nexus").await;
    let then = "from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z";
    assert_eq!(overview(&admin, &format!("?by=hour&{then}")).await["usage"], json!([]));
    let day = overview(&admin, &format!("?by=day&{then}")).await["usage"][0].clone();
    assert_eq!(day["total"], 2);
}
