use super::{api, later, made};
use it::{Caller, World};
use serde_json::{Value, json};

async fn usage(caller: &Caller, id: &str, query: &str) -> Value {
    let answer = caller.get(&format!("/v1/keys/{id}/usage{query}")).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()["usage"].clone()
}

async fn verified(world: &World, admin: &Caller, secret: &str, times: u32) {
    for _ in 0..times {
        admin.post("/v1/keys/verify", &json!({"secret": secret})).await;
    }
    world.service.flush_usage().await;
    later(world, 1);
    world.service.roll_up_usage().await.unwrap();
}

const HOUR_MS: u32 = 3_600_000;

#[tokio::test]
async fn hours_add_up_to_days_and_days_outlive_them() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, &api("counted")).await;
    verified(&world, &admin, &secret, 2).await;
    later(&world, HOUR_MS);
    verified(&world, &admin, &secret, 3).await;
    let hours = usage(&admin, &id, "?by=hour").await;
    assert_eq!(hours.as_array().unwrap().len(), 2);
    let day = json!([{"start": "2026-03-01T00:00:00.000Z", "total": 5, "verdicts": {"VALID": 5}}]);
    assert_eq!(usage(&admin, &id, "?by=day").await, day);

    let days = |n: u32| {
        for _ in 0..n {
            later(&world, 24 * HOUR_MS);
        }
    };
    days(89);
    world.service.prune_usage().await.unwrap();
    let then = "?by=hour&from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z";
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(usage(&admin, &id, then).await.as_array().unwrap().len(), 2);
    days(2);
    world.service.prune_usage().await.unwrap();
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(usage(&admin, &id, then).await, json!([]));
    let by_day = "?by=day&from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z";
    assert_eq!(usage(&admin, &id, by_day).await, day);
    days(642);
    world.service.prune_usage().await.unwrap();
    let admin = world.person(r"t100\nexus").await;
    assert_eq!(usage(&admin, &id, by_day).await, json!([]));
}

#[tokio::test]
async fn two_years_of_days_are_one_answer_and_more_is_refused() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, _) = made(&admin, &api("old")).await;
    let two_years = "?by=day&from=2024-03-01T00:00:00Z&to=2026-03-01T00:00:00Z";
    assert_eq!(usage(&admin, &id, two_years).await, json!([]));
    for query in ["?by=day&from=2023-01-01T00:00:00Z", "?by=week", "?from=yesterday", "?x=1"] {
        let answer = admin.get(&format!("/v1/keys/{id}/usage{query}")).await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
    }
}
