#![allow(clippy::unwrap_used)]
use super::*;
use http::{HeaderValue, header};
use std::sync::Arc;

fn sent(kind: &'static str, body: &'static str) -> Result<Sent, Failure> {
    let mut headers = HeaderMap::new();
    if !kind.is_empty() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    Sent::read(&headers, Bytes::from_static(body.as_bytes()))
}

fn checked(query: &str, kind: &'static str, body: &'static str) -> Result<(), String> {
    let sent = sent(kind, body).map_err(|failure| failure.detail().into_owned())?;
    sent.check(Some(query)).map_err(|failure| failure.detail().into_owned())
}

#[test]
fn an_event_may_stand_in_the_query_in_a_form_or_in_an_object_and_be_split() {
    let all = "agentid=a&crmId=b&event=c&more=d";
    assert_eq!(checked(all, "", ""), Ok(()));
    assert_eq!(checked("", FORM, "agentId=a&crmId=b&event=c"), Ok(()));
    assert_eq!(checked("agentid=a", FORM, "crmId=b&event=c"), Ok(()));
    assert_eq!(
        checked("", JSON, r#"{"agentid":"a","crmId":17,"event":"c","x":{"y":[1.0]}}"#),
        Ok(())
    );
    assert_eq!(checked("event=c", JSON, r#"{"agentId":"a","crmId":"b"}"#), Ok(()));
    assert_eq!(checked(all, "application/json; charset=utf-8", "{}"), Ok(()));
}

#[test]
fn names_are_told_apart_by_case_and_stand_once() {
    let refused = |query, kind, body| checked(query, kind, body).unwrap_err();
    assert_eq!(refused("AGENTID=a&crmId=b&event=c", "", ""), "`agentid`: is missing");
    assert_eq!(refused("agentid=a&crmid=b&event=c", "", ""), "`crmId`: is missing");
    assert_eq!(refused("agentid=a&crmId=b&Event=c", "", ""), "`event`: is missing");
    assert_eq!(refused("agentid=a&crmId=&event=c", "", ""), "`crmId`: must not be empty");
    for (query, body) in [
        ("agentid=a&agentid=a&crmId=b&event=c", ""),
        ("agentid=a&agentId=a&crmId=b&event=c", ""),
        ("agentid=a&%61gentid=a&crmId=b&event=c", ""),
        ("agentid=a&crmId=b&event=c", "agentid=a"),
        ("agentid=&agentid=a&crmId=b&event=c", ""),
    ] {
        assert_eq!(refused(query, FORM, body), "`agentid`: must be given once", "{query} {body}");
    }
    let rest = "agentid=a&crmId=b";
    assert_eq!(refused(rest, JSON, r#"{"event":"a","event":"b"}"#), "the member occurs twice");
    for no_text in [r#"{"event":null}"#, r#"{"event":true}"#, r#"{"event":["a"]}"#] {
        assert_eq!(refused(rest, JSON, no_text), "`event`: expected a text", "{no_text}");
    }
}

#[test]
fn a_body_that_cannot_be_read_is_refused() {
    for (kind, body) in
        [(JSON, "[]"), (JSON, "{"), (JSON, "\"a\""), ("text/plain", "a=b"), ("", "a=b")]
    {
        assert!(sent(kind, body).is_err(), "{kind} {body}");
    }
    assert!(matches!(sent("text/plain", ""), Ok(Sent::Nothing)));
}

#[test]
fn the_key_is_taken_out_where_it_stood_and_the_rest_stays_as_it_was_written() {
    let used = Used::Form(Arc::from(JWT));
    let left = |kind, body, without| {
        let left = sent(kind, body).unwrap().into_body(without);
        left.map(|bytes| String::from_utf8(bytes.into()).unwrap())
    };
    let object = r#"{"a": 1.10, "jwt": "x", "b": {"jwt": 12345678901234567890123}, "ü\n": []}"#;
    assert_eq!(
        left(JSON, object, Some(&used)).unwrap(),
        r#"{"a":1.10,"b":{"jwt": 12345678901234567890123},"ü\n":[]}"#
    );
    assert_eq!(left(JSON, object, None).unwrap(), object);
    assert_eq!(left(JSON, object, Some(&Used::Bearer)).unwrap(), object);
    assert_eq!(left(FORM, "a=b&jwt=x&c=%zz", Some(&used)).unwrap(), "a=b&c=%zz");
    assert_eq!(left("", "", Some(&used)), None);
}

#[test]
fn a_policy_finds_the_key_of_an_object_as_in_a_form() {
    let form = |body| sent(JSON, body).unwrap().form();
    let text = |body| form(body).unwrap().map(|secret| secret.expose().to_owned());
    assert_eq!(text(r#"{"jwt":"a.b-c"}"#).unwrap(), "jwt=a%2Eb%2Dc");
    assert_eq!(text(r#"{"j\u0077t":"\u0061"}"#).unwrap(), "jwt=a");
    assert_eq!(text(r#"{"JWT":"a"}"#), None);
    assert!(form(r#"{"jwt":null}"#).is_err());
}
