use super::{ask, made, verdict};
use it::World;
use serde_json::json;

#[tokio::test]
async fn a_limit_is_a_ceiling_and_frees_as_time_passes() {
    let world = World::start().await;
    let secret =
        made(&world.person(r"t100\nexus").await, json!({"capacity": 3, "frequency": 10})).await;
    let verifier = world.client("verifier-a").await;
    for remaining in [2, 1, 0] {
        let answer = ask(&verifier, json!({"secret": secret})).await.json();
        assert_eq!(answer["verdict"], "VALID");
        assert_eq!(answer["limit"]["remaining"], remaining);
        world.clock.advance_millis(1_000);
    }
    let refused = ask(&verifier, json!({"secret": secret})).await;
    assert_eq!(refused.status, 200);
    let members = refused.members();
    assert_eq!(members, ["verdict", "keyId", "keyType", "tenant", "name", "expires", "limit"]);
    assert_eq!(refused.json()["verdict"], "RATE_LIMITED");
    assert_eq!(
        refused.json()["limit"],
        json!({"capacity": 3, "frequency": 10, "remaining": 0, "resetAfterMs": 7_000})
    );
    assert_eq!(refused.header("ratelimit"), "", "the headers speak of the caller's own limit");
    world.clock.advance_millis(6_999);
    assert_eq!(verdict(&verifier, json!({"secret": secret})).await, "RATE_LIMITED");
    world.clock.advance_millis(1);
    assert_eq!(verdict(&verifier, json!({"secret": secret})).await, "VALID");
}

#[tokio::test]
async fn a_cost_of_nothing_takes_nothing() {
    let world = World::start().await;
    let secret = made(&world.person(r"t100\nexus").await, json!({"capacity": 2})).await;
    let verifier = world.client("verifier-a").await;
    for _ in 0..5 {
        let answer = ask(&verifier, json!({"secret": secret, "cost": 0})).await.json();
        assert_eq!(
            (answer["verdict"].as_str(), answer["limit"]["remaining"].as_i64()),
            (Some("VALID"), Some(2))
        );
    }
}

#[tokio::test]
async fn units_are_taken_only_when_all_else_holds() {
    let world = World::start().await;
    let secret = made(&world.person(r"t100\nexus").await, json!({"capacity": 1})).await;
    let verifier = world.client("verifier-a").await;
    for _ in 0..3 {
        let question = json!({"secret": secret, "permissions": {"all": ["nexus:designer:chat"]}});
        assert_eq!(verdict(&verifier, question).await, "INSUFFICIENT_PERMISSIONS");
    }
    assert_eq!(verdict(&verifier, json!({"secret": secret})).await, "VALID");
    assert_eq!(verdict(&verifier, json!({"secret": secret})).await, "RATE_LIMITED");
}

#[tokio::test]
async fn a_changed_limit_holds_for_the_next_verification() {
    let world = World::start().await;
    let admin = world.person(r"t100\nexus").await;
    let secret = made(&admin, json!({"capacity": 1})).await;
    let verifier = world.client("verifier-a").await;
    assert_eq!(verdict(&verifier, json!({"secret": secret})).await, "VALID");
    assert_eq!(verdict(&verifier, json!({"secret": secret})).await, "RATE_LIMITED");
    admin.put(&format!("/nexus/v3/apikeys/{secret}"), &json!({"capacity": 2})).await;
    assert_eq!(verdict(&verifier, json!({"secret": secret})).await, "VALID");
}
