//! Versions, removals, rotations, and what hangs on tenants and principals.

use super::*;

#[test]
fn r_09_a_late_update_is_ignored() {
    let v = verifier();
    let first = key(1);
    let second = changed(&first, |s| s.key.enabled = false);
    let third = changed(&second, |s| s.key.revoked_at = Some(Timestamp::from_millis(0)));
    for state in [&third, &first, &second] {
        v.apply_key(state);
        assert_eq!(v.ask(1, at(1)), Verdict::Revoked);
    }
    v.remove_key(key_id(1), 2);
    assert_eq!(v.ask(1, at(1)), Verdict::Revoked, "an older removal changes nothing");
    v.remove_key(key_id(1), 4);
    for state in [&first, &third, &changed(&third, |_| {})] {
        v.apply_key(state);
        assert_eq!(v.ask(1, at(1)), Verdict::NotFound);
    }
    assert_eq!(v.stats().keys, 0);
}

#[test]
fn a_removal_that_comes_first_keeps_the_key_out_until_its_tombstone_is_old() {
    let v = verifier();
    v.remove_key(key_id(1), 3);
    v.sweep(SECOND_NS);
    v.sweep(3_600 * SECOND_NS);
    v.apply_key(&key(1));
    assert_eq!(v.ask(1, at(1)), Verdict::NotFound);
    v.sweep(3_601 * SECOND_NS);
    v.apply_key(&key(1));
    assert_eq!(v.ask(1, at(1)), Verdict::Valid);
}

#[test]
fn removing_the_old_key_of_a_secret_that_was_given_again_leaves_the_new_one() {
    for late_update in [false, true] {
        let v = verifier();
        let mut new = key(2);
        new.secrets = vec![current(1)];
        v.apply_key(&key(1));
        v.apply_key(&new);
        assert_eq!(v.opened_by(1, at(1)), Some(key_id(2)));
        if late_update {
            v.apply_key(&changed(&key(1), |s| s.key.enabled = false));
            assert_eq!(v.opened_by(1, at(1)), Some(key_id(2)));
        }
        v.remove_key(key_id(1), 9);
        assert_eq!(v.ask(1, at(1)), Verdict::Valid);
        v.remove_key(key_id(2), 9);
        assert_eq!(v.ask(1, at(1)), Verdict::NotFound);
    }
}

#[test]
fn the_old_key_heard_of_last_gives_the_secret_back_when_it_goes() {
    let v = verifier();
    let mut new = key(2);
    new.secrets = vec![current(1)];
    v.apply_key(&new);
    v.apply_key(&key(1));
    v.remove_key(key_id(1), 9);
    assert_eq!(v.opened_by(1, at(1)), Some(key_id(2)));
}

#[test]
fn after_a_rotation_both_secrets_open_the_key_until_the_overlap_ends() {
    let v = verifier();
    let first = key(1);
    v.apply_key(&first);
    let rotated = changed(&first, |s| {
        s.secrets = vec![ending(1, 0, 5_000), LiveSecret { slot: 1, ..current(2) }];
    });
    v.apply_key(&rotated);
    assert_eq!((v.ask(1, at(1)), v.ask(2, at(1))), (Verdict::Valid, Verdict::Valid));
    assert_eq!((v.ask(1, at(5_000)), v.ask(2, at(5_000))), (Verdict::NotFound, Verdict::Valid));
    let longer = changed(&rotated, |s| s.secrets[0].ends_at = Some(Timestamp::from_millis(9_000)));
    v.apply_key(&longer);
    assert_eq!(v.ask(1, at(5_000)), Verdict::Valid);
    let disabled = changed(&longer, |s| s.key.enabled = false);
    v.apply_key(&disabled);
    assert_eq!((v.ask(1, at(1)), v.ask(2, at(1))), (Verdict::Disabled, Verdict::Disabled));
    let back = changed(&disabled, |s| {
        s.key.enabled = true;
        s.secrets = vec![current(1)];
    });
    v.apply_key(&back);
    assert_eq!((v.ask(1, at(9_999)), v.ask(2, at(1))), (Verdict::Valid, Verdict::NotFound));
    v.remove_key(key_id(1), 99);
    assert_eq!((v.ask(1, at(1)), v.ask(2, at(1))), (Verdict::NotFound, Verdict::NotFound));
}

#[test]
fn a_new_secret_without_overlap_ends_the_old_one_at_once() {
    let v = verifier();
    v.apply_key(&key(1));
    v.apply_key(&changed(&key(1), |s| s.secrets = vec![current(2)]));
    assert_eq!((v.ask(1, at(1)), v.ask(2, at(1))), (Verdict::NotFound, Verdict::Valid));
}

