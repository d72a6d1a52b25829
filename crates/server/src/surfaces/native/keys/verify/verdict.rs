//! A verdict as bytes: constant pieces and the values between them, no JSON tree.

use crate::{
    decimal::number,
    document::{Named, schema},
};
use domain::{
    id::{KeyId, Scope},
    permission::Permission,
    time::Timestamp,
    verdict::Verdict,
};
use serde_json::{Value, json};
use std::io::Write as _;
use verifier::{Found, LimitState};

/// Writes the answer. Permissions come with `VALID`, the limit with `VALID` and `RATE_LIMITED`.
pub(super) fn write(
    out: &mut Vec<u8>,
    verdict: Verdict,
    found: &Found<'_>,
    limit: Option<&LimitState>,
) {
    out.extend_from_slice(br#"{"verdict":""#);
    out.extend_from_slice(verdict.as_str().as_bytes());
    out.extend_from_slice(br#"","keyId":""#);
    key_id(out, found.key_id);
    out.extend_from_slice(br#"","keyType":"#);
    text(out, found.key_type);
    out.extend_from_slice(br#","tenant":""#);
    tenant(out, found.scope);
    out.extend_from_slice(br#"","name":"#);
    text(out, found.name);
    if verdict == Verdict::Valid {
        out.extend_from_slice(br#","permissions":["#);
        permissions(out, found.permissions);
        out.extend_from_slice(b"]");
    }
    out.extend_from_slice(br#","expires":"#);
    instant(out, found.expires_at);
    if matches!(verdict, Verdict::Valid | Verdict::RateLimited) {
        out.extend_from_slice(br#","limit":"#);
        limit_state(out, found, limit);
    }
    endings(out, verdict, found);
    out.extend_from_slice(b"}");
}

/// Of a key that is in order itself, where it or its secret ends soon.
fn endings(out: &mut Vec<u8>, verdict: Verdict, found: &Found<'_>) {
    if let Some(at) = found.secret_ends_at.filter(|_| !verdict.is_no_key()) {
        out.extend_from_slice(br#","secretEnds":"#);
        instant(out, Some(at));
    }
    if let Some(warning) = found.warning {
        out.extend_from_slice(br#","daysLeft":"#);
        number(out, warning.days_left.into());
        out.extend_from_slice(br#","warningDay":"#);
        number(out, warning.day.into());
    }
}

fn key_id(out: &mut Vec<u8>, id: KeyId) {
    out.extend_from_slice(KeyId::PREFIX.as_bytes());
    out.extend_from_slice(&id.digits());
}

fn tenant(out: &mut Vec<u8>, scope: Scope) {
    match scope {
        Scope::Cluster => out.extend_from_slice(b"*"),
        Scope::Tenant(id) => {
            let mut room = [0; uuid::fmt::Hyphenated::LENGTH];
            out.extend_from_slice(id.0.hyphenated().encode_lower(&mut room).as_bytes());
        }
    }
}

fn permissions(out: &mut Vec<u8>, permissions: &[Permission]) {
    for (place, permission) in permissions.iter().enumerate() {
        // The grammar knows no character that JSON would escape.
        out.extend_from_slice(if place == 0 { b"\"" } else { b",\"" });
        out.extend_from_slice(permission.as_str().as_bytes());
        out.extend_from_slice(b"\"");
    }
}

fn instant(out: &mut Vec<u8>, at: Option<Timestamp>) {
    match at {
        None => out.extend_from_slice(b"null"),
        Some(at) => {
            // Writing into a buffer that grows cannot fail.
            let _ = write!(out, "\"{at}\"");
        }
    }
}

/// Capacity and frequency are the key's; what remains is what this node would still let pass.
fn limit_state(out: &mut Vec<u8>, found: &Found<'_>, state: Option<&LimitState>) {
    let (Some(limit), Some(state)) = (found.limit, state) else {
        out.extend_from_slice(b"null");
        return;
    };
    out.extend_from_slice(br#"{"capacity":"#);
    number(out, limit.capacity().into());
    out.extend_from_slice(br#","frequency":"#);
    number(out, limit.frequency_s().into());
    out.extend_from_slice(br#","remaining":"#);
    number(out, state.remaining.into());
    out.extend_from_slice(br#","resetAfterMs":"#);
    number(out, state.reset_after_ms);
    out.extend_from_slice(b"}");
}

/// A JSON string (RFC 8259 section 7). Most names need no escape and are copied in one piece.
fn text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(b"\"");
    let bytes = text.as_bytes();
    // Without a way out early, because then the machine looks at many bytes at once.
    let odd = |b: &u8| *b < 0x20 || *b == b'"' || *b == b'\\';
    if !bytes.iter().fold(false, |any, b| any | odd(b)) {
        out.extend_from_slice(bytes);
        out.push(b'"');
        return;
    }
    let mut clean = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        let short: &[u8] = match byte {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            b'\n' => b"\\n",
            b'\r' => b"\\r",
            b'\t' => b"\\t",
            0..=0x1f => b"",
            _ => continue,
        };
        out.extend_from_slice(bytes.get(clean..at).unwrap_or_default());
        if short.is_empty() {
            let _ = write!(out, "\\u{byte:04x}");
        } else {
            out.extend_from_slice(short);
        }
        clean = at + 1;
    }
    out.extend_from_slice(bytes.get(clean..).unwrap_or_default());
    out.extend_from_slice(b"\"");
}

/// What an answer looks like.
pub(in super::super) fn schema() -> Named {
    let verdicts = Verdict::ALL.map(Verdict::as_str);
    let instant = json!({"type": ["string", "null"], "format": "date-time"});
    let limit = json!({
        "type": ["object", "null"],
        "required": ["capacity", "frequency", "remaining", "resetAfterMs"],
        "properties": {
            "capacity": schema::integer(1, 1_000_000),
            "frequency": schema::integer(1, 86_400),
            "remaining": schema::integer(0, 1_000_000),
            "resetAfterMs": {"type": "integer", "minimum": 0},
        },
    });
    let schema = json!({
        "type": "object",
        "required": ["verdict"],
        "properties": {
            "verdict": schema::word(&verdicts),
            "keyId": schema::key_id(),
            "keyType": {"type": "string"},
            "tenant": schema::scope(),
            "name": {"type": "string"},
            "permissions": {"type": "array", "items": {"type": "string"},
                "description": "Of a `VALID` key."},
            "expires": instant,
            "limit": limit,
            "secretEnds": {"type": "string", "format": "date-time",
                "description": "Until when the presented secret works: another one took its place, or \
                    is due to."},
            "daysLeft": {"type": "integer", "minimum": 0, "maximum": 365,
                "description": "Days until the key expires, is revoked or is not rotated in time; there \
                    once one of its tenant's warning days is reached."},
            "warningDay": {"type": "integer", "minimum": 1, "maximum": 365,
                "description": "The last of these that was reached."},
        },
    });
    Named::new("Verdict", schema)
}

/// An answer in the documentation.
pub(in super::super) fn example() -> Value {
    json!({
        "verdict": "VALID",
        "keyId": "key_0H7mQXr2vLk9TzB4cWfYpN",
        "keyType": "api",
        "tenant": "578ec98e-f07c-46ad-9675-f36c22f3ba9f",
        "name": "orders, production",
        "permissions": ["orders:read"],
        "expires": null,
        "limit": {"capacity": 100, "frequency": 60, "remaining": 99, "resetAfterMs": 60_000},
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use domain::{id::TenantId, rate_limit::Limit};
    use verifier::Warning;

    fn found<'a>(name: &'a str, permissions: &'a [Permission]) -> Found<'a> {
        Found {
            key_id: KeyId::from_bytes([0; 16]),
            scope: Scope::Tenant(TenantId::parse("578ec98e-f07c-46ad-9675-f36c22f3ba9f").unwrap()),
            key_type: "nexus",
            name,
            permissions,
            expires_at: None,
            owner: None,
            limit: Limit::new(120, 60).ok(),
            secret_slot: 0,
            secret_ends_at: None,
            warning: None,
        }
    }

    fn written(verdict: Verdict, found: &Found<'_>) -> String {
        let state = LimitState {
            limit: Limit::new(120, 60).unwrap(),
            remaining: 119,
            reset_after_ms: 60_000,
        };
        let mut out = Vec::new();
        write(&mut out, verdict, found, Some(&state));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_valid_answer_has_its_members_in_order() {
        let permissions = [Permission::parse("nexus:consumer:chat").unwrap()];
        assert_eq!(
            written(Verdict::Valid, &found("API key for premise_tenant", &permissions)),
            concat!(
                r#"{"verdict":"VALID","keyId":"key_0000000000000000000000","keyType":"nexus","#,
                r#""tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"API key for premise_tenant","#,
                r#""permissions":["nexus:consumer:chat"],"expires":null,"#,
                r#""limit":{"capacity":120,"frequency":60,"remaining":119,"resetAfterMs":60000}}"#
            )
        );
    }

    #[test]
    fn what_ends_soon_is_said_behind_all_else() {
        let ending = Found {
            secret_ends_at: Some(Timestamp::from_millis(0)),
            warning: Some(Warning { days_left: 12, day: 14 }),
            limit: None,
            ..found("n", &[])
        };
        let answer = written(Verdict::Valid, &ending);
        let ends = r#""limit":null,"secretEnds":"1970-01-01T00:00:00.000Z","daysLeft":12,"warningDay":14}"#;
        assert!(answer.ends_with(ends), "{answer}");
        let over = Found { warning: None, ..ending };
        assert!(!written(Verdict::Expired, &over).contains("secretEnds"));
    }

    #[test]
    fn a_refusal_names_the_key_and_no_more() {
        let key = Found { expires_at: Some(Timestamp::from_millis(0)), ..found("n", &[]) };
        assert_eq!(
            written(Verdict::Expired, &key),
            concat!(
                r#"{"verdict":"EXPIRED","keyId":"key_0000000000000000000000","keyType":"nexus","#,
                r#""tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"n","#,
                r#""expires":"1970-01-01T00:00:00.000Z"}"#
            )
        );
    }

    #[test]
    fn whatever_a_name_holds_the_answer_is_json() {
        for name in ["a \"b\" \\ c", "tab\tline\nend\r", "bell\u{7}", "ünïcödé ✓", ""] {
            let parsed: serde_json::Value =
                serde_json::from_str(&written(Verdict::Valid, &found(name, &[]))).unwrap();
            assert_eq!(parsed.get("name").unwrap(), name);
        }
    }
}
