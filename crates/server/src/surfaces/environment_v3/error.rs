//! Failures in the envelope: `{"status":{"code":…,"message":…}}`.
//!
//! No numbers are published for this wire; ours are those of the family's older services. Scripts look at
//! whether `code` is 0.
#![deny(clippy::wildcard_enum_match_arm)]

use super::envelope;
use crate::{
    answer::Body,
    error_style::{ErrorStyle, Rendering},
    failure::Failure,
};
use http::{Response, header};
use service::Error;

/// The envelope of every failure under `/environment/v3`.
pub(super) const STYLE: ErrorStyle =
    ErrorStyle { name: "environment", render, schema: envelope::failure };

/// What is said of a member that is needed and not there.
pub(super) const MISSING: &str = "the member is missing";

/// Something that is needed is not there.
const PARAMETER_MISSING: u16 = 1;
/// A value, or the state that things are in, stands against it.
const PARAMETER_INVALID: u16 = 2;
/// The caller may not do this.
const FORBIDDEN: u16 = 3;
/// Not the caller's fault.
const INTERNAL: u16 = 4;
/// The caller did not prove who it is.
const UNPROVEN: u16 = 5;
/// Not there, or not for this caller.
const NOT_FOUND: u16 = 6;

/// One message wherever, by whatever and whenever the key was taken (CW-06).
const TAKEN: &str =
    "this API key already exists or is assigned to a contact center: choose another one";

fn render(failure: &Failure, _: &Rendering<'_>) -> Response<Body> {
    let mut response = envelope::failed(failure.status(), code(failure), &message(failure));
    if let Some(challenge) = failure.challenge("environment") {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

fn code(failure: &Failure) -> u16 {
    match failure {
        Failure::Service(error) => match error {
            Error::Invalid { .. }
            | Error::Conflict { .. }
            | Error::TooManyKeys { .. }
            | Error::PreconditionFailed
            | Error::Limited { .. }
            | Error::TooManyNewKeys { .. } => PARAMETER_INVALID,
            Error::Unauthenticated => UNPROVEN,
            Error::NotAllowed { .. } => FORBIDDEN,
            Error::NotFound => NOT_FOUND,
            Error::Unavailable { .. } | Error::Internal(_) => INTERNAL,
        },
        Failure::Unauthenticated { .. } => UNPROVEN,
        Failure::BadJson { detail, .. } if detail == MISSING => PARAMETER_MISSING,
        Failure::MalformedCredentials
        | Failure::TwoCredentials
        | Failure::BadJson { .. }
        | Failure::BadForm { .. }
        | Failure::BadQuery { .. }
        | Failure::BadPath
        | Failure::IdempotencyKeyReused
        | Failure::UnsupportedMediaType { .. }
        | Failure::CallerLimited(_)
        | Failure::HeadersTooLarge
        | Failure::UriTooLong
        | Failure::BodyTooLarge { .. }
        | Failure::SlowBody
        | Failure::MethodNotAllowed { .. }
        | Failure::UnknownHost
        // Said by the gateway and by /check alone.
        | Failure::InvalidKey { .. }
        | Failure::KeyForbidden(_)
        | Failure::KeyLimited(_)
        | Failure::PolicyLimited(_)
        | Failure::OriginNotAllowed
        | Failure::BadGateway
        | Failure::GatewayTimeout => PARAMETER_INVALID,
        Failure::NoRoute => NOT_FOUND,
        Failure::Panic | Failure::Timeout | Failure::Shed | Failure::Loading(_) => INTERNAL,
    }
}

/// What is wrong, led by the member that is to blame.
fn message(failure: &Failure) -> String {
    if let Failure::Service(Error::Conflict { what: "secret", .. }) = failure {
        return TAKEN.to_owned();
    }
    if let Failure::Service(Error::Invalid { field, detail }) = failure {
        return format!("`{}`: {detail}", wire_name(field));
    }
    match failure.field() {
        Some(field) => format!("`{field}`: {}", failure.detail()),
        None => failure.detail().into_owned(),
    }
}

/// Our name of a value in the words of this wire, with the way to it.
fn wire_name(field: &str) -> String {
    match field {
        // Parameters of a query.
        "limit" | "cursor" => field.to_owned(),
        "secret" => "data.apiKey".to_owned(),
        "environment" => "data.environmentId".to_owned(),
        "tenant" => "data.contactCenterId".to_owned(),
        other => format!("data.{other}"),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn rendered(failure: &Failure) -> (u16, String) {
        let method = http::Method::POST;
        let rendering = Rendering { request_id: "r1", method: &method, operation: None };
        let response = render(failure, &rendering);
        let status = response.status().as_u16();
        let Body::Whole(Some(bytes)) = response.into_body() else { unreachable!() };
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[test]
    fn a_failure_is_a_number_and_words() {
        let missing =
            Failure::BadJson { field: Some("data".to_owned()), detail: MISSING.to_owned() };
        assert_eq!(
            rendered(&missing),
            (400, r#"{"status":{"code":1,"message":"`data`: the member is missing"}}"#.to_owned())
        );
        let invalid = Error::invalid("secret", "begins like a secret that the server makes");
        assert_eq!(
            rendered(&invalid.into()),
            (
                400,
                r#"{"status":{"code":2,"message":"`data.apiKey`: begins like a secret that the server makes"}}"#
                    .to_owned()
            )
        );
        assert_eq!(
            rendered(&Error::NotFound.into()),
            (404, r#"{"status":{"code":6,"message":"not found"}}"#.to_owned())
        );
    }
}
