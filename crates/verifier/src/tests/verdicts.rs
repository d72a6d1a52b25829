//! Every verdict, and what is answered beside it.

use super::*;
use domain::{
    key::Rotation,
    tenant::{Unacknowledged, WarningDays},
};

#[test]
fn every_verdict_comes_out_of_the_index() {
    let v = verifier();
    let now = at(10_000);
    let instant = |ms| Some(Timestamp::from_millis(ms));
    let of = |n, change: &dyn Fn(&mut KeyState)| {
        let mut state = key(n);
        change(&mut state);
        v.apply_key(&state);
    };
    of(1, &|_| {});
    of(2, &|s| s.key.scope = Scope::Tenant(tenant(2)));
    of(3, &|s| s.key.key_type = "ges".to_owned());
    of(4, &|s| s.key.revoked_at = instant(10_000));
    of(5, &|s| s.key.enabled = false);
    of(6, &|s| s.key.starts_at = instant(10_001));
    of(7, &|s| s.key.expires_at = instant(10_000));
    let list = |entry: &str| AllowList::from_entries([entry]).unwrap();
    of(8, &|s| s.key.allow_list = list("origin a.example"));
    of(9, &|s| s.key.allow_list = list("address 10.0.0.0/8"));
    of(10, &|s| s.key.allow_list = list("path /chat"));
    of(11, &|s| s.key.permissions.clear());
    of(12, &|s| s.key.limit = Some(Limit::new(1, 1).unwrap()));
    of(13, &|s| s.key.held_at = Some(s.key.created_at));
    let asked = Request {
        tenant: Some(Scope::Tenant(tenant(1))),
        key_types: KeyTypes::One("nexus"),
        wants: Wants::All(&["nexus:consumer:chat"]),
        ..ANYTHING
    };
    assert_eq!(v.ask_for(12, &asked, now), Verdict::Valid);
    let want = [
        (1, Verdict::Valid),
        (2, Verdict::WrongTenant),
        (3, Verdict::WrongType),
        (4, Verdict::Revoked),
        (5, Verdict::Disabled),
        (6, Verdict::NotYetValid),
        (7, Verdict::Expired),
        (8, Verdict::OriginNotAllowed),
        (9, Verdict::AddressNotAllowed),
        (10, Verdict::RequestNotAllowed),
        (11, Verdict::InsufficientPermissions),
        (12, Verdict::RateLimited),
        (13, Verdict::Disabled),
        (14, Verdict::NotFound),
    ];
    for (n, verdict) in want {
        assert_eq!(v.ask_for(n, &asked, now), verdict, "key {n}");
    }
}

#[test]
fn instants_are_compared_when_asked_and_a_revocation_outranks_an_end() {
    let v = verifier();
    let mut state = key(1);
    state.key.expires_at = Some(Timestamp::from_millis(2_000));
    state.key.revoked_at = Some(Timestamp::from_millis(3_000));
    v.apply_key(&state);
    assert_eq!(v.ask(1, at(1_999)), Verdict::Valid);
    assert_eq!(v.ask(1, at(2_000)), Verdict::Expired);
    assert_eq!(v.ask(1, at(3_000)), Verdict::Revoked);
    let end = v.inspect(&digest(1), at(1), &ANYTHING, |o| o.found.unwrap().expires_at);
    assert_eq!(end, Ok(Some(Timestamp::from_millis(2_000))));
}

#[test]
fn what_was_found_is_told() {
    let v = verifier();
    v.apply_principal(&someone(PrincipalId::Person(person(9)), &[]));
    for name in [
        "",
        "n",
        "ä name with 63 bytes, one more than fits into the short buffer…",
        &"𝄞".repeat(255),
    ] {
        let mut state = limited(1, 120, 60);
        state.key.version = u32::try_from(name.len()).unwrap() + 1;
        state.key.name = name.to_owned();
        state.key.owner = Some(person(9));
        state.key.expires_at = Some(Timestamp::from_millis(99_000));
        state.secrets = vec![ending(2, 0, 50_000), LiveSecret { slot: 1, ..current(1) }];
        v.apply_key(&state);
        for (secret, slot, ends_at) in [(1, 1, None), (2, 0, Some(50_000))] {
            v.inspect(&digest(secret), at(1), &ANYTHING, |o| {
                let found = o.found.unwrap();
                assert_eq!((found.key_id, found.name), (key_id(1), name));
                assert_eq!((found.scope, found.key_type), (state.key.scope, "nexus"));
                assert_eq!(found.permissions, state.key.permissions);
                assert_eq!(
                    (found.expires_at, found.owner),
                    (state.key.expires_at, state.key.owner)
                );
                assert_eq!((found.limit, found.secret_slot), (state.key.limit, slot));
                assert_eq!(found.secret_ends_at, ends_at.map(Timestamp::from_millis));
                let limit = o.limit.unwrap();
                assert_eq!((limit.remaining, limit.reset_after_ms), (120, 0));
            })
            .unwrap();
        }
    }
}

