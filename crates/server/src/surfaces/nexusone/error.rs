//! Failures as the wire's framework says them: `{"detail":"…"}`, and what is wrong with a value as
//! `{"detail":[{"type":…,"loc":[…],"msg":…,"input":…}]}`.
//!
//! Our choice: `input` is `{}` for a member that is missing and `null` for any other, because the
//! framework repeats what was sent, and that may be a secret.
#![deny(clippy::wildcard_enum_match_arm)]

use crate::{
    answer::{self, Body},
    document::Named,
    error_style::{ErrorStyle, Rendering},
    failure::{Failure, Proof},
};
use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};
use service::{Error, keys::MAX_DAYS};
use std::borrow::Cow;

/// The envelope of every failure of this surface.
pub(super) const STYLE: ErrorStyle = ErrorStyle { name: "nexusone_api", render, schema };

/// What is said of days below the least.
pub(super) const TOO_FEW: &str = "Input should be greater than or equal to 1";
/// What is said of days above the most.
pub(super) const TOO_MANY: &str = "Input should be less than or equal to 36500";
/// What is said of what is neither true nor false.
pub(super) const NO_BOOL: &str = "Input should be a valid boolean, unable to interpret input";

const _: () = assert!(MAX_DAYS == 36_500, "the text above says it");

