//! Failures in the form of RFC 6749 section 5.2.
#![deny(clippy::wildcard_enum_match_arm)]

use crate::{
    answer::Body,
    error_style::{ErrorStyle, Rendering},
    failure::Failure,
    oauth::OAuthError,
};
use http::{Response, StatusCode};
use service::{Error, oauth2::ClientRefusal};

/// The style.
pub(super) const STYLE: ErrorStyle =
    ErrorStyle { name: "rfc 6749", render, schema: OAuthError::schema };

const CHALLENGE: &str = "Basic realm=\"keyward\", charset=\"UTF-8\"";

/// A client that did not prove who it is, or proved too little.
///
/// # Errors
/// The check itself failed.
pub(super) fn refused_client(refusal: ClientRefusal) -> Result<OAuthError, Failure> {
    match refusal {
        ClientRefusal::NoClient => Ok(invalid_client("client authentication is required")),
        ClientRefusal::UnknownClient | ClientRefusal::BadClient | ClientRefusal::PublicClient => {
            Ok(unproved())
        }
        ClientRefusal::Failed(error) => Err(error.into()),
    }
}

/// A client whose credentials are not its own, or are none.
pub(super) fn unproved() -> OAuthError {
    invalid_client("the client's credentials do not hold, or prove too little")
}

/// A parameter that has to be there.
pub(super) fn missing(what: &'static str) -> OAuthError {
    OAuthError::new(
        StatusCode::BAD_REQUEST,
        "invalid_request",
        format!("{what}: the parameter is missing"),
    )
}

fn invalid_client(description: &'static str) -> OAuthError {
    OAuthError::new(StatusCode::UNAUTHORIZED, "invalid_client", description).challenging(CHALLENGE)
}

fn render(failure: &Failure, _: &Rendering<'_>) -> Response<Body> {
    let error = match failure {
        Failure::Unauthenticated { .. }
        | Failure::MalformedCredentials
        | Failure::Service(Error::Unauthenticated) => {
            return invalid_client("client authentication is required").response();
        }
        // RFC 6749 section 5.2 knows 400 and 401 alone.
        Failure::UnsupportedMediaType { .. } => {
            let detail = failure.detail().into_owned();
            return OAuthError::new(StatusCode::BAD_REQUEST, "invalid_request", detail).response();
        }
        // A client's credentials, so a challenge for a client's.
        Failure::TwoCredentials => {
            let detail = failure.detail().into_owned();
            return OAuthError::new(StatusCode::BAD_REQUEST, "invalid_request", detail)
                .challenging(CHALLENGE)
                .response();
        }
        Failure::Service(Error::Internal(_)) | Failure::Panic => "server_error",
        Failure::Service(
            Error::Unavailable { .. } | Error::Limited { .. } | Error::TooManyNewKeys { .. },
        )
        | Failure::CallerLimited(_)
        | Failure::Timeout
        | Failure::Shed
        | Failure::Loading(_) => "temporarily_unavailable",
        Failure::Service(Error::NotAllowed { .. }) => "unauthorized_client",
        Failure::Service(
            Error::Invalid { .. }
            | Error::NotFound
            | Error::Conflict { .. }
            | Error::TooManyKeys { .. }
            | Error::PreconditionFailed,
        )
        | Failure::HeadersTooLarge
        | Failure::UriTooLong
        | Failure::BodyTooLarge { .. }
        | Failure::SlowBody
        | Failure::BadJson { .. }
        | Failure::BadForm { .. }
        | Failure::BadQuery { .. }
        | Failure::IdempotencyKeyReused
        | Failure::BadPath
        | Failure::NoRoute
        | Failure::MethodNotAllowed { .. }
        | Failure::UnknownHost
        // Said by the gateway and by /check alone.
        | Failure::InvalidKey { .. }
        | Failure::KeyForbidden(_)
        | Failure::KeyLimited(_)
        | Failure::PolicyLimited(_)
        | Failure::OriginNotAllowed
        | Failure::BadGateway
        | Failure::GatewayTimeout => "invalid_request",
    };
    OAuthError::of(failure, error).response()
}