#[test]
fn a_secret_that_has_ended_is_like_one_that_was_never_known() {
    let v = verifier();
    let mut state = key(1);
    state.secrets.push(ending(2, 1, 5_000));
    v.apply_key(&state);
    assert_eq!((v.ask(2, at(4_999)), v.ask(2, at(5_000))), (Verdict::Valid, Verdict::NotFound));
    assert_eq!(v.ask(1, at(5_000)), Verdict::Valid);
    let drained = v.drain_usage();
    assert_eq!((drained.keys.len(), drained.not_found), (1, 1));
}

#[test]
fn en_07_a_malformed_text_is_refused_whatever_the_index_holds() {
    let v = Verifier::new(Options::default());
    let mut state = key(1);
    let malformed =
        ["kw_not-a-checksum", "key_0000000000000000000000", "short", "two words are no secret"];
    state.secrets = malformed
        .iter()
        .zip(0..)
        .map(|(text, slot)| LiveSecret { slot, digest: SecretDigest::of(text), ends_at: None })
        .collect();
    v.apply_tenant(&TenantState::plain(tenant(1), Standing::Live, 1));
    v.apply_key(&state);
    for secret in malformed {
        let presented = Presented { secret, asked: ANYTHING, cost: 1 };
        // Not even "loading": no look-up is needed to know.
        assert_eq!(v.verify(&presented, at(1), |o| o.verdict), Ok(Verdict::NotFound), "{secret}");
    }
    assert_eq!(v.drain_usage().not_found, 4);
}

#[test]
fn while_loading_a_hit_answers_and_a_miss_does_not() {
    let v = Verifier::new(Options::default());
    v.apply_tenant(&TenantState::plain(tenant(1), Standing::Live, 1));
    v.apply_key(&key(1));
    let verdict = |n| v.inspect(&digest(n), at(1), &ANYTHING, |o| o.verdict);
    assert_eq!((verdict(1), verdict(2)), (Ok(Verdict::Valid), Err(Unavailable::Loading)));
    assert_eq!(v.authenticate(&text(3), at(1)).err(), Some(Unavailable::Loading));
    v.set_loaded();
    assert_eq!(verdict(2), Ok(Verdict::NotFound));
    assert!(v.authenticate(&text(3), at(1)).unwrap().is_none());
}

#[test]
fn r_04_without_a_proof_of_freshness_nothing_is_answered() {
    let v = verifier();
    v.apply_key(&key(1));
    v.confirm_fresh(at(1_000).mono_ns);
    v.confirm_fresh(at(500).mono_ns);
    assert_eq!(v.freshness(), (true, at(1_000).mono_ns));
    assert_eq!(v.ask(1, at(901_000)), Verdict::Valid);
    for n in [1, 2] {
        let verdict = v.inspect(&digest(n), at(901_001), &ANYTHING, |o| o.verdict);
        assert_eq!(verdict, Err(Unavailable::Stale));
    }
    assert_eq!(v.authenticate(&text(1), at(901_001)).err(), Some(Unavailable::Stale));
    v.confirm_fresh(at(901_001).mono_ns);
    assert_eq!(v.ask(1, at(901_001)), Verdict::Valid);
}

#[test]
fn lg_01_nothing_prints_a_secret() {
    let secret = text(1);
    let presented = Presented { secret: &secret, asked: ANYTHING, cost: 1 };
    let printed = format!("{presented:?} {:?} {:?}", verifier(), key(1).secrets);
    assert!(!printed.contains("chosen-secret"), "{printed}");
}

