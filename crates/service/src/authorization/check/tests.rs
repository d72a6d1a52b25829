use super::*;

#[test]
fn oa_12_addresses_are_compared_as_texts_but_for_the_port_of_a_loopback() {
    let registered = "https://app.example/cb";
    assert!(is_redirect_to(registered, registered));
    for other in [
        "https://app.example/cb/",
        "https://app.example/cb?x=1",
        "https://app.example/CB",
        "https://app.example:443/cb",
        "https://app.example/cb/../cb",
        "https://app.example@evil.example/cb",
        "http://app.example/cb",
        "https://app.example/cb#f",
        "https://app.example.evil.example/cb",
    ] {
        assert!(!is_redirect_to(registered, other), "{other}");
    }
    for host in ["127.0.0.1", "[::1]", "localhost"] {
        let registered = format!("http://{host}/cb");
        assert!(is_redirect_to(&registered, &format!("http://{host}:53682/cb")));
        assert!(is_redirect_to(&format!("http://{host}:1/cb"), &registered));
        for bad in
            ["/other", ":1/other", ":/cb", ":x/cb", ":70000/cb", ":+1/cb", ".evil.example/cb"]
        {
            let bad = format!("http://{host}{bad}");
            assert!(!is_redirect_to(&registered, &bad), "{bad}");
        }
        assert!(!is_redirect_to(&registered, &format!("https://{host}:1/cb")));
    }
    assert!(!is_redirect_to("http://localhost/cb", "http://127.0.0.1/cb"));
    assert!(!is_redirect_to("http://app.example/cb", "http://app.example:1/cb"));
    assert!(!is_redirect_to("http://localhost/cb", "http://localhost@evil.example/cb"));
}

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
        challenge_of(Parameters {
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

fn challenge_of(asked: Parameters) -> bool {
    challenge(&asked).is_ok()
}
