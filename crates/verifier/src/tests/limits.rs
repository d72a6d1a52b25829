//! Limits through the index. The arithmetic is tested where it is, in `domain`.

use super::*;

fn taken(v: &Verifier, n: u128, cost: u32, now: Now) -> (Verdict, Option<(u32, u64)>) {
    let presented = Presented { secret: &text(n), asked: ANYTHING, cost };
    v.verify(&presented, now, |o| (o.verdict, o.limit.map(|l| (l.remaining, l.reset_after_ms))))
        .unwrap()
}

#[test]
fn a_limit_is_taken_shown_and_given_back() {
    let v = verifier();
    v.apply_key(&limited(1, 3, 10));
    assert_eq!(taken(&v, 1, 0, at(0)), (Verdict::Valid, Some((3, 0))));
    assert_eq!(taken(&v, 1, 2, at(0)), (Verdict::Valid, Some((1, 10_000))));
    assert_eq!(taken(&v, 1, 2, at(1_000)), (Verdict::RateLimited, Some((1, 9_000))));
    assert_eq!(taken(&v, 1, 1, at(1_000)), (Verdict::Valid, Some((0, 9_000))));
    assert_eq!(taken(&v, 1, 2, at(10_000)), (Verdict::Valid, Some((0, 1_000))));
    let shown =
        v.inspect(&digest(1), at(10_000), &ANYTHING, |o| (o.verdict, o.limit.unwrap().remaining));
    assert_eq!(shown, Ok((Verdict::Valid, 0)), "a look takes nothing");
}

#[test]
fn a_refused_call_takes_nothing() {
    let v = verifier();
    let state = limited(1, 1, 10);
    v.apply_key(&changed(&state, |s| s.key.enabled = false));
    for _ in 0..5 {
        assert_eq!(taken(&v, 1, 1, at(0)), (Verdict::Disabled, None));
    }
    v.apply_key(&changed(&changed(&state, |_| {}), |_| {}));
    assert_eq!(taken(&v, 1, 1, at(0)).0, Verdict::Valid);
}

#[test]
fn both_secrets_of_a_key_share_its_limit() {
    let v = verifier();
    let mut state = limited(1, 2, 10);
    state.secrets.push(ending(2, 1, 99_000));
    v.apply_key(&state);
    assert_eq!((v.ask(1, at(0)), v.ask(2, at(0))), (Verdict::Valid, Verdict::Valid));
    assert_eq!((v.ask(1, at(0)), v.ask(2, at(0))), (Verdict::RateLimited, Verdict::RateLimited));
}

#[test]
fn a_node_enforces_its_share() {
    let v = verifier_of(Options { nodes: 3, ..Options::default() });
    v.apply_key(&limited(1, 8, 10));
    v.apply_key(&limited(2, 2, 10));
    let verdicts: Vec<_> = (0..3).map(|_| taken(&v, 1, 1, at(0))).collect();
    assert_eq!(verdicts[0], (Verdict::Valid, Some((1, 10_000))));
    assert_eq!(verdicts[2].0, Verdict::RateLimited);
    assert_eq!(taken(&v, 2, 1, at(0)), (Verdict::RateLimited, Some((0, 10_000))));
}

#[test]
fn a_changed_limit_counts_from_the_next_call() {
    let v = verifier();
    let state = limited(1, 1, 10);
    v.apply_key(&state);
    assert_eq!((v.ask(1, at(0)), v.ask(1, at(0))), (Verdict::Valid, Verdict::RateLimited));
    v.apply_key(&changed(&state, |s| s.key.limit = Some(Limit::new(2, 10).unwrap())));
    assert_eq!((v.ask(1, at(0)), v.ask(1, at(0))), (Verdict::Valid, Verdict::RateLimited));
}

#[test]
fn only_keys_that_are_called_have_a_state_and_sweeping_forgets_no_unit() {
    let v = verifier();
    for n in 0..50 {
        v.apply_key(&limited(n, 1, 5));
        v.apply_key(&key(n + 50));
    }
    assert_eq!(v.stats().limiter_states, 0);
    for n in 0..100 {
        assert_eq!(v.ask(n, at(0)), Verdict::Valid);
    }
    v.sweep(at(100).mono_ns);
    assert_eq!(v.stats().limiter_states, 100, "their counts are not drained");
    assert_eq!(v.drain_usage().keys.len(), 100);
    v.sweep(at(200).mono_ns);
    assert_eq!(v.stats().limiter_states, 50, "the others' windows are not empty");
    for n in 0..50 {
        assert_eq!(v.ask(n, at(4_999)), Verdict::RateLimited);
    }
    let _ = v.drain_usage();
    v.sweep(at(5_000).mono_ns);
    assert_eq!(v.stats().limiter_states, 0);
    assert_eq!(v.ask(0, at(5_000)), Verdict::Valid);
}

#[test]
fn above_the_memory_cap_new_states_are_coarse_and_the_ceiling_holds() {
    let v = verifier_of(Options { limiter_memory_cap: 128 * 10, ..Options::default() });
    for n in 0..20 {
        v.apply_key(&limited(n, 5, 1));
        let admitted = (0..50).filter(|ms| v.ask(n, at(*ms * 19)) == Verdict::Valid).count();
        assert_eq!(admitted, 5);
    }
    let stats = v.stats();
    assert_eq!((stats.limiter_states, stats.coarse_states), (20, 10));
    let _ = v.drain_usage();
    v.sweep(at(60_000).mono_ns);
    assert_eq!((v.stats().limiter_states, v.stats().coarse_states), (0, 0));
}

#[test]
fn the_next_key_in_a_slot_starts_with_a_limit_and_counts_of_its_own() {
    let v = verifier();
    v.apply_key(&limited(1, 1, 3_600));
    assert_eq!(v.ask(1, at(0)), Verdict::Valid);
    v.remove_key(key_id(1), 2);
    v.sweep(SECOND_NS);
    v.sweep(2 * SECOND_NS);
    v.apply_key(&limited(2, 1, 3_600));
    assert_eq!((v.ask(2, at(3_000)), v.ask(2, at(3_000))), (Verdict::Valid, Verdict::RateLimited));
    let mut drained = v.drain_usage().keys;
    drained.sort_by_key(|u| u.id);
    let counted: Vec<_> = drained.iter().map(|u| (u.id, u.counts[12], u.counts[11])).collect();
    assert_eq!(counted, [(key_id(1), 1, 0), (key_id(2), 1, 1)]);
    v.sweep(4_000 * SECOND_NS);
    assert_eq!(v.stats().limiter_states, 0);
}

#[test]
fn a_call_that_is_refused_above_takes_nothing_and_counts_as_limited() {
    let v = verifier();
    v.apply_key(&limited(1, 1, 10));
    v.apply_key(&key(2));
    let refuse = |n: u128| {
        let presented = Presented { secret: &text(n), asked: ANYTHING, cost: 1 };
        v.refuse(&presented, at(0), |outcome| (outcome.verdict, outcome.limit)).unwrap()
    };
    assert!(matches!(refuse(1), (Verdict::RateLimited, Some(LimitState { remaining: 1, .. }))));
    assert_eq!(refuse(2), (Verdict::RateLimited, None));
    assert_eq!(refuse(3), (Verdict::NotFound, None), "nobody learns of a ceiling without a key");
    assert_eq!((v.ask(1, at(0)), v.ask(1, at(0))), (Verdict::Valid, Verdict::RateLimited));
    let drained = v.drain_usage();
    assert_eq!((drained.not_found, drained.keys.len()), (1, 2));
}
