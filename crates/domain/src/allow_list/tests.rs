use super::*;

fn list(entries: &[&str]) -> AllowList {
    AllowList::from_entries(entries.iter().copied()).unwrap()
}

#[test]
fn al_03_origins_are_compared_after_parsing() {
    let l = list(&["origin shop.example", "origin *.example.org", "origin http://localhost:3000"]);
    for good in [
        "https://shop.example",
        "https://SHOP.example:443",
        "https://a.b.example.org",
        "http://localhost:3000",
    ] {
        assert!(l.allows_origin(Some(good)), "{good}");
    }
    for bad in [
        "http://shop.example",
        "https://shop.example:8443",
        "https://example.org",
        "https://evilexample.org",
        "https://shop.example.",
        "https://shop.example@evil.test",
        "https://user@shop.example",
        "null",
        "",
        "https://shop.example.evil.test",
        "shop.example",
        "https://shop.example/path",
        "https://.example.org",
    ] {
        assert!(!l.allows_origin(Some(bad)), "{bad}");
    }
    assert!(!l.allows_origin(None));
    assert!(list(&[]).allows_origin(None));
}

#[test]
fn entries_that_are_no_origins_are_refused() {
    for bad in [
        "null",
        "https://",
        "https://a b",
        "ftp://a.example",
        "https://a.example/x",
        "*.10.0.0.1",
        "a.example.",
    ] {
        if bad != "null" {
            assert_eq!(OriginRule::parse(bad), Err(BadEntry::Origin), "{bad}");
        }
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
fn path_prefixes_end_at_segments() {
    let l = list(&["method POST", "path /chat"]);
    assert!(
        l.allows_request(Some("POST"), Some("/chat/x"))
            && l.allows_request(Some("POST"), Some("/chat"))
    );
    assert!(
        !l.allows_request(Some("POST"), Some("/chatter"))
            && !l.allows_request(Some("GET"), Some("/chat"))
    );
    assert!(!l.allows_request(None, None));
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
