use super::*;

const PATIENCE: Patience = Patience { first_byte: 2, header: 3, body: 4, idle: 10, tick_ms: 100 };

/// How many ticks pass until patience is at its end.
fn lasts(ticks: &Ticks, activity: &Activity) -> u32 {
    let start = ticks.now();
    loop {
        let now = ticks.advance();
        if activity.dawdles(now, &PATIENCE) {
            return now - start;
        }
        assert!(now < 1_000, "endless patience");
    }
}

fn connection() -> (Ticks, Activity) {
    let ticks = Ticks::default();
    ticks.advance();
    (ticks.clone(), Activity::new(ticks))
}

#[test]
fn ht_03_each_phase_has_its_own_patience() {
    let (ticks, activity) = connection();
    assert_eq!(lasts(&ticks, &activity), 3);
    activity.received();
    assert_eq!(lasts(&ticks, &activity), 4);
    activity.request_begins(false);
    activity.body_waits();
    assert_eq!(lasts(&ticks, &activity), 5);
    activity.body_ends();
    activity.request_ends();
    assert_eq!(lasts(&ticks, &activity), 11);
}

#[test]
fn ht_03_frames_of_http2_do_not_shorten_its_idle_time_nor_prolong_it() {
    let (ticks, activity) = connection();
    activity.received();
    activity.request_begins(true);
    activity.request_ends();
    activity.received();
    assert_eq!(lasts(&ticks, &activity), 11);
}

#[test]
fn an_exchange_of_the_gateway_is_left_alone_for_as_long_as_its_route_says() {
    let (ticks, activity) = connection();
    let activity = Arc::new(activity);
    activity.received();
    activity.request_begins(false);
    let relaying = activity.relay(2_000);
    activity.request_ends();
    activity.received();
    assert!(lasts(&ticks, &activity) > 20, "neither idle nor reading a head");
    drop(relaying);
    assert_eq!(lasts(&ticks, &activity), 11);
}

#[test]
fn a_handler_that_works_is_left_alone() {
    let (ticks, activity) = connection();
    activity.received();
    activity.request_begins(false);
    let now = (0..500).fold(0, |_, _| ticks.advance());
    assert!(!activity.dawdles(now, &PATIENCE));
}
