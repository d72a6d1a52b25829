use super::{DAY_MS, later, number};
use it::World;
use serde_json::json;

const ATTEMPTS: &str = "SELECT count(*) FROM sign_in_attempts";
const REPLAYS: &str = "SELECT count(*) FROM idempotency";

#[tokio::test]
async fn counters_of_sign_ins_that_nobody_tried_for_a_day_go() {
    let world = World::start().await;
    let form = [("grant_type", "password"), ("username", "ops"), ("password", "wrong")];
    let client = world.anonymous().basic("nexus_client", "").from_address("203.0.113.7");
    assert_ne!(client.post_form("/auth/v3/oauth/token", &form).await.status, 200);
    let counted = number(&world, ATTEMPTS);
    assert!(counted > 0);
    later(&world, DAY_MS);
    world.service.prune_tokens().await.unwrap();
    assert_eq!(number(&world, ATTEMPTS), counted);
    later(&world, 1);
    world.service.prune_tokens().await.unwrap();
    assert_eq!(number(&world, ATTEMPTS), 0);
}

#[tokio::test]
async fn answers_to_repeated_calls_are_kept_for_a_day() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await.with_header("idempotency-key", "order-1");
    let key = json!({"name": "one", "keyType": "api", "permissions": ["orders:read"]});
    assert_eq!(admin.post("/v1/keys", &key).await.status, 201);
    later(&world, DAY_MS - 1);
    world.service.prune_replays().await.unwrap();
    assert_eq!(number(&world, REPLAYS), 1);
    later(&world, 2);
    world.service.prune_replays().await.unwrap();
    assert_eq!(number(&world, REPLAYS), 0);
}
