use super::*;
use proptest::prelude::*;
use std::net::{Ipv4Addr, Ipv6Addr};

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
        "https://shop%2eexample",
        "https://shop\u{3002}example",
        "https://sh\u{43e}p.example",
        "https://\u{ff53}hop.example",
        "https://shop.example:",
        "https://shop.example:0443",
        "https:shop.example",
        "https:///shop.example",
        "http://0x7f.1:3000",
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
        "a%2eexample",
        "user@a.example",
    ] {
        assert_eq!(OriginRule::parse(bad), Err(BadEntry::Origin), "{bad}");
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

/// An address as its bits, and whether it is one of the old kind: what the reference compares.
fn bits(address: IpAddr) -> (bool, Vec<bool>) {
    let of = |bytes: &[u8]| {
        bytes.iter().flat_map(|byte| (0..8).rev().map(move |n| byte >> n & 1 == 1)).collect()
    };
    match address {
        IpAddr::V4(four) => (true, of(&four.octets())),
        IpAddr::V6(six) => match six.octets() {
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, rest @ ..] => (true, of(&rest)),
            all => (false, of(&all)),
        },
    }
}

/// The slow matcher: reads the entries as they are written, and compares bit after bit.
fn reference(entries: &[String], address: IpAddr) -> bool {
    let (mut named, mut taken_away, mut names_any) = (false, false, false);
    let (kind, presented) = bits(address);
    for entry in entries {
        let (excluded, text) = match entry.strip_prefix('!') {
            Some(text) => (true, text),
            None => (false, entry.as_str()),
        };
        let (network, length) = text.split_once('/').unwrap_or((text, ""));
        let written: IpAddr = network.parse().unwrap();
        let (of_kind, wanted) = bits(written);
        let all = if written.is_ipv4() { 32 } else { 128 };
        let length: usize = if length.is_empty() { all } else { length.parse().unwrap() };
        // A mapped address is 96 bits shorter than it is written.
        let length = length - (all - wanted.len());
        let holds = kind == of_kind && presented[..length] == wanted[..length];
        names_any |= !excluded;
        match excluded {
            true => taken_away |= holds,
            false => named |= holds,
        }
    }
    (named || !names_any) && !taken_away
}

/// Addresses that lie close together, of both kinds, so that lists often hold them.
fn address() -> impl Strategy<Value = IpAddr> {
    let four = (0_u32..=0x0003_ffff, prop::bool::ANY).prop_map(|(low, high)| {
        let base = if high { 0x0a00_0000 } else { 0xc0a8_0000 };
        Ipv4Addr::from(base | low)
    });
    let six = (0_u128..=0xffff, 0_u32..8, prop::bool::ANY).prop_map(|(low, place, near)| {
        let base = if near { 0x2001_0db8_u128 << 96 } else { 0xfe80_u128 << 112 };
        IpAddr::V6(Ipv6Addr::from(base | low << (place * 12)))
    });
    prop_oneof![
        four.clone().prop_map(IpAddr::V4),
        four.prop_map(|four| IpAddr::V6(four.to_ipv6_mapped())),
        six,
    ]
}

fn entry() -> impl Strategy<Value = String> {
    let length = prop_oneof![Just(None), (0_u8..=32).prop_map(Some)];
    (address(), length, prop::bool::weighted(0.3)).prop_map(|(address, length, excluded)| {
        let sign = if excluded { "!" } else { "" };
        // Counted from the end of the address, so that networks are small as often as they are large.
        let most = if address.is_ipv4() { 32 } else { 128 };
        match length {
            None => format!("{sign}{address}"),
            Some(length) => format!("{sign}{address}/{}", most - length),
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn al_04_lists_of_networks_agree_with_a_plain_matcher(
        entries in prop::collection::vec(entry(), 0..6), address in address(),
    ) {
        let written: Vec<String> = entries.iter().map(|e| format!("address {e}")).collect();
        let list = AllowList::from_entries(written.iter().map(String::as_str)).unwrap();
        prop_assert_eq!(
            list.allows_address(Some(address)),
            reference(&entries, address),
            "{:?} {}", entries, address
        );
    }
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
