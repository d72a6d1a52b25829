#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

fn headers(fields: &[(&'static str, String)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(*name, value.parse().unwrap());
    }
    headers
}

/// What one `Authorization` value is, in a word.
fn read(value: &str, bare: bool) -> String {
    let headers = headers(&[("authorization", value.to_owned())]);
    let found = authorization(&headers, bare);
    match found {
        Ok(Some(Authorization::Bearer(token))) => format!("bearer {}", token.0),
        Ok(Some(Authorization::Basic(pair))) => {
            format!("basic {} {}", pair.user, pair.password.expose())
        }
        Ok(Some(Authorization::Other)) => "other".to_owned(),
        Ok(None) => "none".to_owned(),
        Err(failure) => failure.code().to_owned(),
    }
}

fn basic(text: &[u8]) -> String {
    format!("Basic {}", STANDARD.encode(text))
}

#[test]
fn bt_05_the_scheme_is_read_without_case_and_the_token_strictly() {
    for scheme in ["Bearer", "bearer", "BEARER", "bEaReR"] {
        assert_eq!(read(&format!("{scheme} abc-._~+/=="), false), "bearer abc-._~+/==");
    }
    assert_eq!(read("Bearer   abc", false), "bearer abc");
    for bad in [
        "Bearer",
        "Bearer ",
        "Bearer a b",
        "Bearer a,b",
        "Bearer =",
        "Bearer a=b",
        "Bearer \"a\"",
        "abc",
        "",
    ] {
        assert_eq!(read(bad, false), "malformed_credentials", "{bad}");
    }
    assert_eq!(
        read(&format!("Bearer {}", "a".repeat(MAX_CREDENTIAL_BYTES)), false).len(),
        7 + MAX_CREDENTIAL_BYTES
    );
    let long = format!("Bearer {}", "a".repeat(MAX_CREDENTIAL_BYTES + 1));
    assert_eq!(read(&long, false), "malformed_credentials");
    assert_eq!(read("Digest username=x", false), "other");
}

#[test]
fn cw_08_a_bare_token_is_read_only_where_the_route_says_so() {
    assert_eq!(
        read("f3aa2109-8889-4182-b2b7-d86917c53e4e", true),
        "bearer f3aa2109-8889-4182-b2b7-d86917c53e4e"
    );
    assert_eq!(read("f3aa2109-8889-4182-b2b7-d86917c53e4e", false), "malformed_credentials");
    assert_eq!(read("Bearer abc", true), "bearer abc");
    for bad in ["bearer", "Basic", "a{b", "ü"] {
        assert_eq!(read(bad, true), "malformed_credentials", "{bad}");
    }
}

#[test]
fn bt_03_two_header_lines_are_two_credentials() {
    let twice = headers(&[
        ("authorization", "Bearer a".to_owned()),
        ("authorization", "Bearer a".to_owned()),
    ]);
    assert!(matches!(authorization(&twice, true), Err(Failure::TwoCredentials)));
    let keys = headers(&[("x-api-key", "a".to_owned()), ("x-api-key", "b".to_owned())]);
    assert!(matches!(api_key(&keys), Err(Failure::TwoCredentials)));
}

#[test]
fn basic_credentials_are_split_at_the_first_colon() {
    assert_eq!(read(&basic(b"nexus_client:"), false), "basic nexus_client ");
    assert_eq!(read(&basic(b"ops:a:b"), false), "basic ops a:b");
    assert_eq!(read(&basic("\u{fc}ser:p\u{e4}ss".as_bytes()), false), "basic \u{fc}ser p\u{e4}ss");
    for bad in [basic(b"no colon"), basic(b"\xff:x"), basic(b"a:\x00b"), "Basic !!!".to_owned()] {
        assert_eq!(read(&bad, false), "malformed_credentials", "{bad}");
    }
}

#[test]
fn oa_05_a_clients_credentials_are_form_decoded() {
    let decoded = |user: &str, password: &str| {
        let pair = UserPass { user: user.to_owned(), password: Secret::new(password.to_owned()) };
        form_decoded(&pair).map(|(id, secret)| (id, secret.expose().to_owned()))
    };
    let expected = ("a:b %+".to_owned(), "\u{fc} ".to_owned());
    assert_eq!(decoded("a%3Ab+%25%2B", "%C3%BC%20").unwrap(), expected);
    assert!(decoded("a%ff", "").is_err());
}

#[test]
fn bt_04_a_token_in_the_query_is_noticed_however_it_is_written() {
    for uri in
        ["/a?access_token=x", "/a?b=1&access_token=", "/a?%61ccess_token=x", "/a?access_token"]
    {
        assert!(token_in_query(&uri.parse().unwrap()), "{uri}");
    }
    for uri in ["/a", "/a?access_tokens=1", "/access_token=x"] {
        assert!(!token_in_query(&uri.parse().unwrap()), "{uri}");
    }
}

#[test]
fn credentials_are_silent() {
    let shown = format!(
        "{:?}",
        authorization(&headers(&[("authorization", "Bearer s3cret".to_owned())]), false)
    );
    assert!(!shown.contains("s3cret"), "{shown}");
    let shown =
        format!("{:?}", authorization(&headers(&[("authorization", basic(b"u:s3cret"))]), false));
    assert!(!shown.contains("s3cret"), "{shown}");
}
