//! Two secrets of one key: until when, which one is in use, ended early, kept for longer.

use super::*;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

/// Questions in process never wait for anything: between two of them the other node reads its feed.
const BETWEEN: Duration = Duration::from_millis(1);

#[tokio::test]
async fn the_old_secret_works_until_its_end_and_not_at_it() {
    let world = World::start().await;
    let admin = admin(&world).await;
    let (id, first) = made(&admin, &api(&json!({}))).await;
    let second = rotated(&admin, &id, 60).await;
    assert_eq!(verdicts(&admin, [&first, &second]).await, ["VALID", "VALID"]);
    world.clock.advance_millis(59_999);
    assert_eq!(verdicts(&admin, [&first, &second]).await, ["VALID", "VALID"]);
    world.clock.advance_millis(1);
    assert_eq!(verdicts(&admin, [&first, &second]).await, ["NOT_FOUND", "VALID"]);
}

#[tokio::test]
async fn a_key_has_two_secrets_at_most_whatever_is_asked_of_it() {
    let world = World::start().await;
    let admin = admin(&world).await;
    let (id, first) = made(&admin, &api(&json!({}))).await;
    let second = rotated(&admin, &id, HOUR_S).await;
    let again = act(&admin, &id, "rotate", &json!({"overlapSeconds": 60})).await;
    assert_eq!(code(&again), (409, "conflict".to_owned()), "{}", again.text());
    let ended = json!({"overlapSeconds": HOUR_S, "endOverlap": true});
    let third = both(&act(&admin, &id, "rotate", &ended).await).1;
    assert_eq!(verdicts(&admin, [&first, &second, &third]).await, ["NOT_FOUND", "VALID", "VALID"]);
    let secrets = admin.get(&format!("/v1/keys/{id}/secrets")).await.json();
    let told: Vec<_> =
        secrets["secrets"].as_array().unwrap().iter().map(|s| &s["current"]).collect();
    assert_eq!(told, [true, false]);
}

#[tokio::test]
async fn an_old_secret_is_retired_at_once_and_a_second_time_changes_nothing() {
    let world = World::start().await;
    let admin = admin(&world).await;
    let (id, first) = made(&admin, &api(&json!({}))).await;
    let none = act(&admin, &id, "retire-secret", &json!({})).await;
    assert_eq!(
        (none.status.as_u16(), none.json()["version"].as_u64()),
        (200, Some(1)),
        "nothing to end"
    );
    let second = rotated(&admin, &id, HOUR_S).await;
    let path = format!("/v1/keys/{id}/retire-secret");
    let stale = admin.clone().with_header("if-match", "\"1\"").act(&path).await;
    assert_eq!(stale.status, 412);
    let retired = admin.clone().with_header("if-match", "\"2\"").act(&path).await;
    assert_eq!(
        (retired.status.as_u16(), retired.header("etag")),
        (200, "\"3\""),
        "{}",
        retired.text()
    );
    assert_eq!(verdicts(&admin, [&first, &second]).await, ["NOT_FOUND", "VALID"]);
    assert_eq!(admin.act(&path).await.json()["version"], 3);
    let log = admin.get(&format!("/v1/audit?subject={id}&limit=1")).await.json();
    assert_eq!(log["events"][0]["event"]["action"], "key.retire_secret");
    assert_eq!(admin.act(&format!("/v1/keys/{id}/revoke")).await.status, 200);
    assert_eq!(admin.act(&path).await.status, 409);
}

#[tokio::test]
async fn an_overlap_is_extended_from_now_and_never_brought_back() {
    let world = World::start().await;
    let admin = admin(&world).await;
    let (id, first) = made(&admin, &api(&json!({}))).await;
    let extend = async |seconds: u32| {
        let body = json!({"overlapSeconds": seconds});
        act(&admin, &id, "extend-overlap", &body).await
    };
    assert_eq!(extend(60).await.status, 409, "no old secret works");
    let second = rotated(&admin, &id, 60).await;
    later(&world, 30);
    for (seconds, status) in [(0, 400), (30 * DAY_S + 1, 400), (29, 409)] {
        assert_eq!(extend(seconds).await.status, status, "{seconds}");
    }
    let extended = extend(120).await;
    assert_eq!((extended.status.as_u16(), &extended.json()["version"]), (200, &json!(3)));
    later(&world, 119);
    assert_eq!(asked(&admin, &first).await["secretEnds"], "2026-03-01T12:02:30.000Z");
    later(&world, 1);
    assert_eq!(verdicts(&admin, [&first, &second]).await, ["NOT_FOUND", "VALID"]);
    let dead = extend(60).await;
    assert_eq!(code(&dead), (409, "conflict".to_owned()));
    assert_eq!(verdict(&admin, &first).await, "NOT_FOUND");
    let log = admin.get(&format!("/v1/audit?subject={id}&limit=1")).await.json();
    let event = &log["events"][0]["event"];
    assert_eq!(event["action"], "key.extend_overlap");
    assert_eq!(event["detail"]["secretEndsAt"], "2026-03-01T12:02:30.000Z");
}

