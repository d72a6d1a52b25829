//! Lists as administrators write them, and calls that often hold to them and often nearly do.

use super::super::{OriginRule, is_prefix};
use proptest::prelude::*;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

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

const HOSTS: [&str; 12] = [
    "shop.example",
    "a.shop.example",
    "b.a.shop.example",
    "evilshop.example",
    "shop.example.evil.test",
    "example",
    "localhost",
    "xn--bcher-kva.example",
    "a.xn--bcher-kva.example",
    "10.0.0.1",
    "[2001:db8::1]",
    "shop_1.example",
];

fn host() -> impl Strategy<Value = &'static str> {
    // The first ones more often: they lie close together.
    let first = |most: usize| prop::sample::select(&HOSTS[..most]);
    prop_oneof![6 => first(2), 2 => first(5), 1 => first(HOSTS.len())]
}

fn scheme() -> impl Strategy<Value = &'static str> {
    prop_oneof![12 => Just("https"), 2 => Just("http"), 1 => Just("chrome-extension")]
}

fn port() -> impl Strategy<Value = &'static str> {
    prop_oneof![12 => Just(""), 1 => Just(":443"), 1 => Just(":80"), 1 => Just(":8443")]
}

/// As an administrator writes it; some are none, and taken out.
fn origin_entry() -> impl Strategy<Value = String> {
    let star = prop_oneof![2 => Just(""), 1 => Just("*.")];
    (prop::option::weighted(0.5, scheme()), star, host(), port())
        .prop_map(|(scheme, star, host, port)| match scheme {
            Some(scheme) => format!("{scheme}://{star}{host}{port}"),
            None => format!("{star}{host}{port}"),
        })
        .prop_filter("an entry", |text| OriginRule::parse(text).is_ok())
}

/// Mostly what a browser sends, else something that merely looks like it.
fn presented_origin() -> impl Strategy<Value = Option<String>> {
    let plain = || {
        (scheme(), host(), port())
            .prop_map(|(scheme, host, port)| format!("{scheme}://{host}{port}"))
    };
    let tricks = (plain(), 0..22_u8).prop_map(|(text, trick)| {
        let (scheme, rest) = text.split_once("://").unwrap();
        match trick {
            0 => text.to_uppercase(),
            1 => format!("{text}."),
            2 => format!("{text}/"),
            3 => format!("{scheme}://user@{rest}"),
            4 => format!("{text}@evil.test"),
            5 => format!("{text}?x"),
            6 => format!("{text}#x"),
            7 => format!("{text},https://evil.test"),
            8 => format!(" {text}"),
            9 => format!("{text} "),
            10 => text.replace('.', "%2e"),
            11 => text.replace('.', "\u{3002}"),
            12 => text.replace('s', "\u{ff53}"),
            13 => text.replace('o', "\u{43e}"),
            14 => text.replace("shop", "sh\u{200d}op"),
            15 => text.replace("://", ":\\\\"),
            16 => text.replace("://", ":/"),
            17 => format!("{text}:0"),
            18 => format!("{scheme}://{rest}:99999"),
            19 => text.replace("10.0.0.1", "0xa.1"),
            20 => text.replace("db8::1", "db8:0:0::1"),
            _ => "null".to_owned(),
        }
    });
    prop_oneof![6 => plain().prop_map(Some), 3 => tricks.prop_map(Some), 1 => Just(None)]
}

fn segment() -> impl Strategy<Value = &'static str> {
    prop_oneof![
        6 => prop::sample::select(vec!["orders", "chat", "7"]),
        1 => prop::sample::select(vec!["ordersx", "Orders", "a%20b", "caf%C3%A9", "..x", "..."]),
    ]
}

fn path_entry() -> impl Strategy<Value = String> {
    let ending = prop_oneof![3 => Just(""), 1 => Just("/")];
    (prop::collection::vec(segment(), 0..3), ending)
        .prop_map(|(segments, ending)| format!("/{}{ending}", segments.join("/")))
        .prop_filter("an entry", |text| is_prefix(text))
}

const ODD: [&str; 22] = [
    "..",
    ".",
    "%2e%2e",
    "%2E.",
    "..%2f",
    "%5c..",
    "..\\",
    "..;x",
    "..;",
    "a;b",
    "",
    "%252e",
    "%00",
    "%c0%ae%c0%ae",
    "%",
    "%zz",
    "%u002e",
    ".. ",
    "..%20",
    "?",
    "#",
    "%e0%80%af",
];

/// Mostly plain ones, and with them how many odd segments were put in.
fn presented_path() -> impl Strategy<Value = (Option<String>, usize)> {
    let odd = prop::sample::select(&ODD[..]);
    let segment = prop_oneof![
        8 => segment().prop_map(|text| (text, 0)),
        1 => odd.prop_map(|text| (text, 1)),
    ];
    let start = prop_oneof![12 => Just(("/", 0)), 1 => Just(("//", 1)), 1 => Just(("", 1))];
    let path = (start, prop::collection::vec(segment, 0..4)).prop_map(|((start, odd), all)| {
        let texts: Vec<&str> = all.iter().map(|(text, _)| *text).collect();
        let odd = odd + all.iter().map(|(_, odd)| odd).sum::<usize>();
        (Some(format!("{start}{}", texts.join("/"))), odd)
    });
    prop_oneof![12 => path, 1 => Just((None, 0))]
}

fn method() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["GET", "POST", "get", "GETS"])
}

pub(super) type Lists = (Vec<String>, Vec<String>, Vec<&'static str>, Vec<String>);
pub(super) type Call =
    (Option<String>, Option<IpAddr>, Option<&'static str>, (Option<String>, usize));

/// Some of them, often none.
fn some<S: Strategy>(entry: S) -> impl Strategy<Value = Vec<S::Value>> {
    prop::option::weighted(0.6, prop::collection::vec(entry, 1..4))
        .prop_map(Option::unwrap_or_default)
}

pub(super) fn lists() -> impl Strategy<Value = Lists> {
    let methods = prop::sample::select(vec!["GET", "POST"]);
    (some(origin_entry()), some(entry()), some(methods), some(path_entry()))
}

pub(super) fn call() -> impl Strategy<Value = Call> {
    (
        presented_origin(),
        prop::option::weighted(0.95, address()),
        prop::option::weighted(0.95, method()),
        presented_path(),
    )
}
