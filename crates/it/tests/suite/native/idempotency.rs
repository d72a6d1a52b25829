use super::{act, api, later, made};
use it::World;
use serde_json::json;
use std::sync::Arc;
use tokio::sync::Semaphore;

#[tokio::test]
async fn ht_08_a_repetition_gets_the_same_key_without_its_secret() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let once = admin.clone().with_header("idempotency-key", "order-1");
    let first = once.post("/v1/keys", &api("one")).await;
    assert_eq!(first.status, 201, "{}", first.text());
    let again = once.post("/v1/keys", &api("one")).await;
    assert_eq!(again.status, 201, "{}", again.text());
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.header("etag"), first.header("etag"));
    let (mut shown, replayed) = (first.json(), again.json());
    let secret = shown.as_object_mut().unwrap().remove("secret").unwrap();
    assert_eq!(shown, replayed);
    assert!(!again.text().contains(secret.as_str().unwrap()));
    let other = once.post("/v1/keys", &api("two")).await;
    assert_eq!(other.status, 422, "{}", other.text());
    assert_eq!(other.json()["code"], "idempotency_key_reused");
    let keys = admin.get("/v1/keys?keyType=api").await.json();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn ht_08_the_name_of_a_call_is_its_callers_own() {
    let world = World::start().await;
    let named = |caller: it::Caller| caller.with_header("idempotency-key", "order-1");
    let admin = named(world.person(r"t100\nexus").await);
    let bob = named(world.person(r"t200\bob").await);
    let (mine, _) = made(&admin, &api("one")).await;
    let (his, _) = made(&bob, &api("one")).await;
    assert_ne!(mine, his);
    // Another operation is another call, and so is the same one on another key.
    let copy = act(&admin, &mine, "copy").await;
    assert_eq!((copy.status.as_u16(), copy.header("idempotency-replayed")), (201, ""));
    let (second, _) = {
        let other = world.person(r"t100\nexus").await;
        made(&other, &api("second")).await
    };
    assert_eq!(act(&admin, &second, "copy").await.status, 422);
    let replay = act(&admin, &mine, "copy").await;
    assert_eq!(replay.header("idempotency-replayed"), "true");
    assert!(replay.json().get("secret").is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ht_08_of_a_thousand_parallel_calls_one_makes_a_key() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let once = admin.clone().with_header("idempotency-key", "order-1000");
    let mut calls = tokio::task::JoinSet::new();
    // So many are under way at a time that none has to wait until it is refused, the first one least of all.
    let places = Arc::new(Semaphore::new(100));
    for _ in 0..1_000 {
        let (once, places) = (once.clone(), Arc::clone(&places));
        calls.spawn(async move {
            let _place = places.acquire().await;
            once.post("/v1/keys", &api("only")).await
        });
    }
    let (mut with_secret, mut others) = (0, 0);
    for answer in calls.join_all().await {
        match answer.status.as_u16() {
            201 if answer.json().get("secret").is_some() => with_secret += 1,
            201 | 409 | 503 => others += 1,
            status => panic!("{status}: {}", answer.text()),
        }
    }
    assert_eq!((with_secret, others), (1, 999));
    let keys = admin.get("/v1/keys?search=only").await.json();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
    assert_eq!(once.post("/v1/keys", &api("only")).await.header("idempotency-replayed"), "true");
}

#[tokio::test]
async fn ht_08_a_refused_call_may_be_mended_and_a_day_later_the_name_is_free() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let once = admin.with_header("idempotency-key", "order-2");
    assert_eq!(once.post("/v1/keys", &json!({"keyType": "api"})).await.status, 400);
    let (first, _) = made(&once, &api("mended")).await;
    world.service.prune_replays().await.unwrap();
    assert_eq!(once.post("/v1/keys", &api("mended")).await.json()["id"], first.as_str());
    later(&world, 86_400_000 + 1);
    world.service.prune_replays().await.unwrap();
    let once = world.person(r"t100\nexus").await.with_header("idempotency-key", "order-2");
    let (second, _) = made(&once, &api("mended")).await;
    assert_ne!(first, second);
    for bad in ["", "has spaces", &"x".repeat(256)] {
        let caller = world.person(r"t100\nexus").await.with_header("idempotency-key", bad);
        assert_eq!(caller.post("/v1/keys", &api("bad")).await.status, 400, "{bad:?}");
    }
}
