//! Claims (JW-03 to JW-05), and what an ID token must say besides.

use super::*;

#[test]
fn what_is_said_of_a_person_is_read() {
    let said = access(&issuer(), &claims()).unwrap();
    assert_eq!(said.subject, "f81d4fae");
    assert_eq!(said.username.as_deref(), Some("vera"));
    assert_eq!(said.email.as_deref(), Some("vera@example.com"));
    assert_eq!((said.given_name.as_deref(), said.family_name), (Some("Vera"), None));
    assert_eq!(said.roles, ["staff", "offline_access"]);
    assert_eq!((said.issued_at, said.expires_at), (NOW, NOW + 300));
}

#[test]
fn roles_are_found_by_path_and_by_a_name_that_holds_dots() {
    let roles = |path: &str, claims: Value| {
        let of = Issuer { roles_claim: Some(path.to_owned()), ..issuer() };
        access(&of, &claims).unwrap().roles
    };
    let with = |name: &str, value: Value| changed(|c| c[name] = value);
    assert_eq!(roles("groups", with("groups", json!(["a", 1, "b", null]))), ["a", "b"]);
    assert_eq!(roles("groups", with("groups", json!("one"))), ["one"]);
    assert_eq!(
        roles("https://x.example/roles", with("https://x.example/roles", json!(["a"]))),
        ["a"]
    );
    assert!(roles("groups", with("groups", json!({"a": 1}))).is_empty());
    assert!(roles("realm_access.roles.0", claims()).is_empty());
    assert!(roles("nothing.here", claims()).is_empty());
}

#[test]
fn jw_03_who_says_it_and_for_whom_is_checked() {
    for iss in [
        json!("https://sso.example/realms/staff/"),
        json!("https://SSO.example/realms/staff"),
        json!([ISS]),
        json!(null),
        json!(1),
        json!(""),
    ] {
        assert_eq!(access(&issuer(), &changed(|c| c["iss"] = iss)), Err("`iss` is somebody else"));
    }
    for aud in [
        json!("keyward"),
        json!("KEYWARD-API"),
        json!([]),
        json!(["x"]),
        json!([1]),
        json!(null),
        json!({"a": "keyward-api"}),
        json!(" keyward-api"),
        json!(["keyward-api", 1]),
    ] {
        assert!(access(&issuer(), &changed(|c| c["aud"] = aud.clone())).is_err(), "{aud}");
    }
    assert!(access(&issuer(), &changed(|c| c["aud"] = json!(["x", "other-api"]))).is_ok());
    for sub in [json!(""), json!(1), json!(null), json!("a".repeat(256)), json!("a\u{0}b")] {
        assert_eq!(access(&issuer(), &changed(|c| c["sub"] = sub)), Err("there is no `sub`"));
    }
    for missing in ["iss", "sub", "aud", "exp"] {
        let without = changed(|c| {
            c.as_object_mut().unwrap().remove(missing);
        });
        assert!(access(&issuer(), &without).is_err(), "{missing}");
    }
}

#[test]
fn jw_03_another_kind_of_token_is_no_access_token() {
    let signer = Signer::ed25519();
    let verdict = |issuer: &Issuer, typ: Option<&str>, claims: &Value| {
        let mut header = json!({"alg": "EdDSA", "kid": "k1"});
        if let Some(typ) = typ {
            header["typ"] = json!(typ);
        }
        believed(issuer, &signer.set("k1"), &signer.sign(&header, claims)).is_ok()
    };
    for typ in ["at+jwt", "AT+JWT", "application/at+jwt", "Application/AT+jwt"] {
        assert!(verdict(&issuer(), Some(typ), &claims()), "{typ}");
        assert!(!verdict(&keycloak(), Some(typ), &claims()), "{typ}");
    }
    for typ in
        [None, Some("JWT"), Some("jwt"), Some("keyward-key+jwt"), Some("logout+jwt"), Some("")]
    {
        assert!(!verdict(&issuer(), typ, &claims()), "{typ:?}");
    }
    for (name, value) in [
        ("typ", "ID"),
        ("typ", "Refresh"),
        ("typ", "Offline"),
        ("typ", "Logout"),
        ("typ", "bearer"),
        ("at_hash", "x"),
        ("c_hash", "x"),
        ("nonce", "x"),
        ("events", "x"),
    ] {
        assert!(
            !verdict(&keycloak(), Some("JWT"), &changed(|c| c[name] = json!(value))),
            "{name} {value}"
        );
    }
    assert!(verdict(&keycloak(), Some("JWT"), &claims()) && verdict(&keycloak(), None, &claims()));
    // Keycloak says so itself, and then the rest does not matter.
    let bearer = changed(|c| {
        c["typ"] = json!("Bearer");
        c["nonce"] = json!("x");
    });
    assert!(verdict(&keycloak(), Some("JWT"), &bearer));
    // For us as a client, and nothing that tells: it could be an ID token.
    let for_client = Issuer { audiences: vec!["keyward".to_owned()], ..keycloak() };
    assert!(!verdict(&for_client, Some("JWT"), &changed(|c| c["aud"] = json!("keyward"))));
}

