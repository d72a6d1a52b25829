#![allow(clippy::unwrap_used)]
use super::*;

fn map(fields: &[(&'static str, &'static str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(*name, HeaderValue::from_static(value));
    }
    headers
}

fn cleaned(fields: &[(&'static str, &'static str)], trusted: bool) -> Vec<(String, String)> {
    let mut headers = map(fields);
    let identity =
        IdentityHeaders { tenant: "x-acme-who".to_owned(), ..IdentityHeaders::default() };
    clean_request(&mut headers, &identity, Version::HTTP_11, trusted);
    let mut list: Vec<_> = headers
        .iter()
        .filter(|(name, _)| *name != header::VIA)
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect();
    list.sort();
    list
}

fn names(fields: &[(&'static str, &'static str)], trusted: bool) -> Vec<String> {
    cleaned(fields, trusted).into_iter().map(|(name, _)| name).collect()
}

#[test]
fn what_is_for_one_connection_goes_no_further() {
    let fields = [
        ("connection", "keep-alive, X-Mine"),
        ("connection", "close"),
        ("x-mine", "1"),
        ("keep-alive", "timeout=5"),
        ("proxy-authorization", "Basic eDp5"),
        ("proxy-authenticate", "Basic"),
        ("proxy-connection", "close"),
        ("te", "gzip"),
        ("transfer-encoding", "chunked"),
        ("upgrade", "websocket"),
        ("http2-settings", "AAA"),
        ("expect", "100-continue"),
        ("x-other", "1"),
    ];
    assert_eq!(names(&fields, false), ["x-other"]);
}

#[test]
fn connection_cannot_take_away_what_frames_or_names_the_call() {
    let fields = [("connection", "host, content-length"), ("host", "a"), ("content-length", "3")];
    assert_eq!(names(&fields, false), ["content-length", "host"]);
}

#[test]
fn bc_12_identity_headers_of_clients_are_dropped_in_every_spelling() {
    let fields = [
        ("x-keyward-tenant", "a"),
        ("X_Keyward_Tenant", "a"),
        ("x-keyward_key-id", "a"),
        ("x-keyward-anything", "a"),
        ("x-acme-who", "a"),
        ("x_acme_who", "a"),
        ("x-acme-whom", "kept"),
    ];
    assert_eq!(names(&fields, false), ["x-acme-whom"]);
    assert_eq!(names(&fields, true), ["x-acme-whom"], "a proxy knows no more of our keys");
}

#[test]
fn bc_12_accounts_of_forwarding_are_believed_from_trusted_proxies_alone() {
    let fields = [
        ("forwarded", "for=1.1.1.1"),
        ("x-forwarded-for", "1.1.1.1"),
        ("x-forwarded-prefix", "/admin"),
        ("x_forwarded_for", "1.1.1.1"),
        ("x-original-url", "/admin"),
        ("x-real-ip", "1.1.1.1"),
        ("x-rewrite-url", "/admin"),
    ];
    assert!(names(&fields, false).is_empty());
    assert_eq!(
        names(&fields, true),
        ["forwarded", "x-forwarded-for", "x-forwarded-prefix", "x-real-ip",],
        "nor does a proxy name another call than the one that was judged"
    );
}

#[test]
fn bc_12_trailers_say_no_more_than_headers_may() {
    let mut trailers = map(&[
        ("x_keyward_tenant", "a"),
        ("x-acme-who", "a"),
        ("x-forwarded-for", "1.1.1.1"),
        ("x-original-url", "/admin"),
        ("authorization", "Bearer a"),
        ("content_length", "3"),
        ("host", "a"),
        ("connection", "x-mine"),
        ("x-mine", "1"),
        ("x-sum", "42"),
    ]);
    let identity =
        IdentityHeaders { tenant: "x-acme-who".to_owned(), ..IdentityHeaders::default() };
    clean_trailers(&mut trailers, &identity);
    assert_eq!(trailers.keys().collect::<Vec<_>>(), ["x-sum"]);
}

#[test]
fn a_client_that_reads_trailers_is_passed_on_as_such_and_its_cookies_as_one() {
    let fields = [("te", "gzip;q=0.5, trailers"), ("cookie", "a=1"), ("cookie", "b=2")];
    let wanted = [("cookie", "a=1; b=2"), ("te", "trailers")];
    assert_eq!(cleaned(&fields, false), wanted.map(|(a, b)| (a.to_owned(), b.to_owned())));
}

#[test]
fn only_a_change_to_another_protocol_than_http_is_passed_on() {
    let wants = |upgrade: &'static str| {
        let headers = map(&[("connection", "Keep-Alive, Upgrade"), ("upgrade", upgrade)]);
        wanted_upgrade(&headers, Version::HTTP_11).is_some()
    };
    assert!(wants("websocket"));
    assert!(wants("WebSocket"));
    for other in ["h2c", "HTTP/2.0", "TLS/1.2", "websocket, h2c", ""] {
        assert!(!wants(other), "{other}");
    }
    let headers = map(&[("upgrade", "websocket")]);
    assert!(wanted_upgrade(&headers, Version::HTTP_11).is_none());
    let headers = map(&[("connection", "upgrade"), ("upgrade", "websocket")]);
    assert!(wanted_upgrade(&headers, Version::HTTP_10).is_none());
}

#[test]
fn ht_01_a_body_has_one_end() {
    for plain in [&[][..], &["chunked"], &["Chunked"]] {
        let fields: Vec<_> = plain.iter().map(|value| ("transfer-encoding", *value)).collect();
        assert!(has_plain_framing(&map(&fields)), "{plain:?}");
    }
    for odd in [
        &["gzip, chunked"][..],
        &["chunked, chunked"],
        &["identity, chunked"],
        &[",chunked"],
        &["identity"],
        &[""],
        &["chunked", "chunked"],
        &["identity", "chunked"],
    ] {
        let fields: Vec<_> = odd.iter().map(|value| ("transfer-encoding", *value)).collect();
        assert!(!has_plain_framing(&map(&fields)), "{odd:?}");
    }
    assert!(has_plain_framing(&map(&[("content-length", "5")])));
    for odd in [&["5", "5"][..], &["5", "6"], &["5, 5"], &["+5"], &["x"]] {
        let fields: Vec<_> = odd.iter().map(|value| ("content-length", *value)).collect();
        assert!(!has_plain_framing(&map(&fields)), "{odd:?}");
    }
}
