//! Failures as RFC 9457 problems. Also the style of whatever belongs to no other surface.
#![deny(clippy::wildcard_enum_match_arm)]

use crate::{
    answer::{self, Body},
    document::Named,
    failure::{ErrorStyle, Failure, Rendering},
};
use bytes::Bytes;
use domain::right::Right;
use http::Response;
use serde::Serialize;
use service::Error;
use utoipa::ToSchema;

/// `application/problem+json`.
pub(crate) const STYLE: ErrorStyle =
    ErrorStyle { name: "problem", render, schema: Named::of::<Problem<'_>> };

const MEDIA_TYPE: &str = "application/problem+json";
/// Types are names, not addresses: nothing has to be served there.
const TYPE_PREFIX: &str = "urn:keyward:error:";
/// The one type that the rate-limit draft registers (RL-03).
const QUOTA_EXCEEDED: &str = "https://iana.org/assignments/http-problem-types#quota-exceeded";

/// RFC 9457 section 3, with our extensions.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Problem<'a> {
    r#type: String,
    title: &'a str,
    status: u16,
    detail: &'a str,
    instance: String,
    code: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    right: Option<&'static str>,
    #[serde(rename = "violated-policies", skip_serializing_if = "<[_]>::is_empty")]
    violated_policies: &'a [&'static str],
}

fn render(failure: &Failure, rendering: &Rendering<'_>) -> Response<Body> {
    let status = failure.status();
    let code = failure.code();
    let policies = violated(failure);
    let problem = Problem {
        r#type: if policies.is_empty() {
            format!("{TYPE_PREFIX}{code}")
        } else {
            QUOTA_EXCEEDED.to_owned()
        },
        title: title(failure),
        status: status.as_u16(),
        detail: &failure.detail(),
        instance: format!("urn:keyward:request:{}", rendering.request_id),
        code,
        request_id: rendering.request_id,
        field: failure.field(),
        right: failure.missing_right().map(Right::as_str),
        violated_policies: policies,
    };
    let bytes = serde_json::to_vec(&problem).unwrap_or_default();
    answer::with_type(status, MEDIA_TYPE, Bytes::from(bytes))
}

/// The limits that it is over; those of a key and a policy as the rate-limit header fields name them.
const fn violated(failure: &Failure) -> &'static [&'static str] {
    if matches!(failure, Failure::CallerLimited(_)) {
        &["caller"]
    } else if matches!(failure, Failure::KeyLimited(_)) {
        &["key"]
    } else if matches!(failure, Failure::PolicyLimited(_)) {
        &["policy"]
    } else if matches!(failure, Failure::Service(Error::Limited { .. })) {
        &["source"]
    } else if matches!(failure, Failure::Service(Error::TooManyNewKeys { .. })) {
        &["keyPolicy"]
    } else {
        &[]
    }
}

/// The same for every occurrence of a type.
fn title(failure: &Failure) -> &'static str {
    match failure {
        Failure::Service(error) => match error {
            Error::Invalid { .. } => "A value cannot be used",
            Error::Unauthenticated => "Authentication is required",
            Error::NotAllowed { .. } => "The caller lacks a right",
            Error::NotFound => "Not found",
            Error::Conflict { .. } => "The state stands against it",
            Error::TooManyKeys { .. } => "As many keys as there may be",
            Error::PreconditionFailed => "Changed since it was read",
            Error::Limited { .. } | Error::TooManyNewKeys { .. } => "Too many requests",
            Error::Unavailable { .. } => "Temporarily unavailable",
            Error::Internal(_) => "Internal error",
        },
        Failure::Unauthenticated { .. } => "Authentication is required",
        Failure::MalformedCredentials => "The credentials cannot be read",
        Failure::TwoCredentials => "More than one credential",
        Failure::CallerLimited(_) | Failure::KeyLimited(_) | Failure::PolicyLimited(_) => {
            "Too many requests"
        }
        Failure::InvalidKey { .. } => "The API key is not valid",
        Failure::KeyForbidden(_) => "The API key is not for this call",
        Failure::OriginNotAllowed => "The origin may not call",
        Failure::BadGateway => "The upstream failed",
        Failure::GatewayTimeout => "The upstream is too slow",
        Failure::HeadersTooLarge => "The header fields are too large",
        Failure::UriTooLong => "The address is too long",
        Failure::BodyTooLarge { .. } => "The body is too large",
        Failure::SlowBody => "The body did not arrive in time",
        Failure::BadJson { .. } => "The body cannot be used",
        Failure::BadForm { .. } => "The form cannot be used",
        Failure::BadQuery { .. } => "The query cannot be used",
        Failure::IdempotencyKeyReused => "The Idempotency-Key is used up",
        Failure::BadPath => "The path cannot be read",
        Failure::UnsupportedMediaType { .. } => "The body is of another kind",
        Failure::NoRoute => "Not found",
        Failure::MethodNotAllowed { .. } => "The method is not allowed here",
        Failure::UnknownHost => "Not our host",
        Failure::Panic => "Internal error",
        Failure::Timeout | Failure::Loading(_) => "Temporarily unavailable",
        Failure::Shed => "Too much is going on",
    }
}
