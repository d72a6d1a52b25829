//! Somebody sets the machine's clock back by years while the process runs.

use super::{made, verdict};
use domain::time::Timestamp;
use it::{World, world::Place};
use serde_json::json;
use service::clock::Clock;

#[tokio::test(flavor = "multi_thread")]
async fn r_13_what_expired_stays_expired_and_the_limits_go_on() {
    // The process has seen a wall time that lies ten years before the machine's clock.
    let seen = Clock::system(Timestamp::from_millis(0)).wall().plus_seconds(10 * 365 * 86_400);
    let world =
        World::open(Place::new(), Clock::system(seen), |_, _| {}).await.expect("a world opens");
    let admin = world.person(r"t100\nexus").await;
    let verifier = world.client("verifier-a").await;
    let expired = made(&admin, json!({"expires": seen.plus_seconds(-1).to_string()})).await;
    let valid = made(&admin, json!({"expires": seen.plus_seconds(86_400).to_string()})).await;
    let limited = made(&admin, json!({"capacity": 2, "frequency": 86_400})).await;
    for _ in 0..3 {
        let free = |secret: &str| json!({"secret": secret, "cost": 0});
        assert_eq!(verdict(&verifier, free(&expired)).await, "EXPIRED");
        assert_eq!(verdict(&verifier, free(&valid)).await, "VALID");
    }
    let mut verdicts = Vec::new();
    for _ in 0..3 {
        verdicts.push(verdict(&verifier, json!({"secret": limited})).await);
    }
    assert_eq!(verdicts, ["VALID", "VALID", "RATE_LIMITED"]);
    assert!(world.service.now().wall >= seen, "time never runs back");
}
