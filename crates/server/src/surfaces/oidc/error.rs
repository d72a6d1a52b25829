//! Failures in the form of RFC 6749 section 5.2, where Keycloak's words are not recorded.
#![deny(clippy::wildcard_enum_match_arm)]

use super::headers;
use crate::{
    answer::{self, Body, SilentOnKeeping},
    document::Named,
    error_style::{ErrorStyle, Rendering},
    failure::Failure,
    oauth::OAuthError,
};
use http::{Response, StatusCode};
use serde::Serialize;
use service::Error;
use utoipa::ToSchema;

/// The style.
pub(super) const STYLE: ErrorStyle = ErrorStyle { name: "realm", render, schema };

/// RFC 6749 section 5.2; of a realm that is not there the word alone.
#[derive(Serialize, ToSchema)]
#[schema(as = RealmError)]
struct Wire<'a> {
    error: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    error_description: Option<&'a str>,
}

fn schema() -> Named {
    Named::of::<Wire<'_>>()
}

/// The recorded answer of a realm that is not there. It says nothing of whether it may be kept.
pub(super) fn no_realm() -> Response<Body> {
    let wire = Wire { error: "Realm does not exist", error_description: None };
    let mut response = answer::json(StatusCode::NOT_FOUND, &wire);
    response.extensions_mut().insert(SilentOnKeeping);
    response
}

fn render(failure: &Failure, _: &Rendering<'_>) -> Response<Body> {
    let mut response = match matches!(failure, Failure::Service(Error::NotFound)) {
        true => no_realm(),
        false => of(failure).response(),
    };
    headers::plainly_dressed(&mut response);
    response
}

fn of(failure: &Failure) -> OAuthError {
    let error = match failure {
        Failure::Service(Error::Internal(_)) | Failure::Panic => "server_error",
        Failure::Service(
            Error::Unavailable { .. } | Error::Limited { .. } | Error::TooManyNewKeys { .. },
        )
        | Failure::CallerLimited(_)
        | Failure::Timeout
        | Failure::Shed
        | Failure::Loading(_) => "temporarily_unavailable",
        Failure::Service(Error::Unauthenticated) | Failure::Unauthenticated { .. } => {
            "invalid_token"
        }
        Failure::Service(Error::NotAllowed { .. }) => "insufficient_scope",
        // RFC 6749 section 5.2 knows 400 and 401 alone.
        Failure::UnsupportedMediaType { .. } => {
            let detail = failure.detail().into_owned();
            return OAuthError::new(StatusCode::BAD_REQUEST, "invalid_request", detail);
        }
        Failure::Service(
            Error::Invalid { .. }
            | Error::NotFound
            | Error::Conflict { .. }
            | Error::TooManyKeys { .. }
            | Error::PreconditionFailed,
        )
        | Failure::MalformedCredentials
        | Failure::TwoCredentials
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
    OAuthError::of(failure, error)
}
