//! How `/auth/v3` fails. The token endpoint speaks as the published service's framework does, the
//! resources behind a token in the same members but of RFC 6750, all else in the envelope; `/ping`
//! says 403 where others say 401.
#![deny(clippy::wildcard_enum_match_arm)]

use super::{
    envelope,
    refusal::{BAD_CLIENT, NO_CREDENTIALS, invalid_client},
};
use crate::{
    answer::Body,
    error_style::{ErrorStyle, Rendering},
    failure::{Failure, Proof},
    oauth::OAuthError,
};
use http::{HeaderValue, Response, StatusCode, header};
use service::Error;

/// The token endpoint and `check_token`.
pub(super) const TOKEN: ErrorStyle =
    ErrorStyle { name: "oauth", render: render_token, schema: OAuthError::schema };
/// What a token gives access to.
pub(super) const RESOURCE: ErrorStyle =
    ErrorStyle { name: "oauth resource", render: render_resource, schema: OAuthError::schema };
/// The envelope.
pub(super) const ENVELOPE: ErrorStyle =
    ErrorStyle { name: "envelope", render: render_envelope, schema: envelope::failure };
/// The envelope of `/ping`.
pub(super) const PING: ErrorStyle =
    ErrorStyle { name: "envelope of ping", render: render_ping, schema: envelope::failure };
/// The envelope of `/change-password`.
pub(super) const PASSWORD: ErrorStyle = ErrorStyle {
    name: "envelope of change-password",
    render: render_password,
    schema: envelope::failure,
};

const BASIC: &str = "Basic realm=\"oauth2/client\"";
const BEARER: &str = "Bearer realm=\"oauth\"";
const BEARER_INVALID: &str =
    "Bearer realm=\"oauth\", error=\"invalid_token\", error_description=\"Invalid access token\"";

fn render_token(failure: &Failure, rendering: &Rendering<'_>) -> Response<Body> {
    let error = match proof_of(failure) {
        Some(Proof::Absent) => invalid_client(NO_CREDENTIALS),
        Some(Proof::Refused) => invalid_client(BAD_CLIENT),
        None if matches!(failure, Failure::MalformedCredentials) => invalid_client(BAD_CLIENT),
        // A client's credentials, so a challenge for a client's.
        None if matches!(failure, Failure::TwoCredentials) => {
            common(failure, rendering).challenging(BASIC)
        }
        None => common(failure, rendering),
    };
    error.response()
}

fn render_resource(failure: &Failure, rendering: &Rendering<'_>) -> Response<Body> {
    let unauthorized = StatusCode::UNAUTHORIZED;
    let error = match proof_of(failure) {
        // A bare challenge: RFC 6750 section 3.1 wants no error code where nothing was presented.
        Some(Proof::Absent) => {
            OAuthError::new(unauthorized, "unauthorized", NO_CREDENTIALS).challenging(BEARER)
        }
        Some(Proof::Refused) => {
            OAuthError::new(unauthorized, "invalid_token", "Invalid access token")
                .challenging(BEARER_INVALID)
        }
        None => common(failure, rendering),
    };
    error.response()
}

/// What there was of a proof, where a failure is about that.
fn proof_of(failure: &Failure) -> Option<Proof> {
    if let Failure::Unauthenticated { proof, .. } = failure {
        return Some(*proof);
    }
    matches!(failure, Failure::Service(Error::Unauthenticated)).then_some(Proof::Refused)
}

/// What the token endpoint and the resources say alike.
fn common(failure: &Failure, rendering: &Rendering<'_>) -> OAuthError {
    let (error, description) = match failure {
        Failure::MethodNotAllowed { .. } => {
            ("method_not_allowed", format!("Request method '{}' not supported", rendering.method))
        }
        Failure::Service(Error::NotAllowed { .. }) => {
            ("insufficient_scope", "Access is denied".to_owned())
        }
        Failure::Service(Error::Internal(_)) | Failure::Panic => {
            ("server_error", "Internal Server Error".to_owned())
        }
        Failure::Service(
            Error::Unavailable { .. } | Error::Limited { .. } | Error::TooManyNewKeys { .. },
        )
        | Failure::CallerLimited(_)
        | Failure::Timeout
        | Failure::Shed
        | Failure::Loading(_) => ("temporarily_unavailable", failure.detail().into_owned()),
        Failure::Service(
            Error::Invalid { .. }
            | Error::NotFound
            | Error::Conflict { .. }
            | Error::TooManyKeys { .. }
            | Error::PreconditionFailed
            | Error::Unauthenticated,
        )
        | Failure::Unauthenticated { .. }
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
        | Failure::UnknownHost
        // Said by the gateway and by /check alone.
        | Failure::InvalidKey { .. }
        | Failure::KeyForbidden(_)
        | Failure::KeyLimited(_)
        | Failure::PolicyLimited(_)
        | Failure::OriginNotAllowed
        | Failure::BadGateway
        | Failure::GatewayTimeout => ("invalid_request", described(failure)),
        // RFC 6749 section 5.2 knows 400 and 401 alone.
        Failure::UnsupportedMediaType { .. } => {
            return OAuthError::new(StatusCode::BAD_REQUEST, "invalid_request", described(failure));
        }
    };
    OAuthError::new(failure.status(), error, description)
}

