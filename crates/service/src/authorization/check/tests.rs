use super::*;

#[test]
fn a_prompt_for_nothing_stands_alone() {
    assert_eq!(prompt(None), Ok(Prompt::default()));
    assert_eq!(prompt(Some("none")).map(|p| p.none), Ok(true));
    assert_eq!(prompt(Some("login consent")).map(|p| p.login && p.consent), Ok(true));
    assert_eq!(prompt(Some("select_account")).map(|p| p.login), Ok(true));
    for bad in ["none login", "consent none", "Login", "what"] {
        assert!(prompt(Some(bad)).is_err(), "{bad}");
    }
}

#[test]
fn an_age_is_a_number_however_large() {
    assert_eq!(max_age(None), Ok(None));
    assert_eq!(max_age(Some("0")), Ok(Some(0)));
    assert_eq!(max_age(Some("99999999999")), Ok(Some(u32::MAX)));
    for bad in ["-1", "1.5", "x", "1 "] {
        assert!(max_age(Some(bad)).is_err(), "{bad}");
    }
}

#[test]
fn pk_02_only_s256_is_taken() {
    let asked = |challenge: Option<&str>, method: Option<&str>| {
        challenge_of(&Parameters {
            code_challenge: challenge.map(str::to_owned),
            code_challenge_method: method.map(str::to_owned),
            ..Parameters::default()
        })
    };
    let good = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    assert!(asked(Some(good), Some("S256")));
    for (challenge, method) in [
        (None, None),
        (None, Some("S256")),
        (Some(good), None),
        (Some(good), Some("plain")),
        (Some(good), Some("s256")),
        (Some("short"), Some("S256")),
    ] {
        assert!(!asked(challenge, method), "{challenge:?} {method:?}");
    }
}

fn challenge_of(asked: &Parameters) -> bool {
    challenge(asked, false).is_ok()
}

#[test]
fn pk_01_a_client_made_to_do_without_a_challenge_sends_a_good_one_or_none() {
    let without = Parameters::default();
    assert_eq!(challenge(&without, true), Ok(None));
    assert!(challenge(&without, false).is_err());
    let half =
        Parameters { code_challenge_method: Some("S256".to_owned()), ..Parameters::default() };
    assert!(challenge(&half, true).is_err());
}
