//! Readers and writers at once. No sleeps: the writer does its work, the readers go on until it is
//! done, and what they saw is judged.

use super::*;
use std::{
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
};

const READERS: u128 = 3;

/// Runs `reader` on several threads until `writer` is done, and at least once more after.
fn beside(writer: impl FnOnce(), reader: impl Fn(u128) + Sync) {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for n in 0..READERS {
            let (done, reader) = (&done, &reader);
            scope.spawn(move || {
                let mut last = false;
                while !last {
                    last = done.load(Ordering::Acquire);
                    reader(n);
                }
            });
        }
        writer();
        done.store(true, Ordering::Release);
    });
}

#[test]
fn readers_find_every_key_while_the_tables_grow() {
    const KEYS: u32 = 30_000;
    let v = verifier();
    let applied = AtomicU32::new(0);
    beside(
        || {
            for n in 0..KEYS {
                v.apply_key(&key(n.into()));
                applied.store(n + 1, Ordering::Release);
            }
        },
        |reader| {
            let known = u128::from(applied.load(Ordering::Acquire));
            for step in 0..50 {
                let n = (step * 7_919 + reader) % known.max(1);
                if n < known {
                    assert_eq!(v.opened_by(n, at(1)), Some(key_id(n)));
                }
                assert_eq!(v.opened_by(n + 1_000_000, at(1)), None);
            }
        },
    );
    assert_eq!(v.stats().keys, KEYS as usize);
}

/// Each key's name, type, permissions and end say its version: a picture never mixes two.
#[test]
fn r_09_a_reader_never_sees_half_a_change() {
    let v = verifier();
    let state = |n: u128, version: u32| {
        let mut state = key(n);
        state.key.version = version;
        state.key.key_type = format!("type-{version}");
        state.key.permissions = vec![Permission::parse(&format!("a:v{version}")).unwrap()];
        state.key.expires_at = Some(Timestamp::from_millis(i64::from(version) + 1_000));
        state
    };
    for n in 0..4 {
        v.apply_key(&state(n, 1));
    }
    beside(
        || {
            for version in 2..4_000 {
                for n in 0..4 {
                    v.apply_key(&state(n, version));
                }
            }
        },
        |reader| {
            for n in 0..4 {
                v.inspect(&digest((n + reader) % 4), at(1), &ANYTHING, |o| {
                    let found = o.found.unwrap();
                    let version = found.expires_at.unwrap().as_millis() - 1_000;
                    assert_eq!(found.key_type, format!("type-{version}"));
                    assert_eq!(found.permissions[0].as_str(), format!("a:v{version}"));
                })
                .unwrap();
            }
        },
    );
}

/// Names change length all the time, so that their spaces are given from one key to another.
#[test]
fn a_name_is_never_torn() {
    let v = verifier();
    let name = |n: u128, version: u32| {
        let letter = char::from(b'a' + u8::try_from((n + u128::from(version)) % 26).unwrap());
        letter.to_string().repeat(1 + (version as usize * 13 + usize::try_from(n).unwrap()) % 90)
    };
    let state = |n, version| {
        let mut state = key(n);
        state.key.version = version;
        state.key.name = name(n, version);
        state
    };
    for n in 0..4 {
        v.apply_key(&state(n, 1));
    }
    beside(
        || {
            for version in 2..6_000 {
                for n in 0..4 {
                    v.apply_key(&state(n, version));
                }
            }
        },
        |reader| {
            v.inspect(&digest((reader * 3) % 4), at(1), &ANYTHING, |o| {
                let name = o.found.unwrap().name;
                assert!(
                    !name.is_empty() && name.bytes().all(|b| Some(b) == name.bytes().next()),
                    "{name}"
                );
            })
            .unwrap();
        },
    );
}

#[test]
fn a_key_answers_throughout_its_rotations() {
    let v = verifier();
    v.apply_key(&key(1));
    let generation = AtomicU32::new(1);
    beside(
        || {
            let mut state = key(1);
            for n in 2..4_000_u32 {
                let old = LiveSecret {
                    ends_at: Some(Timestamp::from_millis(99)),
                    ..current(u128::from(n) - 1)
                };
                state = changed(&state, |s| s.secrets = vec![current(n.into()), old]);
                v.apply_key(&state);
                generation.store(n, Ordering::Release);
            }
        },
        |_| {
            let n = u128::from(generation.load(Ordering::Acquire));
            let found = v.opened_by(n, at(1));
            // Two rotations on, the secret may be over; before that it must have answered.
            if u128::from(generation.load(Ordering::Acquire)) <= n {
                assert_eq!(found, Some(key_id(1)), "secret {n}");
            }
        },
    );
}

