//! What is counted, drained and given back.

use super::*;

#[test]
fn calls_are_counted_by_verdict_and_drained_once() {
    let v = verifier();
    v.apply_key(&limited(1, 2, 1));
    v.apply_key(&key(2));
    for _ in 0..5 {
        v.ask(1, at(7_000));
    }
    v.ask(3, at(7_000));
    v.opened_by(2, at(7_000));
    v.opened_by(3, at(7_000));
    let drained = v.drain_usage();
    let mut counts = [0; 13];
    counts[Verdict::Valid as usize] = 2;
    counts[Verdict::RateLimited as usize] = 3;
    let last_used = Some(Timestamp::from_millis(7_000));
    let secrets_used = [last_used, None];
    assert_eq!(drained.keys, [KeyUsage { id: key_id(1), counts, last_used, secrets_used }]);
    assert_eq!(drained.not_found, 1);
    assert_eq!(v.drain_usage(), Drained::default());
}

#[test]
fn calls_by_the_old_secret_and_by_the_new_one_are_told_apart() {
    let v = verifier();
    v.apply_key(&key(1));
    v.ask(1, at(7_000));
    v.apply_key(&changed(&key(1), |s| {
        s.secrets = vec![ending(1, 0, 60_000), LiveSecret { slot: 1, ..current(2) }];
    }));
    let used = |v: &Verifier| {
        let drained = v.drain_usage();
        let [usage] = &drained.keys[..] else { panic!("{drained:?}") };
        assert_eq!(usage.last_used, usage.secrets_used.into_iter().flatten().max());
        usage.secrets_used.map(|at| at.map_or(0, Timestamp::as_millis))
    };
    v.ask(2, at(8_000));
    assert_eq!(used(&v), [7_000, 8_000]);
    // Instants beyond 32 bits of milliseconds, and an earlier one behind a later one.
    v.ask(1, at(59_000));
    v.ask(1, at(58_000));
    v.ask(2, Now { wall: Timestamp::from_millis(4_102_444_800_123), mono_ns: 1 });
    assert_eq!(used(&v), [59_000, 4_102_444_800_123]);
}

#[test]
fn only_a_call_that_passed_is_a_use() {
    let v = verifier();
    let mut state = key(1);
    state.key.enabled = false;
    v.apply_key(&state);
    v.ask(1, at(7_000));
    assert_eq!(v.drain_usage().keys[0].last_used, None);
}

#[test]
fn what_could_not_be_flushed_is_in_the_next_drain() {
    let v = verifier();
    for n in 1..=3 {
        v.apply_key(&key(n));
        v.ask(n, at(1_000));
    }
    v.ask(99, at(1_000));
    let first = v.drain_usage();
    v.restore_usage(&first);
    v.ask(1, at(2_000));
    v.ask(99, at(2_000));
    v.remove_key(key_id(2), 2);
    let mut second = v.drain_usage();
    second.keys.sort_by_key(|k| k.id);
    let valid: Vec<_> = second
        .keys
        .iter()
        .map(|k| (k.id, k.counts[12], k.last_used.unwrap().as_millis()))
        .collect();
    assert_eq!(valid, [(key_id(1), 2, 2_000), (key_id(2), 1, 1_000), (key_id(3), 1, 1_000)]);
    assert_eq!(second.not_found, 2);
}

#[test]
fn a_removed_key_loses_no_count() {
    let v = verifier();
    v.apply_key(&key(1));
    v.ask(1, at(1));
    v.remove_key(key_id(1), 2);
    v.sweep(SECOND_NS);
    v.sweep(2 * SECOND_NS);
    v.apply_key(&key(2));
    v.ask(2, at(1));
    let ids: std::collections::BTreeSet<_> = v.drain_usage().keys.iter().map(|k| k.id).collect();
    assert_eq!(ids.into_iter().collect::<Vec<_>>(), [key_id(1), key_id(2)]);
}

#[test]
fn more_refusals_in_one_interval_than_a_state_can_count_are_all_drained() {
    let v = verifier();
    let mut state = key(1);
    state.key.enabled = false;
    v.apply_key(&state);
    for _ in 0..70_000 {
        v.ask(1, at(1));
    }
    let drained = v.drain_usage();
    assert_eq!(drained.keys.len(), 1);
    assert_eq!(drained.keys[0].counts[Verdict::Disabled as usize], 70_000);
    v.sweep(SECOND_NS);
    assert_eq!(v.stats().limiter_states, 0);
}
