use super::{act, api, later, made, verdict};
use it::World;
use serde_json::json;

#[tokio::test]
async fn a_deleted_key_is_gone_from_everywhere_but_the_log() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, &api("gone")).await;
    let path = format!("/v1/keys/{id}");
    let answer = admin.delete(&path).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (204, 0));
    assert_eq!(verdict(&admin, &secret).await, "NOT_FOUND");
    assert_eq!(admin.get(&path).await.status, 404);
    assert_eq!(admin.delete(&path).await.status, 404);
    assert_eq!(act(&admin, &id, "rotate").await.status, 404);
    let log = admin.get(&format!("/v1/audit?subject={id}")).await.json();
    assert_eq!(log["events"][0]["event"]["action"], "key.delete");
}

#[tokio::test]
async fn usage_is_told_by_hour_and_by_day_and_by_verdict() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, secret) = made(&admin, &api("used")).await;
    for (hours, calls) in [(0, 3), (1, 2), (24, 1)] {
        later(&world, hours * 3_600_000);
        let verifier = world.client("cluster-verifier").await;
        for _ in 0..calls {
            verdict(&verifier, &secret).await;
        }
        world.service.flush_usage().await;
    }
    let admin = world.person(r"t100\nexus").await;
    act(&admin, &id, "disable").await;
    verdict(&admin, &secret).await;
    world.service.flush_usage().await;
    world.clock.advance_millis(1_000);
    world.service.roll_up_usage().await.unwrap();
    let path = format!("/v1/keys/{id}/usage");
    let day = admin.get(&format!("{path}?by=day")).await;
    assert_eq!(day.status, 200, "{}", day.text());
    assert_eq!(
        day.json()["usage"],
        json!([
            {"start": "2026-03-01T00:00:00.000Z", "total": 5, "verdicts": {"VALID": 5}},
            {"start": "2026-03-02T00:00:00.000Z", "total": 2, "verdicts": {"DISABLED": 1, "VALID": 1}},
        ])
    );
    let hours = format!("{path}?by=hour&from=2026-03-01T12:30:00Z&to=2026-03-01T13:30:00Z");
    let hours = admin.get(&hours).await.json();
    assert_eq!(hours["from"], "2026-03-01T12:00:00.000Z");
    let starts: Vec<_> =
        hours["usage"].as_array().unwrap().iter().map(|p| p["total"].as_u64().unwrap()).collect();
    assert_eq!(starts, [3, 2]);
    assert_eq!(day.json()["lastUsed"], "2026-03-02T13:00:00.000Z");
    for query in [
        "?by=week",
        "?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z",
        "?from=x",
        "?from=2020-01-01T00:00:00Z",
        "?x=1",
    ] {
        assert_eq!(admin.get(&format!("{path}{query}")).await.status, 400, "{query}");
    }
}

#[tokio::test]
async fn the_log_of_a_key_is_its_own_and_pages_join() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let (id, _) = made(&admin, &api("logged")).await;
    made(&admin, &api("another")).await;
    act(&admin, &id, "disable").await;
    act(&admin, &id, "enable").await;
    let path = format!("/v1/keys/{id}/audit");
    let actions = |page: &serde_json::Value| -> Vec<String> {
        let events = page["events"].as_array().unwrap();
        events.iter().map(|e| e["event"]["action"].as_str().unwrap().to_owned()).collect()
    };
    let all = admin.get(&path).await.json();
    assert_eq!(actions(&all), ["key.enable", "key.disable", "key.create"]);
    let first = admin.get(&format!("{path}?limit=2")).await.json();
    let cursor = first["nextCursor"].as_str().unwrap();
    let rest = admin.get(&format!("{path}?limit=2&cursor={cursor}")).await.json();
    assert_eq!([actions(&first), actions(&rest)].concat(), actions(&all));
    for query in ["?subject=x", "?tenant=*", "?limit=201"] {
        assert_eq!(admin.get(&format!("{path}{query}")).await.status, 400, "{query}");
    }
}
