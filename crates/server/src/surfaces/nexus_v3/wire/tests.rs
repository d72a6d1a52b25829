#![allow(clippy::unwrap_used)]
use super::*;
use domain::{
    allow_list::AllowList,
    id::{KeyId, Scope},
    permission::Permission,
    rate_limit::Limit,
};

fn key() -> Key {
    Key {
        id: KeyId::from_bytes([1; 16]),
        scope: Scope::Cluster,
        key_type: "nexus".to_owned(),
        name: "Cluster API key".to_owned(),
        description: None,
        owner: None,
        permissions: vec![Permission::parse("nexus:cluster:*").unwrap()],
        enabled: true,
        starts_at: None,
        expires_at: None,
        revoked_at: Some(Timestamp::from_millis(1_767_225_600_000)),
        revoke_reason: None,
        limit: Limit::new(120, 60).ok(),
        allow_list: AllowList::default(),
        hint: "…4a0e".to_owned(),
        acknowledged_at: None,
        rotation: None,
        secret_ends_at: None,
        held_at: None,
        created_at: Timestamp::from_millis(1_767_225_600_000),
        created_by: "ops".to_owned(),
        version: 1,
    }
}

#[test]
fn a_key_has_its_members_in_the_published_order() {
    let key = key();
    let text = serde_json::to_string(&KeyBody::new(&key, "the-id")).unwrap();
    assert_eq!(
        text,
        concat!(
            r#"{"id":"the-id","tenant":"*","name":"Cluster API key","permissions":["nexus:cluster:*"],"#,
            r#""enabled":true,"created":"2026-01-01T00:00:00.000Z","revoked":"2026-01-01T00:00:00.000Z","#,
            r#""expires":false,"createdby":"ops","capacity":120,"frequency":60}"#
        )
    );
}

#[derive(Deserialize, Debug)]
struct Sample {
    #[serde(default)]
    expires: Given<Moment>,
}

fn sample(text: &str) -> Result<(Option<Moment>, Wrapping), String> {
    match read::<Sample>(text.as_bytes()) {
        Ok((sample, wrapping)) => Ok((sample.expires.0, wrapping)),
        Err(Failure::BadJson { field, detail }) => {
            Err(format!("{}: {detail}", field.unwrap_or_default()))
        }
        Err(other) => Err(format!("{other:?}")),
    }
}

#[test]
fn an_instant_is_false_or_rfc_3339_or_milliseconds() {
    let at = |ms| Some(Moment::At(Timestamp::from_millis(ms)));
    let only = |text: &str| sample(text).map(|(moment, _)| moment);
    assert_eq!(only("{}"), Ok(None));
    assert_eq!(only(r#"{"expires":false}"#), Ok(Some(Moment::Never)));
    assert_eq!(only(r#"{"expires":true}"#), Ok(Some(Moment::Now)));
    assert_eq!(only(r#"{"expires":"2026-01-01T01:00:00+01:00"}"#), Ok(at(1_767_225_600_000)));
    assert_eq!(only(r#"{"expires":1767225600000}"#), Ok(at(1_767_225_600_000)));
    for bad in ["null", "\"soon\"", "-1", "1.5", "{}", "9999999999999999", "\"\""] {
        let refused = only(&format!(r#"{{"expires":{bad}}}"#)).unwrap_err();
        assert!(refused.starts_with("expires: "), "{bad}: {refused}");
        assert!(!refused.contains("soon"), "{refused}");
    }
}

#[test]
fn a_body_is_bare_or_wrapped() {
    assert_eq!(sample(r#"{"expires":false}"#).unwrap().1, Wrapping::Bare);
    assert_eq!(
        sample(r#"{"data":{"expires":false}}"#).unwrap(),
        (Some(Moment::Never), Wrapping::Data)
    );
    assert_eq!(sample(r#"{"data":5,"expires":false}"#).unwrap().1, Wrapping::Bare);
    for bad in ["[]", "5", "\"x\"", "[false]"] {
        assert!(sample(bad).is_err(), "{bad}");
    }
}