#[test]
fn jw_04_clocks_may_be_off_by_a_minute_and_no_more() {
    let at =
        |name: &str, of: i64| access(&issuer(), &changed(|c| c[name] = json!(NOW + of))).is_ok();
    assert!(at("exp", 1) && at("exp", 0) && at("exp", -59) && !at("exp", -60) && !at("exp", -61));
    assert!(at("nbf", 60) && !at("nbf", 61) && at("iat", 60) && !at("iat", 61));
    assert_eq!(verify::LEEWAY_S, 60);
}

#[test]
fn jw_05_dates_that_are_no_whole_seconds_are_refused() {
    let texts = [
        "1.5",
        "-1",
        "\"1772366700\"",
        "9223372036854775808",
        "1e400",
        "1772366700.0",
        "null",
        "true",
        "[]",
        "{}",
        "1e9",
        "-9223372036854775809",
        "123456789012345678901234567890",
    ];
    let signer = Signer::ed25519();
    for name in ["exp", "nbf", "iat"] {
        for text in texts {
            // Written by hand: not all of these are values that a library would write.
            let claims = changed(|c| c[name] = json!("HERE")).to_string().replace("\"HERE\"", text);
            let header = part(&json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "k1"}));
            let message = format!("{header}.{}", URL_SAFE_NO_PAD.encode(&claims));
            let Signer::Ed25519(key) = &signer else { unreachable!() };
            let signature = URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes()));
            let verdict = believed(&issuer(), &signer.set("k1"), &format!("{message}.{signature}"));
            assert!(verdict.is_err(), "{name} {text}");
        }
    }
    assert!(access(&issuer(), &changed(|c| c["exp"] = json!(i64::MAX))).is_ok());
}

fn id_claims() -> Value {
    json!({"iss": ISS, "sub": "f81d4fae", "aud": "keyward", "exp": NOW + 60, "iat": NOW, "nonce": "n-1"})
}

fn id_token(header: &Value, claims: &Value, access_token: Option<&str>) -> Result<Said, Refused> {
    let signer = Signer::ed25519();
    let text = signer.sign(header, claims);
    let jwt = Jwt::read(&text).unwrap();
    let algorithm = verify::check_signature(&jwt, &issuer(), &signer.set("k1"))?;
    verify::check_id_token(&jwt, &issuer(), algorithm, ("n-1", access_token), now())
}

#[test]
fn jw_03_an_id_token_is_held_against_the_sign_in_that_it_answers() {
    let plain = json!({"alg": "EdDSA", "kid": "k1"});
    let with = |change: &dyn Fn(&mut Value)| {
        let mut claims = id_claims();
        change(&mut claims);
        id_token(&plain, &claims, Some("token")).is_ok()
    };
    assert!(with(&|_| ()) && with(&|c| c["typ"] = json!("ID")));
    assert!(with(&|c| {
        c["aud"] = json!(["keyward", "x"]);
        c["azp"] = json!("keyward");
    }));
    assert!(!with(&|c| c["aud"] = json!(["keyward", "x"])), "several and no `azp`");
    for (name, value) in [
        ("aud", json!("keyward-api")),
        ("azp", json!("somebody")),
        ("nonce", json!("n-2")),
        ("nonce", json!(null)),
        ("iss", json!("https://evil.example")),
        ("typ", json!("Bearer")),
        ("at_hash", json!("x")),
        ("at_hash", json!(null)),
        ("exp", json!(NOW - 60)),
        ("iat", json!(NOW + 61)),
    ] {
        assert!(!with(&|c| c[name] = value.clone()), "{name} {value}");
    }
    for missing in ["aud", "nonce", "iss", "sub", "exp", "iat"] {
        assert!(
            !with(&|c| {
                c.as_object_mut().unwrap().remove(missing);
            }),
            "{missing}"
        );
    }
    // OpenID Connect Core section 3.1.3.6: the left half of SHA-512 with Ed25519.
    let hash = URL_SAFE_NO_PAD.encode(&<sha2::Sha512 as sha2::Digest>::digest("token")[..32]);
    let mut hashed = id_claims();
    hashed["at_hash"] = json!(hash);
    assert!(id_token(&plain, &hashed, Some("token")).is_ok());
    assert!(
        id_token(&plain, &hashed, Some("other")).is_err()
            && id_token(&plain, &hashed, None).is_err()
    );
}

#[test]
fn jw_03_an_access_token_is_no_id_token() {
    for typ in ["at+jwt", "application/at+jwt", "logout+jwt"] {
        let header = json!({"alg": "EdDSA", "kid": "k1", "typ": typ});
        assert!(id_token(&header, &id_claims(), None).is_err(), "{typ}");
    }
    let header = json!({"alg": "EdDSA", "kid": "k1", "typ": "JWT"});
    assert!(id_token(&header, &id_claims(), None).is_ok());
}
