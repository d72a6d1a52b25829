//! Generated lists and calls: the fast matchers and the slow ones say the same.

use super::{
    super::AllowList,
    reference,
    strategies::{Call, Lists, call, lists},
};
use crate::{
    id::Scope,
    permission::Wants,
    time::Timestamp,
    verdict::{KeyTypes, Request, Standing, Subject, Verdict, check},
};
use proptest::{
    strategy::{Strategy, ValueTree as _},
    test_runner::TestRunner,
};
use std::collections::BTreeMap;

const CASES: usize = 10_000;
/// Of each outcome there are at least so many: what hardly ever happens proves nothing.
const OFTEN: usize = 500;

/// Values of a strategy, the same in every run.
fn drawn<S: Strategy>(strategy: S) -> impl Iterator<Item = S::Value> {
    let mut runner = TestRunner::deterministic();
    std::iter::repeat_with(move || strategy.new_tree(&mut runner).unwrap().current())
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
    let mut allowed = [0_usize; 3];
    for (lists, call) in drawn((lists(), call())).take(CASES) {
        let list = read(&lists);
        let (origins, addresses, methods, paths) = &lists;
        let (origin, address, method, (path, odd)) = &call;
        let by_origin = reference::allows_origin(origins, origin.as_deref());
        assert_eq!(list.allows_origin(origin.as_deref()), by_origin, "{origins:?} {origin:?}");
        let by_address = reference::allows_address(addresses, *address);
        assert_eq!(list.allows_address(*address), by_address, "{addresses:?} {address:?}");
        let only_paths = AllowList { methods: Vec::new(), ..list.clone() };
        let by_path = only_paths.allows_request(None, path.as_deref());
        let safe = reference::allows_path(paths, path.as_deref());
        // Some forms are refused altogether, though this one would be safe in every reading.
        let strict = *odd > 0 && safe && !paths.is_empty();
        assert!(by_path == safe || strict, "{paths:?} {path:?}");

        let by_method =
            methods.is_empty() || method.is_some_and(|method| methods.contains(&method));
        let wanted = match (by_origin, by_address, by_method && by_path) {
            (false, ..) => Verdict::OriginNotAllowed,
            (_, false, _) => Verdict::AddressNotAllowed,
            (.., false) => Verdict::RequestNotAllowed,
            (true, true, true) => Verdict::Valid,
        };
        assert_eq!(verdict(&list, &call), wanted, "{lists:?} {call:?}");
        *outcomes.entry(wanted).or_default() += 1;
        let told = [!origins.is_empty(), !addresses.is_empty(), !paths.is_empty()];
        for (place, holds) in [by_origin, by_address, by_path].into_iter().enumerate() {
            allowed[place] += usize::from(told[place] && holds);
        }
    }
    assert_eq!(outcomes.len(), 4, "{outcomes:?}");
    assert!(outcomes.values().all(|&times| times >= OFTEN), "{outcomes:?}");
    assert!(
        allowed.iter().all(|&times| times >= OFTEN),
        "by a list that is not empty: {allowed:?}"
    );
}
