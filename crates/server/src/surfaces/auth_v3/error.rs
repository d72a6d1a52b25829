//! How `/auth/v3` fails. The token endpoint speaks as the published service's framework does, the
//! resources behind a token in the same members but of RFC 6750, all else in the envelope; `/ping`
//! says 403 where others say 401.
#![deny(clippy::wildcard_enum_match_arm)]

use super::envelope;
use crate::{
    answer::Body,
    error_style::{ErrorStyle, Rendering},
    failure::{Failure, Proof},
    oauth::OAuthError,
};
use http::{HeaderValue, Response, StatusCode, header};
use service::{
    Error,
    oauth2::{ClientRefusal, TokenRefusal},
};

/// The token endpoint and `check_token`.
pub(super) const TOKEN: ErrorStyle = ErrorStyle { name: "oauth", render: render_token };
/// What a token gives access to.
pub(super) const RESOURCE: ErrorStyle =
    ErrorStyle { name: "oauth resource", render: render_resource };
/// The envelope.
pub(super) const ENVELOPE: ErrorStyle = ErrorStyle { name: "envelope", render: render_envelope };
/// The envelope of `/ping`.
pub(super) const PING: ErrorStyle = ErrorStyle { name: "envelope of ping", render: render_ping };
/// The envelope of `/change-password`.
pub(super) const PASSWORD: ErrorStyle =
    ErrorStyle { name: "envelope of change-password", render: render_password };

const BASIC: &str = "Basic realm=\"oauth2/client\"";
const BEARER: &str = "Bearer realm=\"oauth\"";
const BEARER_INVALID: &str =
    "Bearer realm=\"oauth\", error=\"invalid_token\", error_description=\"Invalid access token\"";
const BEARER_EXPIRED: &str = "Bearer realm=\"oauth\", error=\"invalid_token\", \
     error_description=\"Invalid refresh token (expired)\"";
const NO_CREDENTIALS: &str = "Full authentication is required to access this resource";
const BAD_CLIENT: &str = "Bad client credentials";

/// Why there is no token, in the words of the wire.
///
/// # Errors
/// A refusal that is no refusal but a failure of the use case.
pub(super) fn refused(refusal: TokenRefusal) -> Result<OAuthError, Failure> {
    let bad = |error, description| OAuthError::new(StatusCode::BAD_REQUEST, error, description);
    Ok(match refusal {
        TokenRefusal::NoClient => invalid_client(NO_CREDENTIALS),
        TokenRefusal::BadClient => invalid_client(BAD_CLIENT),
        TokenRefusal::ClientMismatch => {
            invalid_client("Given client ID does not match authenticated client")
        }
        TokenRefusal::InvalidScope { allowed } => {
            bad("invalid_scope", "Invalid scope").with_scope(allowed)
        }
        TokenRefusal::EmptyScope => bad(
            "invalid_scope",
            "Empty scope (either the client or the user is not allowed the requested scopes)",
        ),
        TokenRefusal::MissingGrantType => bad("invalid_request", "Missing grant type"),
        TokenRefusal::Implicit => {
            bad("invalid_grant", "Implicit grant type not supported from token endpoint")
        }
        TokenRefusal::MissingRefreshToken => {
            bad("invalid_request", "refresh_token parameter not provided")
        }
        TokenRefusal::UnsupportedGrant => bad("unsupported_grant_type", "Unsupported grant type"),
        TokenRefusal::GrantNotAllowed => invalid_client("Unauthorized grant type"),
        TokenRefusal::MissingCredentials => bad("invalid_request", "Missing username or password"),
        TokenRefusal::BadUserCredentials => bad("invalid_grant", "Bad credentials"),
        TokenRefusal::MissingCode => {
            bad("invalid_request", "An authorization code must be supplied.")
        }
        TokenRefusal::BadCode => bad("invalid_grant", "Invalid authorization code"),
        TokenRefusal::UnknownRefresh => bad("invalid_grant", "Invalid refresh token"),
        TokenRefusal::RefreshOfOtherClient => {
            bad("invalid_grant", "Wrong client for this refresh token")
        }
        TokenRefusal::RefreshExpired => OAuthError::new(
            StatusCode::UNAUTHORIZED,
            "invalid_token",
            "Invalid refresh token (expired)",
        )
        .challenging(BEARER_EXPIRED),
        TokenRefusal::WiderScope { allowed } => {
            bad("invalid_scope", "Unable to narrow the scope of the client authentication")
                .with_scope(allowed)
        }
        TokenRefusal::Failed(error) => return Err(error.into()),
    })
}

