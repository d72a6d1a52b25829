#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use serde::Deserialize;

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the reading is of interest")]
struct Document {
    name: String,
    limit: Option<Limit>,
    #[serde(default)]
    list: Vec<u8>,
    #[serde(default)]
    limits: Vec<Limit>,
    kind: Option<Kind>,
    any: Option<serde_json::Value>,
}

#[derive(Deserialize, Debug)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only the reading is of interest")]
enum Kind {
    Unit,
    Whole(Limit),
    Pair(u8, u8),
    Spelled { capacity: u32 },
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only the reading is of interest")]
struct Limit {
    capacity: u32,
}

/// `field: detail` of the failure.
fn failure(document: &[u8]) -> String {
    match strict::<Document>(document) {
        Err(Failure::BadJson { field, detail }) => {
            format!("{}: {detail}", field.unwrap_or_default())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn errors_name_the_member_and_never_quote_the_input() {
    assert_eq!(failure(br#"{"name":7}"#), "name: expected a string");
    assert_eq!(
        failure(br#"{"name":"a","limit":{"capacity":"psk_secret"}}"#),
        "limit.capacity: expected a whole number, neither negative nor too large"
    );
    assert_eq!(
        failure(br#"{"name":"a","limit":{"capacity":-5}}"#),
        "limit.capacity: expected a whole number, neither negative nor too large"
    );
    assert_eq!(
        failure(b"{\"name\":\"a\",\n \"list\": [1, 2, 300]}"),
        "list[2]: expected a whole number, neither negative nor too large"
    );
    assert_eq!(failure(br#"{"limit":null}"#), "name: the member is missing");
    assert_eq!(failure(br#"{"name":"a","limit":{}}"#), "limit.capacity: the member is missing");
    assert_eq!(failure(br#"{"name":"a","nmae":1}"#), "nmae: the member is unknown");
    assert_eq!(failure(br#" ["psk_secret"]"#), ": the body must be an object");
}

#[test]
fn a_list_is_no_structure_wherever_it_stands() {
    assert_eq!(failure(br#"{"name":"a","limit":[1]}"#), "limit: expected an object");
    assert_eq!(failure(br#"{"name":"a","limit":"psk_secret"}"#), "limit: expected an object");
    assert_eq!(
        failure(br#"{"name":"a","limits":[{"capacity":1},[1]]}"#),
        "limits[1]: expected an object"
    );
    assert_eq!(failure(br#"{"name":"a","kind":{"whole":[1]}}"#), "kind.whole: expected an object");
    assert_eq!(
        failure(br#"{"name":"a","kind":{"spelled":[1]}}"#),
        "kind.spelled: expected an object"
    );
    for read in [
        br#"{"name":"a","limit":{"capacity":1},"limits":[{"capacity":1}],"list":[1]}"#.as_slice(),
        br#"{"name":"a","limit":null,"kind":{"pair":[1,2]}}"#,
        br#"{"name":"a","kind":{"spelled":{"capacity":1}}}"#,
        br#"{"name":"a","kind":"unit","any":{"a":[1,{"b":null}]}}"#,
    ] {
        assert!(strict::<Document>(read).is_ok(), "{}", String::from_utf8_lossy(read));
    }
}

#[test]
fn ht_09_odd_documents_are_refused_alike() {
    assert_eq!(failure(b""), ": the body is empty");
    assert_eq!(failure(b"\xef\xbb\xbf{}"), ": the body begins with a byte order mark");
    assert_eq!(failure(b"{\"name\":\"\xff\"}"), ": the body is not UTF-8");
    assert_eq!(failure(br#"{"name":"a\u0000b"}"#), "name: a text holds a NUL");
    assert_eq!(failure(br#"{"name":"a","name":"b"}"#), "name: the member occurs twice");
    assert_eq!(
        failure(br#"{"name":"a","limit":{"capacity":1,"capacity":1}}"#),
        "limit.capacity: the member occurs twice"
    );
    for broken in [
        &br#"{"name":"a"} x"#[..],
        b"{\"name\":NaN}",
        b"{'name':1}",
        b"{\"name\":1e999}",
        b"nul",
        br#"{"name":"\ud800"}"#,
    ] {
        assert!(failure(broken).contains("the body is not JSON: line 1"), "{}", failure(broken));
    }
}

#[test]
fn ht_02_documents_are_32_levels_deep_at_most() {
    let nested = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    assert!(json_shape::check(nested(31).as_bytes()).is_ok());
    assert!(failure(nested(32).as_bytes()).contains("nested too deeply"));
    assert!(
        failure(format!("{{\"a\":{}", "[".repeat(60_000)).as_bytes()).contains("nested too deeply")
    );
}

#[test]
fn many_members_are_told_apart() {
    let members = |twice: bool| {
        let mut names: Vec<String> = (0..500).map(|n| format!("\"m{n}\":{n}")).collect();
        if twice {
            names.push("\"m250\":0".to_owned());
        }
        format!("{{{}}}", names.join(","))
    };
    assert!(json_shape::check(members(false).as_bytes()).is_ok());
    assert!(json_shape::check(members(true).as_bytes()).is_err());
}

#[test]
fn a_secret_used_as_a_members_name_is_not_repeated() {
    let text = failure(br#"{"psk_0123456789012345678901234567890123456789":1}"#);
    assert_eq!(text, ": the member is unknown");
}