#[test]
fn r_03_no_reader_that_starts_after_a_revocation_passes() {
    let v = verifier();
    let revoked = AtomicU32::new(0);
    for n in 0..5_000 {
        v.apply_key(&key(n));
    }
    beside(
        || {
            for n in 0..5_000_u32 {
                if n % 2 == 0 {
                    v.remove_key(key_id(n.into()), 2);
                } else {
                    let gone = changed(&key(n.into()), |s| {
                        s.key.revoked_at = Some(Timestamp::from_millis(0));
                    });
                    v.apply_key(&gone);
                }
                revoked.store(n + 1, Ordering::Release);
                if n % 64 == 0 {
                    v.sweep(u64::from(n) * SECOND_NS);
                }
            }
        },
        |_| {
            let until = u128::from(revoked.load(Ordering::Acquire));
            for n in until.saturating_sub(5)..until {
                let verdict = v.ask(n, at(1));
                assert!(
                    matches!(verdict, Verdict::NotFound | Verdict::Revoked),
                    "{n}: {verdict:?}"
                );
            }
        },
    );
}

/// Every admission carries a stamp that its thread knows to lie between two readings of one shared
/// clock; the clock is only ever counted up, so that the checker needs no time of its own.
#[test]
fn r_11_threads_together_never_pass_the_ceiling() {
    for (capacity, frequency) in [(1, 1), (10, 1), (300, 2), (5_000, 1)] {
        let v = verifier();
        v.apply_key(&limited(1, capacity, frequency));
        let clock = std::sync::atomic::AtomicU64::new(0);
        let step = u64::from(frequency) * SECOND_NS / 2_000;
        let admitted: Vec<u64> = thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        let mut admitted = Vec::new();
                        for _ in 0..2_000 {
                            let mono_ns = clock.fetch_add(step, Ordering::AcqRel);
                            let wall = Timestamp::from_millis(0);
                            if v.ask(1, Now { wall, mono_ns }) == Verdict::Valid {
                                admitted.push(mono_ns);
                            }
                            if mono_ns.is_multiple_of(64) {
                                let _ = v.drain_usage();
                                v.sweep(mono_ns);
                            }
                        }
                        admitted
                    })
                })
                .collect();
            threads.into_iter().flat_map(|t| t.join().unwrap()).collect()
        });
        // The limiter stamps a call no earlier than it was asked at, and never earlier than the
        // call before it: in a run of one key the stamps are the running maximum. A thread that was
        // put to sleep between clock and lock is stamped late, by at most the others' progress, so
        // only totals can be judged from outside: never more than one capacity an interval begun.
        let intervals = clock.load(Ordering::Acquire) / (u64::from(frequency) * SECOND_NS) + 1;
        assert!(admitted.len() as u64 <= intervals * u64::from(capacity), "{}", admitted.len());
        assert!(!admitted.is_empty());
    }
}

#[test]
fn counts_survive_threads_drains_and_sweeps() {
    const CALLS: u32 = 20_000;
    let v = verifier();
    for n in 0..8 {
        v.apply_key(&key(n));
    }
    let drains = std::sync::Mutex::new(Vec::new());
    thread::scope(|scope| {
        for thread in 0..4_u32 {
            let (v, drains) = (&v, &drains);
            scope.spawn(move || {
                for call in 0..CALLS {
                    v.ask(u128::from((call * 5 + thread) % 9), at(1));
                    if call % 512 == 0 {
                        let drained = v.drain_usage();
                        if call % 1024 == 0 {
                            v.restore_usage(&drained);
                        } else {
                            drains.lock().unwrap().push(drained);
                        }
                        v.sweep(u64::from(call) * SECOND_NS);
                    }
                }
            });
        }
    });
    let mut all = drains.into_inner().unwrap();
    all.push(v.drain_usage());
    let by_key: u32 = all.iter().flat_map(|d| &d.keys).flat_map(|k| k.counts).sum();
    let not_found: u64 = all.iter().map(|d| d.not_found).sum();
    assert_eq!(u64::from(by_key) + not_found, u64::from(CALLS) * 4);
    v.sweep(99_999 * SECOND_NS);
    assert_eq!(v.stats().limiter_states, 0);
}
