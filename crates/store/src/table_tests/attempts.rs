//! Sign-in attempts.

use super::world::{NOW, World};
use crate::attempts::{self, Attempt, MAX_LOCK_MS};
use domain::time::Timestamp;
use std::sync::Arc;

const NAME: [u8; 32] = [1; 32];
const HOME: [u8; 32] = [2; 32];

async fn attempt(world: &World, source: Option<[u8; 32]>, now: Timestamp) -> Attempt {
    world.record(move |b| attempts::register(b, NAME, source, now)).await.unwrap()
}

async fn succeed(world: &World, source: Option<[u8; 32]>, attempt: Attempt, now: Timestamp) {
    world.record(move |b| attempts::success(b, NAME, source, &attempt, now)).await.unwrap();
}

/// A source that was never seen.
fn elsewhere(n: u8) -> Option<[u8; 32]> {
    Some([100 + n; 32])
}

#[tokio::test(flavor = "multi_thread")]
async fn pw_04_delays_grow_per_account_to_fifteen_minutes() {
    let world = World::new().await;
    let mut now = NOW;
    let mut delays = Vec::new();
    for n in 0..18 {
        let one = attempt(&world, elsewhere(n), now).await;
        assert!(one.allowed, "attempt {n}");
        assert_eq!(one.failures, u32::from(n) + 1);
        assert_eq!(one.began_lock, n == 4, "attempt {n}");
        let until = one.locked_until.unwrap_or(now);
        delays.push(until.millis_since(now) / 1000);
        if until > now {
            let early = attempt(&world, elsewhere(50 + n), until.plus_millis(-1)).await;
            assert_eq!((early.allowed, early.failures), (false, u32::from(n) + 1));
            assert_eq!(early.locked_until, Some(until), "an attempt under a lock made it longer");
        }
        now = until;
    }
    assert_eq!(delays, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900, 900]);
    assert_eq!(MAX_LOCK_MS, 900_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn pw_04_of_a_hundred_attempts_at_once_no_more_pass_than_one_by_one() {
    let world = Arc::new(World::new().await);
    let all: Vec<_> = (0..100)
        .map(|n| {
            let world = Arc::clone(&world);
            tokio::spawn(async move { attempt(&world, elsewhere(n), NOW).await.allowed })
        })
        .collect();
    let mut allowed = 0;
    for one in all {
        allowed += u32::from(one.await.unwrap());
    }
    assert_eq!(allowed, 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn pw_04_delays_grow_per_source_over_all_names() {
    let world = World::new().await;
    let guess = |n: u8| world.record(move |b| attempts::register(b, [n; 32], elsewhere(0), NOW));
    for n in 0..20 {
        let one = guess(n).await.unwrap();
        assert!(one.allowed, "name {n}");
        assert_eq!(one.locked_until.is_some(), n == 19, "name {n}");
    }
    assert!(!guess(77).await.unwrap().allowed);
    // A locked source cannot run up the counter of an account.
    let other = world.record(|b| attempts::register(b, [77; 32], elsewhere(1), NOW)).await.unwrap();
    assert_eq!((other.allowed, other.failures), (true, 1));
    // It starts anew after an hour of rest.
    let rested = NOW.plus_seconds(3_601);
    for n in 0..19 {
        let one = world.record(move |b| attempts::register(b, [200 - n; 32], elsewhere(0), rested));
        assert_eq!(one.await.unwrap().locked_until, None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pw_05_whoever_signed_in_before_is_not_locked_out_by_strangers() {
    let world = World::new().await;
    let first = attempt(&world, Some(HOME), NOW).await;
    assert!(first.allowed && !first.known_source);
    succeed(&world, Some(HOME), first, NOW).await;
    for n in 0..30 {
        attempt(&world, elsewhere(n), NOW).await;
    }
    assert!(!attempt(&world, elsewhere(60), NOW).await.allowed);
    let home = attempt(&world, Some(HOME), NOW).await;
    assert!(home.allowed && home.known_source);
    // The path of their own has as many free failures as a stranger's, and is locked for itself alone.
    assert_eq!((home.failures, home.locked_until), (1, None));
    for n in 2..=5 {
        let one = attempt(&world, Some(HOME), NOW).await;
        assert_eq!((one.allowed, one.failures, one.began_lock), (true, n, n == 5));
        assert_eq!(one.locked_until, (n == 5).then(|| NOW.plus_seconds(1)), "failure {n}");
    }
    assert!(!attempt(&world, Some(HOME), NOW).await.allowed);
    let later = attempt(&world, Some(HOME), NOW.plus_seconds(1)).await;
    assert_eq!((later.allowed, later.failures), (true, 6));
    assert_eq!(later.locked_until, Some(NOW.plus_seconds(3)));
    // Known for 90 days.
    let long_after = NOW.plus_seconds(90 * 86_400);
    assert!(!attempt(&world, Some(HOME), long_after).await.known_source);
}

#[tokio::test(flavor = "multi_thread")]
async fn pw_04_a_success_ends_the_row_and_an_unlock_too() {
    let world = World::new().await;
    for n in 0..5 {
        attempt(&world, elsewhere(n), NOW).await;
    }
    assert!(!attempt(&world, None, NOW).await.allowed);
    assert!(world.record(|b| attempts::unlock(b, NAME)).await.unwrap());
    assert!(!world.record(|b| attempts::unlock(b, [9; 32])).await.unwrap());
    let one = attempt(&world, None, NOW).await;
    assert_eq!((one.allowed, one.failures), (true, 1));
    for n in 0..4 {
        attempt(&world, elsewhere(n), NOW).await;
    }
    let after = NOW.plus_seconds(2);
    let last = attempt(&world, elsewhere(9), after).await;
    assert!(last.allowed);
    succeed(&world, elsewhere(9), last, after).await;
    assert_eq!(attempt(&world, elsewhere(10), after).await.failures, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_own_account_buys_no_free_guesses_at_others() {
    let world = World::new().await;
    let source = elsewhere(0);
    let own: [u8; 32] = [50; 32];
    let mut now = NOW;
    let mut guesses = 0;
    for n in 0..60_u8 {
        let victim = [100 + n; 32];
        let guess =
            world.record(move |b| attempts::register(b, victim, source, now)).await.unwrap();
        if !guess.allowed {
            now = guess.locked_until.unwrap();
            continue;
        }
        guesses += 1;
        if let Some(until) = guess.locked_until {
            now = until;
        }
        let mine = world.record(move |b| attempts::register(b, own, source, now)).await.unwrap();
        world.record(move |b| attempts::success(b, own, source, &mine, now)).await.unwrap();
    }
    assert!(guesses > 20);
    assert!(now > NOW.plus_seconds(1_000), "{guesses} guesses in {} ms", now.millis_since(NOW));
}

#[tokio::test(flavor = "multi_thread")]
async fn old_counters_are_forgotten_and_known_sources_kept() {
    let world = World::new().await;
    attempt(&world, elsewhere(1), NOW).await;
    let home = attempt(&world, Some(HOME), NOW).await;
    succeed(&world, Some(HOME), home, NOW).await;
    let later = NOW.plus_seconds(30 * 86_400);
    let gone = world.record(move |b| attempts::prune(b, later, later)).await.unwrap();
    // Two sources' own counters; the account's row ended with the success.
    assert_eq!(gone, 2);
    assert!(attempt(&world, Some(HOME), later).await.known_source);
}
