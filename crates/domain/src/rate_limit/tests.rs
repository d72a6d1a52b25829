use super::*;
use proptest::prelude::*;

const MS: u64 = 1_000_000;

#[test]
fn the_published_limit_admits_120_and_says_when_the_next_passes() {
    let limit = Limit::new(120, 60).unwrap();
    let mut window = Window::default();
    for n in 1..=120_u32 {
        let (taken, _) = window.take(u64::from(n) * MS, limit, 1, false);
        assert!(matches!(taken, Taken::Admitted { remaining, .. } if remaining == 120 - n));
    }
    let (taken, _) = window.take(1_000 * MS, limit, 1, false);
    assert_eq!(taken, Taken::Refused { remaining: 0, reset_after_ms: 59_001 });
    let (taken, _) = window.take(60_001 * MS, limit, 1, false);
    assert!(matches!(taken, Taken::Admitted { remaining: 0, .. }));
}

#[test]
fn a_cost_of_zero_takes_nothing() {
    let limit = Limit::new(2, 1).unwrap();
    let mut window = Window::default();
    for _ in 0..10 {
        let (taken, _) = window.take(5, limit, 0, false);
        assert_eq!(taken, Taken::Admitted { remaining: 2, reset_after_ms: 0 });
    }
    assert!(window.is_idle(5, limit));
}

#[test]
fn ranges_are_held() {
    assert_eq!(Limit::new(0, 1), Err(BadLimit::Capacity));
    assert_eq!(Limit::new(1_000_001, 1), Err(BadLimit::Capacity));
    assert_eq!(Limit::new(1, 0), Err(BadLimit::Frequency));
    assert_eq!(Limit::new(1, 86_401), Err(BadLimit::Frequency));
    assert_eq!(Limit::new(2, 1).unwrap().divided_by(3), Err(BadLimit::Capacity));
}

proptest! {
    /// The ceiling: no half-open interval of `frequency` holds more than `capacity` units.
    #[test]
    fn r_11_no_interval_admits_more_than_the_capacity(
        capacity in 1_u32..2_000, frequency in 1_u32..5, coarse: bool,
        steps in prop::collection::vec((0_u64..40, 1_u32..30), 1..600),
    ) {
        let limit = Limit::new(capacity, frequency).unwrap();
        let interval = u64::from(frequency) * NANOS;
        let mut window = Window::default();
        let mut now = 0;
        let mut admitted: Vec<(u64, u32)> = Vec::new();
        for (step, cost) in steps {
            now += step * MS;
            let cost = cost.min(capacity);
            if let (Taken::Admitted { .. }, at) = window.take(now, limit, cost, coarse) {
                admitted.push((at, cost));
                let in_interval: u64 = admitted.iter()
                    .filter(|(t, _)| *t + interval > at).map(|(_, c)| u64::from(*c)).sum();
                prop_assert!(in_interval <= u64::from(capacity));
            }
        }
    }

    /// Full demand: with a call always waiting, at least 99 % of the capacity passes.
    #[test]
    fn r_11_full_demand_uses_99_percent(capacity in prop_oneof![Just(1_u32), Just(100), Just(256), Just(1_000), Just(20_000)]) {
        let limit = Limit::new(capacity, 1).unwrap();
        let mut window = Window::default();
        let (mut now, mut passed, rounds) = (0_u64, 0_u64, 20_u64);
        while now < rounds * NANOS {
            match window.take(now, limit, 1, false).0 {
                Taken::Admitted { .. } => passed += 1,
                Taken::Refused { reset_after_ms, .. } => now += (reset_after_ms * MS).max(1),
            }
        }
        // Rounding to the millisecond costs up to one in a thousand at these frequencies.
        prop_assert!(passed * 1000 >= u64::from(capacity) * rounds * 989, "{passed}");
    }

    #[test]
    fn a_clock_that_runs_back_changes_nothing(times in prop::collection::vec(0_u64..3_000, 1..200)) {
        let limit = Limit::new(10, 1).unwrap();
        let mut window = Window::default();
        let mut last = 0;
        for t in times {
            let (_, at) = window.take(t * MS, limit, 1, false);
            prop_assert!(at >= last);
            last = at;
        }
    }
}
