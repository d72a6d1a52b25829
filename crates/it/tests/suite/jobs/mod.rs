//! What is kept for a time and then let go, by a clock that the test moves.

mod audit;
mod counters;
mod tokens;

use it::World;

const DAY_MS: u32 = 86_400_000;

/// Moves the clock; nobody waited, so memory counts as fresh.
fn later(world: &World, ms: u32) {
    world.clock.advance_millis(ms);
    world.service.verifier().confirm_fresh(world.service.now().mono_ns);
}

fn days_later(world: &World, days: u32) {
    for _ in 0..days {
        later(world, DAY_MS);
    }
}

/// The one number that a statement has.
fn number(world: &World, sql: &str) -> i64 {
    world.place().sql(sql)[0].parse().expect("a number")
}