#[test]
fn r_03_disabling_a_tenant_is_seen_by_the_next_verification() {
    let v = verifier();
    v.apply_key(&key(1));
    let apply = |standing, version| {
        v.apply_tenant(&TenantState::plain(tenant(1), standing, version));
        v.ask(1, at(1))
    };
    assert_eq!(apply(Standing::Disabled, 3), Verdict::Disabled);
    assert_eq!(apply(Standing::Live, 2), Verdict::Disabled, "a late update");
    assert_eq!(apply(Standing::Live, 4), Verdict::Valid);
    assert_eq!(apply(Standing::Deleted, 5), Verdict::NotFound);
}

#[test]
fn what_was_never_told_of_does_not_serve() {
    let v = Verifier::new(Options::default());
    v.set_loaded();
    let mut state = key(1);
    state.key.owner = Some(person(9));
    v.apply_key(&state);
    assert_eq!(v.ask(1, at(1)), Verdict::Disabled);
    v.apply_tenant(&TenantState::plain(tenant(1), Standing::Live, 1));
    assert_eq!(v.ask(1, at(1)), Verdict::Disabled);
    assert!(v.principal(PrincipalId::Person(person(9))).is_none());
    v.apply_principal(&someone(PrincipalId::Person(person(9)), &[]));
    assert_eq!(v.ask(1, at(1)), Verdict::Valid);
}

#[test]
fn a_personal_key_may_do_what_its_owners_roles_say_now() {
    let v = verifier();
    let owner = PrincipalId::Person(person(9));
    let mut state = key(1);
    state.key.key_type = "psk".to_owned();
    state.key.permissions.clear();
    state.key.owner = Some(person(9));
    v.apply_key(&state);
    let wants = |permission| {
        let wanted = [permission];
        v.ask_for(1, &Request { wants: Wants::All(&wanted), ..ANYTHING }, at(1))
    };
    let mut told = someone(owner, &["nx1_ask", "viewer", "nx1_NotAPermission"]);
    v.apply_principal(&told);
    assert_eq!(
        (wants("nx1:ask"), wants("nx1:monitor")),
        (Verdict::Valid, Verdict::InsufficientPermissions)
    );
    let all = v.inspect(&digest(1), at(1), &ANYTHING, |o| o.found.unwrap().permissions.len());
    assert_eq!(all, Ok(1));
    told.roles = vec!["nx1_monitor".to_owned()];
    v.apply_principal(&told);
    assert_eq!(wants("nx1:ask"), Verdict::Valid, "the same version changes nothing");
    told.version = 2;
    v.apply_principal(&told);
    assert_eq!(
        (wants("nx1:ask"), wants("nx1:monitor")),
        (Verdict::InsufficientPermissions, Verdict::Valid)
    );
    told.version = 3;
    told.standing = Standing::Disabled;
    v.apply_principal(&told);
    assert_eq!(wants("nx1:monitor"), Verdict::Disabled);
    told.version = 4;
    told.standing = Standing::Deleted;
    v.apply_principal(&told);
    assert_eq!(wants("nx1:monitor"), Verdict::Revoked);
}

#[test]
fn a_principal_is_live_under_whoever_holds_it() {
    let v = verifier();
    let id = PrincipalId::Client(client(5));
    let mut told = someone(id, &["viewer"]);
    v.apply_principal(&told);
    let held = v.principal(id).unwrap();
    told.version = 2;
    told.name = "renamed".to_owned();
    told.roles = vec!["editor".to_owned()];
    told.rights = Rights::all();
    told.contact_centers = vec![tenant(2)];
    v.apply_principal(&told);
    assert_eq!((&*held.name(), held.rights()), ("renamed", Rights::all()));
    assert_eq!(
        (&*held.roles(), &*held.contact_centers()),
        (&["editor".to_owned()][..], &[tenant(2)][..])
    );
    assert_eq!((held.id, held.scope), (id, told.scope));
    v.apply_tenant(&TenantState::plain(tenant(1), Standing::Disabled, 2));
    assert!(held.standing() == Standing::Live && !held.is_live());
}

#[test]
fn a_slot_is_used_again_only_after_a_rest() {
    let v = verifier();
    let bytes = v.stats().index_bytes;
    // Far more keys than the first chunk holds, but never many at once.
    for n in 0..20_000 {
        v.apply_key(&key(n));
        v.remove_key(key_id(n), 2);
        assert_eq!(v.ask(n, at(1)), Verdict::NotFound);
        if n % 100 == 0 {
            v.sweep(u64::try_from(n).unwrap() * SECOND_NS);
        }
    }
    assert!(v.stats().index_bytes < bytes + 500_000, "{}", v.stats().index_bytes);
}
