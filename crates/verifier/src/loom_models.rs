//! Small models of the protocols, for loom to walk through in every order. `tests/loom.rs` runs
//! them; they are in here because what they walk through is private.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "a model may fail in the shortest way"
)]

use crate::{
    limiter::States,
    record::{Body, Kind, Print, Record},
    state::{Counted, Owner},
    table::Table,
};
use domain::{
    rate_limit::{Limit, Taken},
    time::Timestamp,
    verdict::Verdict,
};
use loom::{
    model::Builder,
    sync::{Arc, atomic::AtomicU32},
    thread,
};
use std::sync::atomic::Ordering::Relaxed;

fn explore(model: impl Fn() + Send + Sync + 'static) {
    let mut builder = Builder::new();
    builder.preemption_bound = builder.preemption_bound.or(Some(3));
    builder.check(model);
}

const fn print(n: u32) -> Print {
    Print { a: n as u64, b: n, tag: 1 }
}

/// A body whose every part says `n`.
fn body(n: u32) -> Body {
    Body {
        kind: Kind::Key,
        instant: Some(Timestamp::from_millis(n.into())),
        secret_slot: u8::try_from(n).unwrap(),
        settings: n,
        ..Body::FREE
    }
}

fn says(body: &Body) -> u32 {
    let n = body.settings;
    assert_eq!(*body, self::body(n), "half a change was seen");
    n
}

/// One writer publishes three times over two copies; a reader never sees a mixture, and never goes
/// back in time.
pub fn publish_and_read() {
    explore(|| {
        let record = Arc::new(Record::default());
        record.publish(body(1));
        let writer = {
            let record = Arc::clone(&record);
            thread::spawn(move || {
                for n in 2..=4 {
                    record.publish(body(n));
                }
            })
        };
        let mut last = 1;
        for _ in 0..2 {
            let stamp = record.stamp();
            let seen = record.body(stamp);
            if record.unchanged(stamp) {
                let n = says(&seen);
                assert!(n >= last);
                last = n;
            }
        }
        writer.join().unwrap();
        assert_eq!(says(&record.body(record.stamp())), 4);
    });
}

/// A slot is freed and given to another key while a reader looks at it: whoever matched the old
/// digest sees the old key whole, or nothing.
pub fn retire_and_reuse() {
    explore(|| {
        let record = Arc::new(Record::default());
        record.identify(&print(1), 1);
        record.publish(body(1));
        let writer = {
            let record = Arc::clone(&record);
            thread::spawn(move || {
                record.publish(Body::FREE);
                record.identify(&print(2), 2);
                record.publish(body(2));
            })
        };
        let stamp = record.stamp();
        if record.matches(&print(1)) {
            let seen = record.body(stamp);
            let id = record.id_bits();
            if record.unchanged(stamp) && seen.kind == Kind::Key {
                assert_eq!((says(&seen), id), (1, 1));
            }
        }
        writer.join().unwrap();
    });
}

/// A rotation leads the old digest to a record of its own before the key's record gets the new
/// one: the old secret is found at every moment.
pub fn rotate_and_find() {
    explore(|| {
        let table = Arc::new(Table::new(0));
        let records = Arc::new([Record::default(), Record::default()]);
        let [main, alias] = &*records;
        main.identify(&print(1), 1);
        main.publish(body(1));
        alias.identify(&print(1), 1);
        table.insert(1, 0);
        let reader = {
            let (table, records) = (Arc::clone(&table), Arc::clone(&records));
            thread::spawn(move || {
                let found = table.find(1, |slot| {
                    let record = records.get(slot as usize)?;
                    let stamp = record.stamp();
                    let matches = record.matches(&print(1));
                    let seen = record.body(stamp);
                    (matches && seen.kind == Kind::Key).then_some(slot)
                });
                assert!(found.is_some(), "the old secret was not found");
            })
        };
        let [main, alias] = &*records;
        alias.publish(body(2));
        assert!(table.lead(1, 0, 1));
        main.set_print(&print(3));
        main.publish(body(3));
        reader.join().unwrap();
    });
}

/// Two calls of one key claim, a sweeper frees: one state at a time, no unit forgotten, and every
/// call counted once.
pub fn claim_and_sweep() {
    explore(|| {
        let states = Arc::new(States::new(0, usize::MAX));
        let link = Arc::new(AtomicU32::new(0));
        let call = |states: &States, link: &AtomicU32| {
            let owner = Owner { link, slot: 3, id: 9 };
            let limit = Limit::new(1, 1).unwrap();
            let (at, mut state) = states.enter(owner).unwrap();
            let (taken, stamp) = state.take(5, limit, 1);
            if state.count(Verdict::Valid, 0, Timestamp::from_millis(1)) == Counted::First {
                states.mark(at);
            }
            matches!(taken, Taken::Admitted { .. }).then_some(stamp)
        };
        let other = {
            let (states, link) = (Arc::clone(&states), Arc::clone(&link));
            thread::spawn(move || call(&states, &link))
        };
        let sweeper = {
            let (states, link) = (Arc::clone(&states), Arc::clone(&link));
            thread::spawn(move || {
                let mut counted = 0;
                states.drain(|_, _, (counts, _)| counted += counts.iter().sum::<u32>());
                states.sweep(1_000_000_005, |_| Some(&link));
                counted
            })
        };
        let mine = call(&states, &link);
        let theirs = other.join().unwrap();
        let mut counted = sweeper.join().unwrap();
        states.drain(|_, _, (counts, _)| counted += counts.iter().sum::<u32>());
        assert_eq!(counted, 2, "a call was lost or counted twice");
        match (mine, theirs) {
            (Some(a), Some(b)) => assert!(a.abs_diff(b) >= 1_000_000_000, "{a} {b}"),
            (None, None) => panic!("nobody passed"),
            _ => {}
        }
        states.sweep(9_000_000_000, |_| Some(&link));
        assert_eq!((states.in_use().0, link.load(Relaxed)), (0, 0));
    });
}