#[test]
fn a_tenants_policy_holds_back_what_nobody_acknowledged() {
    let v = verifier();
    let since = Timestamp::from_millis(30_000);
    let mut waiting = key(1);
    waiting.unacknowledged_since = Some(since);
    waiting.secrets = vec![current(1), ending(2, 1, 10_000_000)];
    v.apply_key(&waiting);
    v.apply_key(&key(3));
    let policy = |unacknowledged, version| {
        let plain = TenantState::plain(tenant(1), Standing::Live, version);
        v.apply_tenant(&TenantState { unacknowledged, ..plain });
    };
    let asked = |n, ms| v.ask(n, at(ms));
    assert_eq!(asked(1, 40_000), Verdict::Valid, "unless a policy says otherwise");
    policy(Unacknowledged::Inactive, 2);
    assert_eq!(asked(1, 40_000), Verdict::Disabled);
    assert_eq!(asked(2, 40_000), Verdict::Valid, "the secret before it runs out as it was");
    assert_eq!(asked(3, 40_000), Verdict::Valid, "it waits for nobody");
    policy(Unacknowledged::Lapse(2), 3);
    assert_eq!(asked(1, 179_999), Verdict::Valid, "counted from the next whole minute");
    assert_eq!(asked(1, 180_000), Verdict::Disabled);
    policy(Unacknowledged::Live, 2);
    assert_eq!(asked(1, 180_000), Verdict::Disabled, "a late update");
    v.apply_key(&changed(&waiting, |s| s.unacknowledged_since = None));
    assert_eq!(asked(1, 180_000), Verdict::Valid, "acknowledged");
}

#[test]
fn a_warning_says_how_many_days_are_left_once_its_day_is_reached() {
    const DAY: i64 = 86_400_000;
    let v = verifier();
    let warned = |n, ms| {
        let ask = |o: &Outcome<'_>| o.found.and_then(|f| f.warning).map(|w| (w.days_left, w.day));
        let now = Now { mono_ns: 1, wall: Timestamp::from_millis(ms) };
        v.inspect(&digest(n), now, &ANYTHING, ask).unwrap()
    };
    let ends = Timestamp::from_millis(40 * DAY);
    let mut ending = key(1);
    ending.key.expires_at = Some(ends);
    v.apply_key(&ending);
    v.apply_key(&key(2));
    let mut revoked = key(3);
    revoked.key.expires_at = Some(ends);
    revoked.key.revoked_at = Some(Timestamp::from_millis(10 * DAY));
    v.apply_key(&revoked);
    assert_eq!(warned(1, 10 * DAY - 1), None);
    assert_eq!(warned(1, 10 * DAY), Some((30, 30)));
    assert_eq!(warned(1, 39 * DAY - 1), Some((2, 7)));
    assert_eq!(warned(1, 40 * DAY - 1), Some((1, 1)));
    assert_eq!(warned(1, 40 * DAY), None, "it has ended");
    assert_eq!(warned(2, 40 * DAY), None, "it never ends");
    assert_eq!(warned(3, 3 * DAY), Some((7, 7)), "its revocation comes first");
    let warning_days = WarningDays::new(&[3]).unwrap();
    v.apply_tenant(&TenantState {
        warning_days,
        ..TenantState::plain(tenant(1), Standing::Live, 2)
    });
    assert_eq!(warned(1, 10 * DAY), None, "its tenant wants it so");
    assert_eq!(warned(1, 37 * DAY), Some((3, 3)));
}

#[test]
fn a_secret_that_is_due_says_when_it_ends_and_ends_the_key() {
    let v = verifier();
    let due_at = Timestamp::from_millis(100_000);
    let rotation = Rotation { every_days: 1, overlap_s: 50, due_at };
    let mut scheduled = key(1);
    scheduled.key.rotation = Some(rotation);
    scheduled.key.secret_ends_at = Some(rotation.secret_ends_at());
    v.apply_key(&scheduled);
    let said = |n, ms| {
        let ask = |o: &Outcome<'_>| (o.verdict, o.found.and_then(|f| f.secret_ends_at));
        v.inspect(&digest(n), at(ms), &ANYTHING, ask).unwrap()
    };
    let end = Some(Timestamp::from_millis(150_000));
    assert_eq!(said(1, 99_999), (Verdict::Valid, None));
    assert_eq!(said(1, 100_000), (Verdict::Valid, end));
    assert_eq!(said(1, 150_000), (Verdict::Expired, end));
    v.apply_key(&changed(&scheduled, |s| {
        s.secrets = vec![ending(1, 0, 150_000), LiveSecret { slot: 1, ..current(2) }];
        s.key.secret_ends_at = Some(Timestamp::from_millis(86_550_000));
    }));
    assert_eq!(said(1, 149_999), (Verdict::Valid, end), "the old one");
    assert_eq!(said(1, 150_000), (Verdict::NotFound, None));
    assert_eq!(said(2, 150_000), (Verdict::Valid, None));
}