/// Why a client is not who it says.
///
/// # Errors
/// The check itself failed.
pub(super) fn refused_client(refusal: ClientRefusal) -> Result<OAuthError, Failure> {
    match refusal {
        ClientRefusal::NoClient => Ok(invalid_client(NO_CREDENTIALS)),
        ClientRefusal::BadClient => Ok(invalid_client(BAD_CLIENT)),
        ClientRefusal::Failed(error) => Err(error.into()),
    }
}

fn invalid_client(description: &'static str) -> OAuthError {
    OAuthError::new(StatusCode::UNAUTHORIZED, "invalid_client", description).challenging(BASIC)
}

fn render_token(failure: &Failure, rendering: &Rendering<'_>) -> Response<Body> {
    let error = match failure {
        Failure::Unauthenticated { proof: Proof::Absent, .. } => invalid_client(NO_CREDENTIALS),
        Failure::Unauthenticated { proof: Proof::Refused, .. }
        | Failure::MalformedCredentials
        | Failure::Service(Error::Unauthenticated) => invalid_client(BAD_CLIENT),
        // A client's credentials, so a challenge for a client's.
        Failure::TwoCredentials => common(failure, rendering).challenging(BASIC),
        other => common(other, rendering),
    };
    error.response()
}

fn render_resource(failure: &Failure, rendering: &Rendering<'_>) -> Response<Body> {
    let unauthorized = StatusCode::UNAUTHORIZED;
    let error = match failure {
        // A bare challenge: RFC 6750 section 3.1 wants no error code where nothing was presented.
        Failure::Unauthenticated { proof: Proof::Absent, .. } => {
            OAuthError::new(unauthorized, "unauthorized", NO_CREDENTIALS).challenging(BEARER)
        }
        Failure::Unauthenticated { proof: Proof::Refused, .. }
        | Failure::Service(Error::Unauthenticated) => {
            OAuthError::new(unauthorized, "invalid_token", "Invalid access token")
                .challenging(BEARER_INVALID)
        }
        other => common(other, rendering),
    };
    error.response()
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
        Failure::Service(Error::Unavailable { .. } | Error::Limited { .. })
        | Failure::CallerLimited(_)
        | Failure::Timeout
        | Failure::Shed
        | Failure::Loading(_) => ("temporarily_unavailable", failure.detail().into_owned()),
        Failure::Service(
            Error::Invalid { .. }
            | Error::NotFound
            | Error::Conflict { .. }
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
        | Failure::BadPath
        | Failure::NoRoute
        | Failure::UnknownHost => ("invalid_request", described(failure)),
        // RFC 6749 section 5.2 knows 400 and 401 alone.
        Failure::UnsupportedMediaType { .. } => {
            return OAuthError::new(StatusCode::BAD_REQUEST, "invalid_request", described(failure));
        }
    };
    OAuthError::new(failure.status(), error, description)
}

/// The detail, led by the parameter that it is about.
fn described(failure: &Failure) -> String {
    match failure {
        Failure::BadForm { field: Some(field), detail }
        | Failure::BadQuery { field: Some(field), detail } => {
            format!("{field}: {detail}")
        }
        other => other.detail().into_owned(),
    }
}

