#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

/// What the route finds, in a word.
fn found(places: Places, uri: &str, fields: &[(&str, &str)]) -> &'static str {
    let mut builder = Request::builder().uri(uri);
    for (name, value) in fields {
        builder = builder.header(*name, *value);
    }
    let request = builder.body(axum::body::Body::empty()).unwrap();
    match presented(&request, places) {
        Ok(Presented::Token(_)) => "token",
        Ok(Presented::Pair(_)) => "pair",
        Err(Failure::Unauthenticated { proof: Proof::Absent, .. }) => "absent",
        Err(failure) => failure.code(),
    }
}

const BASIC: Places = Places { basic: true, ..Places::BEARER };
const BARE: Places = Places { bare: true, ..Places::BEARER };

#[test]
fn ap_12_nothing_but_the_right_header_is_a_credential() {
    for (uri, fields) in [
        ("/", &[][..]),
        ("/?access_token=abc", &[]),
        ("/", &[("x-api-key", "abc"), ("cookie", "token=abc")]),
        ("/", &[("x-forwarded-user", "ops")]),
        ("/", &[("authorization", "Digest username=ops")]),
        ("/", &[("authorization", "Basic b3BzOm9wcw==")]),
    ] {
        assert_eq!(found(Places::BEARER, uri, fields), "absent", "{uri} {fields:?}");
    }
}

#[test]
fn bt_03_a_header_and_a_query_are_two_credentials() {
    let header = [("authorization", "Bearer abc")];
    assert_eq!(found(Places::BEARER, "/?access_token=abc", &header), "two_credentials");
    // Other headers pass untouched.
    let beside = [("authorization", "Bearer abc"), ("x-api-key", "abc")];
    assert_eq!(found(Places::BEARER, "/", &beside), "token");
}

#[test]
fn each_route_reads_its_own_places() {
    assert_eq!(found(BASIC, "/", &[("authorization", "Basic b3BzOm9wcw==")]), "pair");
    assert_eq!(found(BASIC, "/", &[("authorization", "bearer abc")]), "token");
    assert_eq!(found(BARE, "/", &[("authorization", "abc")]), "token");
    assert_eq!(found(BARE, "/", &[("authorization", "Basic b3BzOm9wcw==")]), "absent");
    assert_eq!(found(BASIC, "/", &[("authorization", "abc")]), "malformed_credentials");
}

#[test]
fn bt_01_and_02_challenges_say_what_was_wrong() {
    let challenge = |failure: Failure| failure.challenge("r").unwrap().to_str().unwrap().to_owned();
    let unproved = |scheme, proof| Failure::Unauthenticated { scheme, proof };
    assert_eq!(challenge(unproved(Scheme::Bearer, Proof::Absent)), "Bearer realm=\"r\"");
    assert_eq!(
        challenge(unproved(Scheme::Bearer, Proof::Refused)),
        "Bearer realm=\"r\", error=\"invalid_token\""
    );
    assert_eq!(challenge(Failure::TwoCredentials), "Bearer realm=\"r\", error=\"invalid_request\"");
    let lacking = service::Error::NotAllowed { right: Some(Right::AuditRead) };
    assert_eq!(
        challenge(lacking.into()),
        "Bearer realm=\"r\", error=\"insufficient_scope\", scope=\"Audit.canRead\""
    );
    assert!(challenge(unproved(Scheme::Basic, Proof::Absent)).starts_with("Basic realm=\"r\""));
}

#[test]
fn only_public_routes_want_no_credentials() {
    assert!(!Access::Public("why").wants_credentials());
    assert!(!Access::OptionalBearer("why").wants_credentials());
    for access in [
        Access::Bearer(Need::Identity),
        Access::BareOrBearer(Need::Right(Right::AuditRead)),
        Access::Client,
        Access::RealmClient,
        Access::RealmToken,
    ] {
        assert!(access.wants_credentials() && access.public_because().is_none(), "{access:?}");
    }
    assert!(!Access::VerifyCaller.wants_credentials(), "a stranger finds nothing there: 404");
}
