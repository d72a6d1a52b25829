//! Failures as the Genesys family says them:
//! `{"referenceId":…,"operationId":…,"status":{"code":…,"message":…,"detail":…}}`.
//!
//! Our choice: `referenceId` is the request's id, `operationId` the operation's name (`unmatched`
//! where the request got to none), `code` one of the strings that the family publishes.
#![deny(clippy::wildcard_enum_match_arm)]

use crate::{
    answer::{self, Body},
    document::Named,
    error_style::{ErrorStyle, Rendering},
    failure::Failure,
};
use http::Response;
use serde::Serialize;
use service::Error;
use utoipa::ToSchema;

/// The envelope of every failure under `/nexus/v3`.
pub(super) const STYLE: ErrorStyle =
    ErrorStyle { name: "genesys", render, schema: Named::of::<Envelope<'_>> };

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NexusFailure)]
struct Envelope<'a> {
    reference_id: &'a str,
    operation_id: &'a str,
    status: Status<'a>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = NexusFailureStatus)]
struct Status<'a> {
    code: &'static str,
    message: &'static str,
    detail: &'a str,
}

fn render(failure: &Failure, rendering: &Rendering<'_>) -> Response<Body> {
    let (code, message) = words(failure);
    let detail = failure.detail();
    // What a use case says of a value names it already.
    let unnamed = failure.field().filter(|_| !matches!(failure, Failure::Service(_)));
    let named = unnamed.map(|field| format!("`{field}`: {detail}"));
    let envelope = Envelope {
        reference_id: rendering.request_id,
        operation_id: rendering.operation.unwrap_or("unmatched"),
        status: Status { code, message, detail: named.as_deref().unwrap_or(&detail) },
    };
    answer::json(failure.status(), &envelope)
}

/// The family's code, and a message that is the same for every occurrence of a case.
const fn words(failure: &Failure) -> (&'static str, &'static str) {
    const PARAMETER: &str = "INVALID_PARAMETER";
    const FAILURE: &str = "FAILURE";
    const UNPROVEN: (&str, &str) = ("AUTHENTICATION_REQUIRED", "Authentication required");
    match failure {
        Failure::Service(error) => match error {
            Error::Invalid { .. } => (PARAMETER, "Invalid parameter"),
            Error::Unauthenticated => UNPROVEN,
            Error::NotAllowed { .. } => (FAILURE, "Not allowed"),
            Error::NotFound => (FAILURE, "Not found"),
            Error::Conflict { .. } => (FAILURE, "Conflict"),
            Error::TooManyKeys { .. } => (FAILURE, "Too many keys"),
            Error::PreconditionFailed => (FAILURE, "Precondition failed"),
            Error::Limited { .. } | Error::TooManyNewKeys { .. } => (FAILURE, "Too many requests"),
            Error::Unavailable { .. } => (FAILURE, "Temporarily unavailable"),
            Error::Internal(_) => (FAILURE, "Internal error"),
        },
        Failure::Unauthenticated { .. } => UNPROVEN,
        Failure::MalformedCredentials | Failure::TwoCredentials => {
            (PARAMETER, "Invalid credentials")
        }
        Failure::BadJson { .. } => (PARAMETER, "Invalid body"),
        Failure::BadForm { .. }
        | Failure::BadQuery { .. }
        | Failure::BadPath
        | Failure::IdempotencyKeyReused => (PARAMETER, "Invalid parameter"),
        Failure::UnsupportedMediaType { .. } => (PARAMETER, "Unsupported media type"),
        // Said by the gateway and by /check alone.
        Failure::InvalidKey { .. }
        | Failure::KeyForbidden(_)
        | Failure::KeyLimited(_)
        | Failure::PolicyLimited(_)
        | Failure::OriginNotAllowed
        | Failure::BadGateway
        | Failure::GatewayTimeout => (FAILURE, "Not allowed"),
        Failure::CallerLimited(_) => (FAILURE, "Too many requests"),
        Failure::HeadersTooLarge | Failure::UriTooLong | Failure::BodyTooLarge { .. } => {
            (FAILURE, "Request too large")
        }
        Failure::SlowBody => (FAILURE, "Request timeout"),
        Failure::NoRoute => (FAILURE, "Not found"),
        Failure::MethodNotAllowed { .. } => (FAILURE, "Method not allowed"),
        Failure::UnknownHost => (FAILURE, "Misdirected request"),
        Failure::Panic => (FAILURE, "Internal error"),
        Failure::Timeout | Failure::Shed | Failure::Loading(_) => {
            (FAILURE, "Temporarily unavailable")
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_envelope_has_its_members_in_order() {
        let method = http::Method::POST;
        let rendering =
            Rendering { request_id: "r1", method: &method, operation: Some("create_nexus_key") };
        let failure = Failure::Service(Error::invalid("name", "is missing"));
        let response = render(&failure, &rendering);
        assert_eq!(response.status(), 400);
        let Body::Whole(Some(bytes)) = response.into_body() else { unreachable!() };
        assert_eq!(
            std::str::from_utf8(&bytes).unwrap(),
            r#"{"referenceId":"r1","operationId":"create_nexus_key","status":{"code":"INVALID_PARAMETER","message":"Invalid parameter","detail":"`name`: is missing"}}"#
        );
    }
}
