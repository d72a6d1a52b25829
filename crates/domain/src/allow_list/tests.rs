mod generated;
mod origins;
mod reference;
mod strategies;

use super::*;

fn list(entries: &[&str]) -> AllowList {
    AllowList::from_entries(entries.iter().copied()).unwrap()
}

#[test]
fn al_02_entries_that_others_read_as_another_network_are_refused() {
    for bad in [
        "",
        "!",
        "!!10.0.0.0/8",
        "! 10.0.0.1",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/08",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "10.0.0.0/255.0.0.0",
        "010.0.0.1",
        "010.0.0.0/8",
        "0x0a.0.0.1",
        "167772161",
        "10.1",
        "10.0.0",
        "[::1]",
        "::1/129",
        "fe80::1%eth0",
        "fe80::1%eth0/64",
        "localhost",
        "10.0.0.1, 10.0.0.2",
    ] {
        assert_eq!(AddressRule::parse(bad), Err(BadEntry::Address), "{bad}");
    }
}

#[test]
fn al_02_every_address_of_one_kind_is_none_of_the_other() {
    let allows = |l: &AllowList, a: &str| l.allows_address(Some(a.parse().unwrap()));
    let four = list(&["address 0.0.0.0/0"]);
    assert!(allows(&four, "192.0.2.1") && allows(&four, "::ffff:192.0.2.1"));
    assert!(!allows(&four, "2001:db8::1"));
    let six = list(&["address ::/0"]);
    assert!(allows(&six, "2001:db8::1") && !allows(&six, "192.0.2.1"));
    let all_but = list(&["address !10.1.2.3/8", "address !2001:db8::/32"]);
    assert_eq!(all_but.entries(), ["address !10.0.0.0/8", "address !2001:db8::/32"]);
    assert!(allows(&all_but, "192.0.2.1") && allows(&all_but, "::1"));
    assert!(!allows(&all_but, "10.9.9.9") && !allows(&all_but, "2001:db8:1::"));
    assert!(!all_but.allows_address(None), "an address that nobody knows may be one of them");
}

#[test]
fn al_01_a_list_that_keeps_nobody_out_is_open() {
    for open in [
        &[][..],
        &["method GET", "path /orders"],
        &["address !10.0.0.1"],
        &["address 0.0.0.0/0", "address ::/0"],
        &["address ::ffff:0:0/96"],
    ] {
        assert!(list(open).is_open(), "{open:?}");
    }
    for closed in [&["origin a.example"][..], &["address 10.0.0.0/8", "address !10.0.0.1"]] {
        assert!(!list(closed).is_open(), "{closed:?}");
    }
}

#[test]
fn al_02_mapped_addresses_are_folded_and_exclusions_win() {
    let l = list(&["address 10.0.0.0/8", "address !10.1.0.0/16", "address 2001:db8::/32"]);
    let allowed = |a: &str| l.allows_address(Some(a.parse().unwrap()));
    assert!(allowed("10.0.0.1") && allowed("::ffff:10.0.0.1") && allowed("2001:db8::1"));
    assert!(!allowed("10.1.2.3") && !allowed("192.0.2.1") && !allowed("::1"));
    assert!(!l.allows_address(None));
}

#[test]
fn al_02_networks_of_mapped_addresses_are_those_that_they_map() {
    let l = list(&["address ::ffff:10.0.0.0/104", "address !::ffff:10.1.2.3"]);
    let allowed = |a: &str| l.allows_address(Some(a.parse().unwrap()));
    assert!(allowed("10.0.0.1") && allowed("::ffff:10.255.0.1"));
    assert!(!allowed("10.1.2.3") && !allowed("11.0.0.1") && !allowed("::a00:1"));
    assert_eq!(l.entries(), ["address 10.0.0.0/8", "address !10.1.2.3/32"]);
}

#[test]
fn path_prefixes_end_at_segments() {
    let l = list(&["method POST", "path /chat", "path /a/b/"]);
    for good in ["/chat", "/chat/", "/chat/x", "/chat/x;y=1", "/chat/caf%C3%A9", "/a/b", "/a/b/c"] {
        assert!(l.allows_request(Some("POST"), Some(good)), "{good}");
    }
    for bad in
        ["/chatter", "/Chat", "/chat;x", "//chat", "/x/chat", "/c%68at", "/a", "/a/bc", "chat"]
    {
        assert!(!l.allows_request(Some("POST"), Some(bad)), "{bad}");
    }
    for method in ["GET", "post", "POST ", ""] {
        assert!(!l.allows_request(Some(method), Some("/chat")), "{method}");
    }
    assert!(!l.allows_request(None, None));
    let any_path = list(&["path /"]);
    assert!(any_path.allows_request(None, Some("/x")) && any_path.allows_request(None, Some("/")));
    assert!(!any_path.allows_request(None, Some("")), "nobody told it");
    assert!(!any_path.allows_request(None, Some("*")) && !any_path.allows_request(None, None));
}

#[test]
fn a_path_that_could_be_read_as_another_lies_under_no_prefix() {
    let l = list(&["path /"]);
    for odd in [
        "/..",
        "/a/../b",
        "/a/.",
        "/./a",
        "/.;/a",
        "/a/..;/b",
        "/a/..;x=1/b",
        "/a/..%20/b",
        "/a/.. /b",
        "/a/..%09/b",
        "/%2e%2e/a",
        "/%2E./a",
        "/a%2Fb",
        "/a%2fb",
        "/a%5cb",
        "/a\\b",
        "/a/..%3b/b",
        "/a%00b",
        "/a\0b",
        "/a%0db",
        "/a%252e",
        "/a/%c0%ae%c0%ae/b",
        "/a%c0%afb",
        "/a%e0%80%afb",
        "/a%u002fb",
        "/a%",
        "/a%2",
        "/a%zz",
        "/a%+2",
        "/a%\u{e9}",
        "/a?b=/..",
        "/a#b",
        "",
        "*",
        "a",
        "https://host/a",
    ] {
        assert!(!l.allows_request(None, Some(odd)), "{odd}");
        assert!(!is_prefix(odd), "{odd}");
    }
    for plain in [
        "/", "/a", "/a//b", "/a.b", "/...", "/..a", "/a..", "/a%20b", "/a b", "/a;b=..c", "/a%2db",
        "/\u{e9}",
    ] {
        assert!(l.allows_request(None, Some(plain)), "{plain}");
    }
    assert!(is_prefix("/") && is_prefix("/a/") && is_prefix("/a%20b") && is_prefix("/a b"));
    assert!(!is_prefix("//") && !is_prefix("/a//b") && !is_prefix("/a;b"));
    // An asterisk is one character of a call's path, and no pattern of an entry's.
    assert!(l.allows_request(None, Some("/a*b")));
    assert!(!is_prefix("/a/*") && !is_prefix("/*") && !is_prefix("/a*"));
}

#[test]
fn entries_read_back() {
    let l = list(&[
        "origin https://shop.example:8443",
        "address !10.1.0.0/16",
        "method GET",
        "path /a b",
    ]);
    assert_eq!(AllowList::from_entries(l.entries().iter().map(String::as_str)), Ok(l));
}
