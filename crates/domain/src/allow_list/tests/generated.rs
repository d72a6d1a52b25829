//! Generated lists and calls: the fast matchers and the slow ones say the same.

use super::{
    super::{AllowList, is_prefix},
    reference,
};
use crate::{
    id::Scope,
    permission::Wants,
    time::Timestamp,
    verdict::{KeyTypes, Request, Standing, Subject, Verdict, check},
};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};
use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

const CASES: usize = 10_000;
/// Of each outcome there are at least so many: what hardly ever happens proves nothing.
const OFTEN: usize = 500;

/// Values of a strategy, the same in every run.
fn drawn<S: Strategy>(strategy: S) -> impl Iterator<Item = S::Value> {
    let mut runner = TestRunner::deterministic();
    std::iter::repeat_with(move || strategy.new_tree(&mut runner).unwrap().current())
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
        .prop_filter("an entry", |text| super::OriginRule::parse(text).is_ok())
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

type Lists = (Vec<String>, Vec<String>, Vec<&'static str>, Vec<String>);
type Call = (Option<String>, Option<IpAddr>, Option<&'static str>, (Option<String>, usize));

/// Some of them, often none.
fn some<S: Strategy>(entry: S) -> impl Strategy<Value = Vec<S::Value>> {
    prop::option::weighted(0.6, prop::collection::vec(entry, 1..4))
        .prop_map(Option::unwrap_or_default)
}

fn lists() -> impl Strategy<Value = Lists> {
    let methods = prop::sample::select(vec!["GET", "POST"]);
    (some(origin_entry()), some(entry()), some(methods), some(path_entry()))
}

fn call() -> impl Strategy<Value = Call> {
    (
        presented_origin(),
        prop::option::weighted(0.95, address()),
        prop::option::weighted(0.95, method()),
        presented_path(),
    )
}

fn written(kind: &str, entries: &[impl AsRef<str>]) -> Vec<String> {
    entries.iter().map(|entry| format!("{kind} {}", entry.as_ref())).collect()
}

fn read(lists: &Lists) -> AllowList {
    let (origins, addresses, methods, paths) = lists;
    let all = [
        written("origin", origins),
        written("address", addresses),
        written("method", methods),
        written("path", paths),
    ]
    .concat();
    let list = AllowList::from_entries(all.iter().map(String::as_str)).unwrap();
    let again = list.entries();
    // What is shown is what is compared.
    assert_eq!(AllowList::from_entries(again.iter().map(String::as_str)).as_ref(), Ok(&list));
    list
}

/// A live key with this list and nothing else, asked for by this call.
fn verdict(list: &AllowList, (origin, address, method, (path, _)): &Call) -> Verdict {
    let key = Subject {
        scope: Scope::Cluster,
        key_type: "api",
        tenant: Standing::Live,
        owner: Standing::Live,
        enabled: true,
        held: false,
        starts_at: None,
        expires_at: None,
        revoked_at: None,
        allow_list: list,
        permissions: &[],
    };
    let asked = Request {
        tenant: None,
        key_types: KeyTypes::Any,
        wants: Wants::Nothing,
        origin: origin.as_deref(),
        address: *address,
        method: *method,
        path: path.as_deref(),
    };
    check(&key, &asked, Timestamp::from_millis(0))
}

#[test]
fn al_04_ten_thousand_lists_and_calls_agree_with_slow_matchers() {
    let mut outcomes: BTreeMap<Verdict, usize> = BTreeMap::new();
    let mut odd_paths = 0;
    for (lists, call) in drawn((lists(), call())).take(CASES) {
        let list = read(&lists);
        let (origins, addresses, methods, paths) = &lists;
        let (origin, address, method, (path, odd)) = &call;
        let verdict = verdict(&list, &call);
        *outcomes.entry(verdict).or_default() += 1;
        let method_holds =
            methods.is_empty() || method.is_some_and(|method| methods.contains(&method));
        let path_holds = reference::allows_path(paths, path.as_deref());
        let wanted = if !reference::allows_origin(origins, origin.as_deref()) {
            Verdict::OriginNotAllowed
        } else if !reference::allows_address(addresses, *address) {
            Verdict::AddressNotAllowed
        } else if !(method_holds && path_holds) {
            Verdict::RequestNotAllowed
        } else {
            Verdict::Valid
        };
        if *odd > 0 && !paths.is_empty() && wanted == Verdict::Valid {
            // Safe in every reading, and yet one of the forms that are refused altogether.
            odd_paths += 1;
            assert!([Verdict::Valid, Verdict::RequestNotAllowed].contains(&verdict));
            continue;
        }
        assert_eq!(verdict, wanted, "{lists:?} {call:?}");
    }
    println!("{outcomes:?}; {odd_paths} odd paths that could hold");
    assert_eq!(outcomes.len(), 4, "{outcomes:?}");
    assert!(outcomes.values().all(|&times| times >= OFTEN), "{outcomes:?}");
}

/// Each kind alone, so that every case says something of it.
#[test]
fn al_04_each_kind_of_list_agrees_with_its_slow_matcher() {
    let mut allowed = [0_usize; 3];
    for (lists, call) in drawn((lists(), call())).take(CASES) {
        let list = read(&lists);
        let (origins, addresses, _, paths) = &lists;
        let (origin, address, _, (path, odd)) = &call;
        let by_origin = list.allows_origin(origin.as_deref());
        let wanted = reference::allows_origin(origins, origin.as_deref());
        assert_eq!(by_origin, wanted, "{origins:?} {origin:?}");
        let by_address = list.allows_address(*address);
        let wanted = reference::allows_address(addresses, *address);
        assert_eq!(by_address, wanted, "{addresses:?} {address:?}");
        let only_paths = AllowList { methods: Vec::new(), ..list };
        let by_path = only_paths.allows_request(None, path.as_deref());
        let wanted = reference::allows_path(paths, path.as_deref());
        assert!(
            by_path == wanted || (*odd > 0 && wanted && !paths.is_empty()),
            "{paths:?} {path:?}"
        );
        let told = [!origins.is_empty(), !addresses.is_empty(), !paths.is_empty()];
        for (place, holds) in [by_origin, by_address, by_path].into_iter().enumerate() {
            allowed[place] += usize::from(told[place] && holds);
        }
    }
    println!("allowed by a list of origins, addresses, paths: {allowed:?}");
    assert!(allowed.iter().all(|&times| times >= OFTEN), "{allowed:?}");
}
