//! Access tokens.

use super::*;

fn token(n: u128) -> TokenState {
    TokenState {
        digest: digest(n),
        principal: PrincipalId::Person(person(1)),
        client: client(1),
        family: FamilyId::from_u128(n),
        scope: "openid".to_owned(),
        issued_at: Timestamp::from_millis(1_000),
        expires_at: Timestamp::from_millis(9_000),
    }
}

fn world() -> Verifier {
    let v = verifier();
    v.apply_principal(&someone(PrincipalId::Person(person(1)), &[]));
    v.apply_principal(&someone(PrincipalId::Person(person(2)), &[]));
    v.apply_principal(&someone(PrincipalId::Client(client(1)), &[]));
    v
}

fn holds(v: &Verifier, n: u128) -> bool {
    v.authenticate(&text(n), at(2_000)).unwrap().is_some()
}

#[test]
fn a_token_tells_its_caller() {
    let v = world();
    let state = token(7);
    v.apply_token(&state);
    let caller = v.authenticate(&text(7), at(2_000)).unwrap().unwrap();
    assert_eq!(caller.principal.id, state.principal);
    assert_eq!(
        (caller.client, caller.family, caller.digest),
        (state.client, state.family, state.digest)
    );
    assert_eq!(
        (&*caller.scope, caller.issued_at, caller.expires_at),
        ("openid", state.issued_at, state.expires_at)
    );
    assert!(v.token_known(&digest(7)) && !v.token_known(&digest(8)));
    assert!(v.authenticate(&text(7), at(9_000)).unwrap().is_none(), "its end");
    assert!(v.authenticate(&"x".repeat(5_000), at(2_000)).unwrap().is_none());
}

#[test]
fn a_token_is_no_key_and_a_key_no_token() {
    let v = world();
    v.apply_token(&token(7));
    v.apply_key(&key(8));
    assert_eq!(v.ask(7, at(2_000)), Verdict::NotFound);
    assert!(!holds(&v, 8) && !v.token_known(&digest(8)));
}

#[test]
fn a_token_holds_while_principal_tenant_and_client_are_in_service() {
    for who in [PrincipalId::Person(person(1)), PrincipalId::Client(client(1))] {
        let v = world();
        v.apply_token(&token(7));
        assert!(holds(&v, 7));
        for (version, standing) in
            [(2, Standing::Disabled), (3, Standing::Live), (4, Standing::Deleted)]
        {
            let told = PrincipalState { standing, version, ..someone(who, &[]) };
            v.apply_principal(&told);
            assert_eq!(holds(&v, 7), standing == Standing::Live, "{who} {standing:?}");
        }
    }
    let v = world();
    v.apply_token(&token(7));
    v.apply_tenant(&TenantState::plain(tenant(1), Standing::Disabled, 2));
    assert!(!holds(&v, 7));
    let unknown = TokenState { principal: PrincipalId::Person(person(99)), ..token(8) };
    v.apply_token(&unknown);
    assert!(!holds(&v, 8));
}

#[test]
fn a_service_account_is_its_own_client() {
    let v = world();
    v.apply_token(&TokenState { principal: PrincipalId::Client(client(1)), ..token(7) });
    assert!(holds(&v, 7));
}

#[test]
fn removals_take_what_they_name_and_nothing_else() {
    let v = world();
    let family = FamilyId::from_u128(1);
    for n in 1..=3 {
        v.apply_token(&TokenState { family, ..token(n) });
    }
    v.apply_token(&TokenState { principal: PrincipalId::Person(person(2)), ..token(4) });
    v.apply_token(&token(5));
    let held = |v: &Verifier| (1..=5).filter(|n| holds(v, *n)).collect::<Vec<_>>();
    v.remove_token(&digest(1));
    assert_eq!(held(&v), [2, 3, 4, 5]);
    v.remove_family(family);
    assert_eq!(held(&v), [4, 5]);
    v.remove_tokens_of(PrincipalId::Person(person(1)));
    assert_eq!(held(&v), [4]);
    for n in 1..=5 {
        v.apply_token(&token(n));
    }
    assert_eq!(held(&v), [4], "a removed token does not come back with a late message");
    assert_eq!(v.stats().tokens, 1);
    v.apply_token(&TokenState { family, ..token(6) });
    assert!(holds(&v, 6), "a family may go on");
}

#[test]
fn tokens_that_are_over_leave_memory() {
    let v = world();
    for n in 0..10_000_u128 {
        let issued_at = Timestamp::from_millis(i64::try_from(n).unwrap() * 100);
        v.apply_token(&TokenState {
            issued_at,
            expires_at: issued_at.plus_seconds(10),
            ..token(n)
        });
        if n % 100 == 0 {
            v.sweep(u64::try_from(n).unwrap() * 100_000_000);
            assert!(v.stats().tokens <= 202);
        }
    }
}