#[tokio::test]
async fn it_is_told_when_each_secret_last_opened_its_key() {
    let world = World::start().await;
    let admin = admin(&world).await;
    let (id, first) = made(&admin, &api(&json!({}))).await;
    let told = async || {
        world.service.flush_usage().await;
        world.clock.advance_millis(1_000);
        world.service.roll_up_usage().await.unwrap();
        let answer = admin.get(&format!("/v1/keys/{id}/secrets")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let secrets = answer.json()["secrets"].as_array().unwrap().clone();
        let member = |s: &Value, m: &str| s[m].as_str().map(|t| t[11..19].to_owned());
        secrets
            .iter()
            .map(|s| (s["slot"].as_u64().unwrap(), member(s, "created"), member(s, "lastUsed")))
            .collect::<Vec<_>>()
    };
    let at = |text: &str| Some(text.to_owned());
    assert_eq!(told().await, [(0, at("12:00:00"), None)]);
    verdict(&admin, &first).await;
    assert_eq!(told().await, [(0, at("12:00:00"), at("12:00:01"))]);
    let second = rotated(&admin, &id, HOUR_S).await;
    later(&world, 60);
    verdict(&admin, &first).await;
    assert_eq!(
        told().await,
        [(1, at("12:00:02"), None), (0, at("12:00:00"), at("12:01:02"))],
        "a new one was not used yet"
    );
    later(&world, 60);
    verdict(&admin, &second).await;
    assert_eq!(told().await[0], (1, at("12:00:02"), at("12:02:03")));
    act(&admin, &id, "retire-secret", &json!({})).await;
    let third = rotated(&admin, &id, 0).await;
    assert_eq!(
        told().await,
        [(0, at("12:02:04"), None)],
        "its slot's first one was used, it was not"
    );
    assert_eq!(
        verdicts(&admin, [&first, &second, &third]).await,
        ["NOT_FOUND", "NOT_FOUND", "VALID"]
    );
}

#[tokio::test]
async fn keys_that_are_not_rotated_have_no_overlap() {
    let world = World::start().await;
    let admin = admin(&world).await;
    let (id, _) = made(&admin, &json!({"keyType": "deployment", "name": "d"})).await;
    for (action, body) in
        [("retire-secret", json!({})), ("extend-overlap", json!({"overlapSeconds": 60}))]
    {
        let answer = act(&admin, &id, action, &body).await;
        assert_eq!(code(&answer), (409, "conflict".to_owned()), "{action}");
    }
    let one = admin.get(&format!("/v1/keys/{id}/secrets")).await.json();
    assert_eq!(one["secrets"].as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_secret_works_at_every_instant_of_its_rotation_on_every_node() {
    let world = World::start().await;
    let admin = admin(&world).await;
    let other = world.second_node().await;
    let app = other.as_ref().map_or_else(|| world.app.clone(), |(_, app)| app.clone());
    let there = Caller::new(app).bearer(admin.token.as_deref().expect("a token"));
    let (id, mut current) = made(&admin, &api(&json!({}))).await;
    for _ in 0..20 {
        let (asking, secret) = (there.clone(), current.clone());
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let asked = tokio::spawn(async move {
            // Known there at first, and then never not.
            while verdict(&asking, &secret).await != "VALID" {
                tokio::time::sleep(BETWEEN).await;
            }
            let mut times = 0_u32;
            while !stopped.load(Relaxed) || times < 3 {
                assert_eq!(verdict(&asking, &secret).await, "VALID", "after {times} times");
                times += 1;
                tokio::time::sleep(BETWEEN).await;
            }
        });
        let rotate = json!({"overlapSeconds": HOUR_S, "endOverlap": true});
        current = both(&act(&admin, &id, "rotate", &rotate).await).1;
        while verdict(&there, &current).await != "VALID" {
            tokio::time::sleep(BETWEEN).await;
        }
        stop.store(true, Relaxed);
        asked.await.expect("it was valid all the time");
    }
}