/// The detail, led by the parameter or member that it is about.
fn described(failure: &Failure) -> String {
    match failure.field() {
        Some(field) => format!("{}: {}", wire_name(field), detail_of(failure)),
        None => detail_of(failure),
    }
}

fn detail_of(failure: &Failure) -> String {
    if let Failure::Service(Error::Invalid { detail, .. }) = failure {
        return detail.clone();
    }
    failure.detail().into_owned()
}

fn render_envelope(failure: &Failure, _: &Rendering<'_>) -> Response<Body> {
    let message = match failure {
        Failure::Service(Error::Invalid { .. })
        | Failure::MalformedCredentials
        | Failure::TwoCredentials
        | Failure::BadJson { .. }
        | Failure::BadForm { .. }
        | Failure::BadQuery { .. }
        | Failure::IdempotencyKeyReused
        | Failure::BadPath => "Bad request",
        Failure::Service(Error::Unauthenticated) | Failure::Unauthenticated { .. } => {
            "Unauthorized"
        }
        Failure::Service(Error::NotAllowed { .. }) => "Forbidden",
        Failure::Service(Error::NotFound) | Failure::NoRoute => "Not found",
        Failure::Service(Error::Conflict { .. } | Error::TooManyKeys { .. }) => "Conflict",
        Failure::Service(Error::PreconditionFailed) => "Precondition failed",
        Failure::Service(Error::Limited { .. } | Error::TooManyNewKeys { .. })
        | Failure::CallerLimited(_) => "Too many requests",
        Failure::Service(Error::Unavailable { .. })
        | Failure::Timeout
        | Failure::Shed
        | Failure::Loading(_) => "Service unavailable",
        Failure::Service(Error::Internal(_)) | Failure::Panic => "Internal error",
        // Said by the gateway and by /check alone.
        Failure::InvalidKey { .. }
        | Failure::KeyForbidden(_)
        | Failure::KeyLimited(_)
        | Failure::PolicyLimited(_)
        | Failure::OriginNotAllowed
        | Failure::BadGateway
        | Failure::GatewayTimeout => "Not allowed",
        Failure::HeadersTooLarge => "Headers too large",
        Failure::UriTooLong => "Address too long",
        Failure::BodyTooLarge { .. } => "Body too large",
        Failure::SlowBody => "Body not received",
        Failure::UnsupportedMediaType { .. } => "Unsupported media type",
        Failure::MethodNotAllowed { .. } => "Method not allowed",
        Failure::UnknownHost => "Misdirected request",
    };
    let detail = described(failure);
    let mut response = envelope::failed(failure.status(), message, Some(&detail));
    // The realm of this wire, where a challenge is due at all.
    if let Some(challenge) = failure.challenge("oauth") {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// Our names of a client's members in the words of this wire.
fn wire_name(field: &str) -> &str {
    match field {
        "clientId" => "client_id",
        "secret" => "client_secret",
        "public" => "clientType",
        "grants" => "authorizedGrantTypes",
        "scopes" => "scope",
        "redirectUris" => "redirectURIs",
        "contactCenters" => "contactCenterIds",
        "accessTtlSeconds" => "accessTokenExpirationTimeout",
        "refreshTtlSeconds" => "refreshTokenExpirationTimeout",
        other => other,
    }
}

/// Documented: 403 when not authenticated.
fn render_ping(failure: &Failure, rendering: &Rendering<'_>) -> Response<Body> {
    if proof_of(failure).is_none() {
        return render_envelope(failure, rendering);
    }
    let mut response =
        envelope::failed(StatusCode::FORBIDDEN, "Forbidden", Some(&failure.detail()));
    if let Some(challenge) = failure.challenge("oauth") {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// Documented: 403 for everything that lies in the name or the old password.
fn render_password(failure: &Failure, rendering: &Rendering<'_>) -> Response<Body> {
    if !matches!(failure, Failure::Service(Error::NotAllowed { .. })) {
        return render_envelope(failure, rendering);
    }
    let mut response = envelope::failed(StatusCode::FORBIDDEN, "Unable to update password", None);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(BEARER));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_method_is_named_where_it_is_not_taken() {
        let method = http::Method::GET;
        let rendering = Rendering { request_id: "", method: &method, operation: None };
        let failure = Failure::MethodNotAllowed { allow: "POST".to_owned() };
        let error = common(&failure, &rendering);
        assert_eq!(error.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(
            (error.error, &*error.description),
            ("method_not_allowed", "Request method 'GET' not supported")
        );
    }
}
