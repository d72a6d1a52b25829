//! Histories of keys that nobody thought of: generated, under a clock that is moved by milliseconds and
//! by months, and held after each step against a plain model of what should be true.
//!
//! Of every secret there ever was the verdict is asked, now and on both sides of each instant at which
//! it will turn. So no route brings a revoked key back, at most two secrets of a key work, an overlap
//! leaves no instant without a working one, what has ended stays so, and a held key waits.

mod create;
mod history;
mod kinds;
mod model;
mod probe;
mod revive;
mod steps;
mod surroundings;

use history::History;
use it::World;
use std::collections::BTreeMap;
use steps::Focus;

const HISTORIES: u64 = 25;
const STEPS: usize = 50;

async fn live(focus: Focus, first_seed: u64, often: &[&str]) {
    let (mut world, mut counts) = (World::start().await, BTreeMap::new());
    for seed in first_seed..first_seed + HISTORIES {
        let mut history = History::begin(world, seed, counts).await;
        for step in 0..STEPS {
            if step == STEPS / 2 && seed % 3 == 0 {
                history = history.restarted().await;
            }
            let touched = history.step(focus).await;
            history.check();
            if let Some(place) = touched {
                history.look_ahead(place);
            }
        }
        history = history.restarted().await;
        history.check();
        (world, counts) = history.close().await;
    }
    for what in often.iter().chain(&["VALID", "REVOKED", "DISABLED", "EXPIRED", "NOT_FOUND"]) {
        let times = counts.get(*what).copied().unwrap_or_default();
        assert!(times >= 5, "{what} only {times} times: it proves nothing\n{counts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ot_06_no_route_brings_a_revoked_key_back() {
    live(Focus::Revoked, 1_000, &["revive", "revoke", "revoke later", "take back"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_instant_of_an_overlap_is_without_a_working_secret() {
    live(Focus::Overlaps, 2_000, &["rotate", "extend", "retire"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn at_most_two_secrets_of_a_key_work_whoever_makes_them() {
    live(Focus::Schedules, 3_000, &["rotate", "schedule", "rotated by schedule"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_ended_stays_so_and_a_held_key_waits() {
    live(Focus::Ends, 4_000, &["end", "policy", "held", "released"]).await;
}
