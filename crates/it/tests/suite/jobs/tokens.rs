use super::{DAY_MS, later, number};
use it::World;

const TOKENS: &str = "SELECT count(*) FROM tokens";
const FAMILIES: &str = "SELECT count(*) FROM token_families";

/// Moves the clock to an instant, given in milliseconds.
fn at(world: &World, instant: i64) {
    let mut left = instant - world.service.now().wall.as_millis();
    while left > 0 {
        let step = u32::try_from(left).unwrap_or(u32::MAX);
        later(world, step);
        left -= i64::from(step);
    }
}

#[tokio::test]
async fn tokens_and_sessions_stay_for_a_day_after_their_end_and_no_longer() {
    let world = World::start().await;
    let _ = world.person("ops").await;
    let access = number(&world, "SELECT min(expires_at) FROM tokens");
    let refresh = number(&world, "SELECT max(expires_at) FROM tokens");
    let session = number(&world, "SELECT max(expires_at) FROM token_families");
    assert!(access < refresh && refresh <= session);
    let day = i64::from(DAY_MS);
    for (instant, tokens, families) in [
        (access + day, 2, 1),
        (access + day + 1, 1, 1),
        (refresh + day, 1, 1),
        (session + day + 1, 0, 0),
    ] {
        at(&world, instant);
        world.service.prune_tokens().await.unwrap();
        assert_eq!((number(&world, TOKENS), number(&world, FAMILIES)), (tokens, families));
    }
}
