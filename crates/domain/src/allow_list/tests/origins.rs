//! What is an origin, and what merely looks like one.

use super::*;

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
        "https://shop%2eexample",
        "https://shop\u{3002}example",
        "https://sh\u{43e}p.example",
        "https://\u{ff53}hop.example",
        "https://shop.example:",
        "https://shop.example:0443",
        "https:shop.example",
        "https:///shop.example",
        "http://0x7f.1:3000",
        " https://shop.example",
        "https://shop.example ",
        "ht\ntps://shop.example",
        "https:\\\\shop.example",
        "https://shop.example, https://shop.example",
        "https://shop.example:0",
        "https://shop.example:99999",
        "https://shop.example:+443",
        "https://shop.example:443:443",
        "https://shop.example?",
        "https://shop.example#",
        "https://a..example.org",
        "https://a%2e.example.org",
        "https://\u{430}.example.org",
        "https://a b.example.org",
        "https://sh\u{200d}op.example",
        "://shop.example",
    ] {
        assert!(!l.allows_origin(Some(bad)), "{bad}");
    }
    assert!(!l.allows_origin(None));
    assert!(list(&[]).allows_origin(None));
}

#[test]
fn al_03_origins_of_other_schemes_are_what_they_are() {
    let l = list(&["origin chrome-extension://Abcd", "origin capacitor://localhost"]);
    assert_eq!(l.entries(), ["origin chrome-extension://Abcd", "origin capacitor://localhost"]);
    assert!(l.allows_origin(Some("chrome-extension://Abcd")));
    assert!(l.allows_origin(Some("capacitor://localhost")));
    for bad in [
        "https://Abcd",
        "chrome-extension://abcd",
        "Chrome-Extension://Abcd",
        "chrome-extension://Abcd/",
        "chrome-extension://Abcd:443",
        "chrome-extension://x.Abcd",
        "capacitor://localhost:80",
        "http://localhost",
    ] {
        assert!(!l.allows_origin(Some(bad)), "{bad}");
    }
}

#[test]
fn al_03_addresses_in_odd_digits_are_not_the_same_host() {
    let l = list(&["origin http://127.0.0.1", "origin https://[2001:DB8:0::1]:8443"]);
    assert_eq!(l.entries(), ["origin http://127.0.0.1", "origin https://[2001:db8::1]:8443"]);
    assert!(l.allows_origin(Some("http://127.0.0.1")));
    assert!(l.allows_origin(Some("https://[2001:db8::1]:8443")));
    for bad in [
        "http://127.1",
        "http://2130706433",
        "http://0177.0.0.1",
        "http://0x7f.0.0.1",
        "http://127.0.0.1.",
        "http://127.0.0.01",
        "http://[::ffff:127.0.0.1]",
        "http://localhost",
        "https://[2001:db8:0::1]:8443",
        "https://[2001:db8::1%25eth0]:8443",
        "https://2001:db8::1:8443",
    ] {
        assert!(!l.allows_origin(Some(bad)), "{bad}");
    }
}

#[test]
fn entries_that_are_no_origins_are_refused() {
    for bad in [
        "",
        "null",
        "NULL",
        "*",
        "*.",
        "https://",
        "https://a b",
        "https:// a",
        " https://a.example",
        "ftp://a.example",
        "file://a.example",
        "wss://a.example",
        "javascript://a",
        "1x://a",
        "https://a.example/x",
        "https://a.example/",
        "https://a.example?x",
        "https://a.example#x",
        "https://a.example\\b",
        "*.10.0.0.1",
        "*.10.0.0.1:80",
        "*.[::1]",
        "*.*.example",
        "a*.example",
        "https://a.example:",
        "https://a.example:0",
        "https://a.example:65536",
        "https://a.example:0443",
        "https://a.example:x",
        "a.example.",
        "a..example",
        ".a.example",
        "a%2eexample",
        "user@a.example",
        "user:secret@a.example",
        "a.example,b.example",
        "https://0x7f.1",
        "https://10.1",
        "https://010.0.0.1",
        "https://[::1%25eth0]",
        "https://[::1",
        "https://xn--a",
        "chrome-extension://*.abcd",
        "chrome-extension://abcd:80",
        "chrome-extension://abcd/",
        "chrome-extension://",
        "chrome extension://abcd",
        "chrome-extension://user@abcd",
    ] {
        assert_eq!(OriginRule::parse(bad), Err(BadEntry::Origin), "{bad}");
    }
}

#[test]
fn al_03_an_entry_that_only_looks_like_a_host_is_none() {
    for disguised in [
        "shop\u{3002}example",
        "\u{ff53}\u{ff48}\u{ff4f}\u{ff50}.example",
        "sh\u{ad}op.example",
        "sh\u{200b}op.example",
        "https://shop\u{ff0e}example",
        "*.shop\u{ff61}example",
        "shop.example:8\u{ff14}43",
    ] {
        assert!(OriginRule::parse(disguised).is_err(), "{disguised}");
    }
    // A name in letters of another script is one, and compared as the browser writes it.
    let l = list(&["origin b\u{fc}cher.example"]);
    assert!(l.allows_origin(Some("https://xn--bcher-kva.example")));
}
