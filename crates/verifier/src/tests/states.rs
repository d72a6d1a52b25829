//! Limiter states alone: the stamps that they give are seen here.

use super::SECOND_NS;
use crate::{
    limiter::States,
    state::{Owner, State},
};
use domain::rate_limit::{Limit, Taken};
use std::{sync::atomic::AtomicU32, thread};

/// Threads call one key as fast as they can, on a clock that jumps and now and then runs back;
/// a sweeper takes the state away whenever it may. The stamps, which the limiter gives under
/// its lock, are then checked in every interval.
#[test]
fn r_11_no_interval_holds_more_than_the_capacity_under_threads() {
    for (capacity, frequency) in [(1_u32, 1_u32), (7, 2), (256, 1), (1_000, 1)] {
        let limit = Limit::new(capacity, frequency).unwrap();
        let (states, link) = (States::new(10, usize::MAX), AtomicU32::new(0));
        let owner = Owner { link: &link, slot: 3, id: 9 };
        let step = u64::from(frequency) * SECOND_NS / u64::from(capacity).min(300) / 9;
        let run = |thread: u64| {
            let mut admitted = Vec::new();
            for call in 0..20_000_u64 {
                let now = call * step + (call * 31 + thread * 17) % 7 * step;
                let (_, mut state) = states.enter(owner).unwrap();
                let (taken, stamp) = state.take(now, limit, 1);
                if matches!(taken, Taken::Admitted { .. }) {
                    admitted.push(stamp);
                }
                drop(state);
                if call % 37 == thread {
                    states.sweep(now, |_| Some(&link));
                }
            }
            admitted
        };
        let mut stamps: Vec<u64> = thread::scope(|scope| {
            let run = &run;
            let threads: Vec<_> = (0..4).map(|t| scope.spawn(move || run(t))).collect();
            threads.into_iter().flat_map(|t| t.join().unwrap()).collect()
        });
        stamps.sort_unstable();
        let interval = u64::from(frequency) * SECOND_NS;
        for window in stamps.windows(capacity as usize + 1) {
            assert!(window[capacity as usize] - window[0] >= interval);
        }
        assert!(stamps.len() >= 2 * capacity as usize);
    }
}

#[test]
fn a_state_of_the_slots_last_owner_is_not_used() {
    let (states, link) = (States::new(10, usize::MAX), AtomicU32::new(0));
    let limit = Limit::new(1, 3_600).unwrap();
    let owner = |id| Owner { link: &link, slot: 3, id };
    let take = |id| states.enter(owner(id)).unwrap().1.take(5, limit, 1).0;
    assert!(matches!(take(1), Taken::Admitted { .. }));
    assert!(matches!(take(2), Taken::Admitted { .. }), "a window of its own");
    assert!(matches!(take(2), Taken::Refused { .. }));
}

#[test]
fn without_room_there_is_no_state_rather_than_another_keys() {
    let states = States::new(0, usize::MAX);
    let links: Vec<AtomicU32> = (0..1_200_000).map(|_| AtomicU32::new(0)).collect();
    let entered = links
        .iter()
        .zip(0..)
        .map_while(|(link, slot)| states.enter(Owner { link, slot, id: 1 }).map(|_| ()))
        .count();
    assert!(entered > 1_000 && entered < links.len());
}

#[test]
fn a_state_is_two_cache_lines() {
    assert_eq!(size_of::<State>(), 128);
    assert_eq!(size_of::<crate::record::Record>(), 64);
}

#[test]
fn r_11_a_call_that_comes_late_fills_no_window_beside_what_a_sweep_forgot() {
    let states = States::new(10, usize::MAX);
    let links = [AtomicU32::new(0), AtomicU32::new(0)];
    let limit = Limit::new(1, 1).unwrap();
    let owner = |slot: u32| Owner { link: &links[slot as usize], slot, id: 9 };
    let take = |slot, now| states.enter(owner(slot)).unwrap().1.take(now, limit, 1);
    assert_eq!(take(0, 10 * SECOND_NS).1, 10 * SECOND_NS);
    states.sweep(11 * SECOND_NS, |slot| links.get(slot as usize));
    assert_eq!(states.in_use().0, 0);
    // The other key takes the state that the first one had; its clock is not the first one's.
    take(1, 11 * SECOND_NS);
    let (taken, stamp) = take(0, 10 * SECOND_NS + 1);
    assert!(matches!(taken, Taken::Admitted { .. }));
    assert_eq!(stamp, 11 * SECOND_NS);
}