fn render_envelope(failure: &Failure, _: &Rendering<'_>) -> Response<Body> {
    let message = match failure {
        Failure::Service(Error::Invalid { .. })
        | Failure::MalformedCredentials
        | Failure::TwoCredentials
        | Failure::BadJson { .. }
        | Failure::BadForm { .. }
        | Failure::BadQuery { .. }
        | Failure::BadPath => "Bad request",
        Failure::Service(Error::Unauthenticated) | Failure::Unauthenticated { .. } => {
            "Unauthorized"
        }
        Failure::Service(Error::NotAllowed { .. }) => "Forbidden",
        Failure::Service(Error::NotFound) | Failure::NoRoute => "Not found",
        Failure::Service(Error::Conflict { .. }) => "Conflict",
        Failure::Service(Error::PreconditionFailed) => "Precondition failed",
        Failure::Service(Error::Limited { .. }) | Failure::CallerLimited(_) => "Too many requests",
        Failure::Service(Error::Unavailable { .. })
        | Failure::Timeout
        | Failure::Shed
        | Failure::Loading(_) => "Service unavailable",
        Failure::Service(Error::Internal(_)) | Failure::Panic => "Internal error",
        Failure::HeadersTooLarge => "Headers too large",
        Failure::UriTooLong => "Address too long",
        Failure::BodyTooLarge { .. } => "Body too large",
        Failure::SlowBody => "Body not received",
        Failure::UnsupportedMediaType { .. } => "Unsupported media type",
        Failure::MethodNotAllowed { .. } => "Method not allowed",
        Failure::UnknownHost => "Misdirected request",
    };
    let detail = match failure {
        Failure::Service(Error::Invalid { field, detail }) => {
            format!("{}: {detail}", wire_name(field))
        }
        Failure::BadJson { field: Some(field), detail }
        | Failure::BadQuery { field: Some(field), detail } => {
            format!("{field}: {detail}")
        }
        other => other.detail().into_owned(),
    };
    let mut response = envelope::failed(failure.status(), message, Some(&detail));
    // The realm of this wire, where a challenge is due at all.
    if let Some(challenge) =
        failure.challenge("oauth").filter(|_| response.status() == StatusCode::UNAUTHORIZED)
    {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// Our names of a client's members in the words of this wire.
fn wire_name(field: &str) -> &str {
    match field {
        "clientId" => "client_id",
        "clientSecret" => "client_secret",
        "grants" => "authorizedGrantTypes",
        "scopes" => "scope",
        "redirectUris" => "redirectURIs",
        "contactCenters" => "contactCenterIds",
        "accessTtl" => "accessTokenExpirationTimeout",
        "refreshTtl" => "refreshTokenExpirationTimeout",
        other => other,
    }
}

/// Documented: 403 when not authenticated.
fn render_ping(failure: &Failure, rendering: &Rendering<'_>) -> Response<Body> {
    match failure {
        Failure::Unauthenticated { .. } | Failure::Service(Error::Unauthenticated) => {
            let mut response =
                envelope::failed(StatusCode::FORBIDDEN, "Forbidden", Some(&failure.detail()));
            if let Some(challenge) = failure.challenge("oauth") {
                response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            }
            response
        }
        other => render_envelope(other, rendering),
    }
}

/// Documented: 403 for everything that lies in the name or the old password.
fn render_password(failure: &Failure, rendering: &Rendering<'_>) -> Response<Body> {
    match failure {
        Failure::Service(Error::NotAllowed { .. }) => {
            let mut response =
                envelope::failed(StatusCode::FORBIDDEN, "Unable to update password", None);
            let challenge = HeaderValue::from_static(BEARER);
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            response
        }
        other => render_envelope(other, rendering),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;

    fn line(refusal: TokenRefusal) -> String {
        let error = refused(refusal).unwrap();
        format!("{} {} {}", error.status.as_u16(), error.error, error.description)
    }

    #[test]
    fn the_error_table_of_the_token_endpoint() {
        let allowed = || "*".to_owned();
        let table = [
            (
                TokenRefusal::NoClient,
                "401 invalid_client Full authentication is required to access this resource",
            ),
            (TokenRefusal::BadClient, "401 invalid_client Bad client credentials"),
            (
                TokenRefusal::ClientMismatch,
                "401 invalid_client Given client ID does not match authenticated client",
            ),
            (TokenRefusal::InvalidScope { allowed: allowed() }, "400 invalid_scope Invalid scope"),
            (
                TokenRefusal::EmptyScope,
                "400 invalid_scope Empty scope (either the client or the user is not allowed the requested scopes)",
            ),
            (TokenRefusal::MissingGrantType, "400 invalid_request Missing grant type"),
            (
                TokenRefusal::Implicit,
                "400 invalid_grant Implicit grant type not supported from token endpoint",
            ),
            (
                TokenRefusal::MissingRefreshToken,
                "400 invalid_request refresh_token parameter not provided",
            ),
            (TokenRefusal::UnsupportedGrant, "400 unsupported_grant_type Unsupported grant type"),
            (TokenRefusal::GrantNotAllowed, "401 invalid_client Unauthorized grant type"),
            (TokenRefusal::BadUserCredentials, "400 invalid_grant Bad credentials"),
            (
                TokenRefusal::MissingCode,
                "400 invalid_request An authorization code must be supplied.",
            ),
            (TokenRefusal::BadCode, "400 invalid_grant Invalid authorization code"),
            (TokenRefusal::UnknownRefresh, "400 invalid_grant Invalid refresh token"),
            (
                TokenRefusal::RefreshOfOtherClient,
                "400 invalid_grant Wrong client for this refresh token",
            ),
            (TokenRefusal::RefreshExpired, "401 invalid_token Invalid refresh token (expired)"),
            (
                TokenRefusal::WiderScope { allowed: allowed() },
                "400 invalid_scope Unable to narrow the scope of the client authentication",
            ),
        ];
        for (refusal, expected) in table {
            assert_eq!(line(refusal), expected);
        }
    }

    #[test]
    fn oa_03_every_401_challenges() {
        for refusal in
            [TokenRefusal::NoClient, TokenRefusal::GrantNotAllowed, TokenRefusal::RefreshExpired]
        {
            let response = refused(refusal).unwrap().response();
            assert!(response.headers().contains_key(header::WWW_AUTHENTICATE));
            assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        }
    }

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