#[derive(Serialize)]
struct Envelope<'a> {
    detail: Detail<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Detail<'a> {
    Text(Cow<'a, str>),
    Values([BadValue<'a>; 1]),
}

/// What is wrong with one value.
#[derive(Serialize)]
struct BadValue<'a> {
    r#type: &'static str,
    loc: Vec<&'a str>,
    msg: Cow<'a, str>,
    input: Value,
}

fn schema() -> Named {
    let texts = json!({"type": "array", "items": {"type": "string"}});
    let value = json!({
        "type": "object", "additionalProperties": false, "required": ["type", "loc", "msg", "input"],
        "properties": {"type": {"type": "string"}, "loc": texts, "msg": {"type": "string"}, "input": {}},
    });
    let detail = json!({"oneOf": [{"type": "string"}, {"type": "array", "items": value}]});
    Named::new(
        "NexusOneApiFailure",
        json!({
            "type": "object", "additionalProperties": false, "required": ["detail"],
            "properties": {"detail": detail},
        }),
    )
}

fn render(failure: &Failure, rendering: &Rendering<'_>) -> Response<Body> {
    let (status, detail) = said(failure, rendering);
    let mut response = answer::json(status, &Envelope { detail });
    if status == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Bearer");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

fn said<'a>(failure: &'a Failure, rendering: &Rendering<'_>) -> (StatusCode, Detail<'a>) {
    let unproved = |text| (StatusCode::UNAUTHORIZED, words(text));
    let as_is = || (failure.status(), Detail::Text(failure.detail()));
    match failure {
        Failure::Service(error) => match error {
            Error::Invalid { field, detail } => {
                bad(place_of(field), "value_error", format!("Value error, {detail}"))
            }
            Error::Unauthenticated => unproved("Could not validate credentials"),
            Error::NotFound => (StatusCode::NOT_FOUND, words(missing(rendering.operation))),
            Error::Conflict { what: "owner", .. } => (
                StatusCode::CONFLICT,
                words("A PSK already exists for the current user: regenerate or delete it"),
            ),
            Error::Internal(_) => (failure.status(), words("Internal Server Error")),
            Error::NotAllowed { .. }
            | Error::Conflict { .. }
            | Error::TooManyKeys { .. }
            | Error::PreconditionFailed
            | Error::Limited { .. }
            | Error::TooManyNewKeys { .. }
            | Error::Unavailable { .. } => as_is(),
        },
        Failure::Unauthenticated { proof: Proof::Refused, .. } => {
            unproved("Could not validate credentials")
        }
        // Whatever is no Bearer token, to the framework, is nothing.
        Failure::Unauthenticated { proof: Proof::Absent, .. } | Failure::MalformedCredentials => {
            unproved("Not authenticated")
        }
        Failure::BadJson { field, detail } | Failure::BadForm { field, detail } => {
            of_body(field.as_deref(), detail)
        }
        Failure::BadQuery { field, detail } => {
            let place = std::iter::once("query").chain(field.as_deref()).collect();
            let kind = if detail == NO_BOOL { "bool_parsing" } else { "value_error" };
            bad(place, kind, detail.as_str())
        }
        Failure::BadPath => bad(vec!["path"], "value_error", "Input should be a valid part of a path"),
        Failure::NoRoute => (failure.status(), words("Not Found")),
        Failure::MethodNotAllowed { .. } => (failure.status(), words("Method Not Allowed")),
        Failure::Panic => (failure.status(), words("Internal Server Error")),
        Failure::TwoCredentials
        | Failure::IdempotencyKeyReused
        | Failure::UnsupportedMediaType { .. }
        | Failure::CallerLimited(_)
        | Failure::HeadersTooLarge
        | Failure::UriTooLong
        | Failure::BodyTooLarge { .. }
        | Failure::SlowBody
        | Failure::UnknownHost
        | Failure::Timeout
        | Failure::Shed
        | Failure::Loading(_)
        // Said by the gateway and by /check alone.
        | Failure::InvalidKey { .. }
        | Failure::KeyForbidden(_)
        | Failure::KeyLimited(_)
        | Failure::PolicyLimited(_)
        | Failure::OriginNotAllowed
        | Failure::BadGateway
        | Failure::GatewayTimeout => as_is(),
    }
}

const fn words(text: &'static str) -> Detail<'static> {
    Detail::Text(Cow::Borrowed(text))
}

/// What is not there, by who asked for it.
fn missing(operation: Option<&str>) -> &'static str {
    match operation {
        Some(name) if name.ends_with("personal_key") => "No PSK found for the current user",
        Some(_) => "PSK not found",
        None => "Not Found",
    }
}

fn bad<'a>(
    loc: Vec<&'a str>,
    kind: &'static str,
    msg: impl Into<Cow<'a, str>>,
) -> (StatusCode, Detail<'a>) {
    let value = BadValue { r#type: kind, loc, msg: msg.into(), input: Value::Null };
    (StatusCode::UNPROCESSABLE_ENTITY, Detail::Values([value]))
}

/// What the reader of bodies says, in the framework's words where it has some.
fn of_body<'a>(field: Option<&'a str>, detail: &'a str) -> (StatusCode, Detail<'a>) {
    let loc: Vec<&str> =
        std::iter::once("body").chain(field.into_iter().flat_map(|f| f.split('.'))).collect();
    if detail == "the member is missing" {
        let value =
            BadValue { r#type: "missing", loc, msg: "Field required".into(), input: json!({}) };
        return (StatusCode::UNPROCESSABLE_ENTITY, Detail::Values([value]));
    }
    let (kind, msg) = match detail {
        "expected a string" => ("string_type", "Input should be a valid string"),
        "expected i64" => ("int_type", "Input should be a valid integer"),
        TOO_FEW => ("greater_than_equal", TOO_FEW),
        TOO_MANY => ("less_than_equal", TOO_MANY),
        _ if detail.starts_with("the body is not JSON") || detail == "the body is empty" => {
            ("json_invalid", "JSON decode error")
        }
        _ => ("value_error", detail),
    };
    bad(loc, kind, msg)
}

/// Our name of a value in the words of this wire, with the way to it.
fn place_of(field: &str) -> Vec<&str> {
    match field {
        // What keys of data products are given instead of an end.
        "validityDays" | "expires" => vec!["body", "validity_days"],
        "name" => vec!["path", "dataproduct_id"],
        "limit" | "cursor" => vec!["query", field],
        _ => vec!["body", field],
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::failure::Scheme;

    fn rendered(failure: &Failure, operation: &'static str) -> (u16, String, String) {
        let method = http::Method::POST;
        let rendering = Rendering { request_id: "r1", method: &method, operation: Some(operation) };
        let response = render(failure, &rendering);
        let challenge = response.headers().get("www-authenticate");
        let challenge = challenge.map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
        let status = response.status().as_u16();
        let Body::Whole(Some(bytes)) = response.into_body() else { unreachable!() };
        (status, challenge, String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[test]
    fn failures_are_those_of_the_framework() {
        let missing = Failure::BadJson {
            field: Some("description".to_owned()),
            detail: "the member is missing".to_owned(),
        };
        let absent = Failure::Unauthenticated { scheme: Scheme::Bearer, proof: Proof::Absent };
        let refused = Failure::Unauthenticated { scheme: Scheme::Bearer, proof: Proof::Refused };
        for (failure, status, challenge, body) in [
            (
                missing,
                422,
                "",
                r#"{"detail":[{"type":"missing","loc":["body","description"],"msg":"Field required","input":{}}]}"#,
            ),
            (absent, 401, "Bearer", r#"{"detail":"Not authenticated"}"#),
            (Failure::MalformedCredentials, 401, "Bearer", r#"{"detail":"Not authenticated"}"#),
            (refused, 401, "Bearer", r#"{"detail":"Could not validate credentials"}"#),
            (Error::NotFound.into(), 404, "", r#"{"detail":"No PSK found for the current user"}"#),
        ] {
            let wanted = (status, challenge.to_owned(), body.to_owned());
            assert_eq!(rendered(&failure, "create_personal_key"), wanted);
        }
    }
}
