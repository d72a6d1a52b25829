//! Why there is no token, in the words of the wire.

use crate::{failure::Failure, oauth::OAuthError};
use domain::client::Grant;
use http::StatusCode;
use service::oauth2::{ClientRefusal, TokenRefusal};

const BASIC: &str = "Basic realm=\"oauth2/client\"";
const BEARER_EXPIRED: &str = "Bearer realm=\"oauth\", error=\"invalid_token\", \
     error_description=\"Invalid refresh token (expired)\"";
pub(super) const NO_CREDENTIALS: &str = "Full authentication is required to access this resource";
pub(super) const BAD_CLIENT: &str = "Bad client credentials";

/// A refusal's status, code and text.
///
/// # Errors
/// A refusal that is no refusal but a failure of the use case.
pub(super) fn refused(refusal: TokenRefusal) -> Result<OAuthError, Failure> {
    let bad = |error, description| OAuthError::new(StatusCode::BAD_REQUEST, error, description);
    Ok(match refusal {
        TokenRefusal::NoClient => invalid_client(NO_CREDENTIALS),
        TokenRefusal::UnknownClient | TokenRefusal::BadClient => invalid_client(BAD_CLIENT),
        TokenRefusal::Repeated => bad("invalid_request", "the parameter is repeated"),
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
        TokenRefusal::PublicClient | TokenRefusal::GrantNotAllowed(_) => {
            invalid_client("Unauthorized grant type")
        }
        TokenRefusal::MissingCredentials => bad("invalid_request", "Missing username or password"),
        TokenRefusal::BadUserCredentials => bad("invalid_grant", "Bad credentials"),
        TokenRefusal::MissingCode => {
            bad("invalid_request", "An authorization code must be supplied.")
        }
        TokenRefusal::BadCode => bad("invalid_grant", "Invalid authorization code"),
        TokenRefusal::RedirectMismatch => bad("invalid_grant", "Redirect URI mismatch."),
        TokenRefusal::CodeOfOtherClient => invalid_client("Client ID mismatch"),
        TokenRefusal::MissingVerifier => bad("invalid_grant", "A code verifier must be supplied."),
        TokenRefusal::BadVerifier => bad("invalid_grant", "Invalid code verifier"),
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
        ClientRefusal::UnknownClient | ClientRefusal::BadClient | ClientRefusal::PublicClient => {
            Ok(invalid_client(BAD_CLIENT))
        }
        ClientRefusal::Failed(error) => Err(error.into()),
    }
}

/// Every refusal of the token endpoint, for its description.
pub(super) fn examples() -> Vec<OAuthError> {
    let allowed = || "*".to_owned();
    [
        TokenRefusal::ClientMismatch,
        TokenRefusal::InvalidScope { allowed: allowed() },
        TokenRefusal::EmptyScope,
        TokenRefusal::MissingGrantType,
        TokenRefusal::Implicit,
        TokenRefusal::MissingRefreshToken,
        TokenRefusal::UnsupportedGrant,
        TokenRefusal::GrantNotAllowed(Grant::Password),
        TokenRefusal::MissingCredentials,
        TokenRefusal::BadUserCredentials,
        TokenRefusal::MissingCode,
        TokenRefusal::BadCode,
        TokenRefusal::RedirectMismatch,
        TokenRefusal::CodeOfOtherClient,
        TokenRefusal::MissingVerifier,
        TokenRefusal::BadVerifier,
        TokenRefusal::UnknownRefresh,
        TokenRefusal::RefreshOfOtherClient,
        TokenRefusal::RefreshExpired,
        TokenRefusal::WiderScope { allowed: allowed() },
    ]
    .into_iter()
    .filter_map(|refusal| refused(refusal).ok())
    .collect()
}

/// A client that did not prove who it is.
pub(super) fn invalid_client(description: &'static str) -> OAuthError {
    OAuthError::new(StatusCode::UNAUTHORIZED, "invalid_client", description).challenging(BASIC)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing)]
    use super::*;
    use http::header;

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
            (
                TokenRefusal::GrantNotAllowed(Grant::Password),
                "401 invalid_client Unauthorized grant type",
            ),
            (TokenRefusal::BadUserCredentials, "400 invalid_grant Bad credentials"),
            (
                TokenRefusal::MissingCode,
                "400 invalid_request An authorization code must be supplied.",
            ),
            (TokenRefusal::BadCode, "400 invalid_grant Invalid authorization code"),
            (TokenRefusal::RedirectMismatch, "400 invalid_grant Redirect URI mismatch."),
            (TokenRefusal::CodeOfOtherClient, "401 invalid_client Client ID mismatch"),
            (TokenRefusal::MissingVerifier, "400 invalid_grant A code verifier must be supplied."),
            (TokenRefusal::BadVerifier, "400 invalid_grant Invalid code verifier"),
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
            [TokenRefusal::NoClient, TokenRefusal::PublicClient, TokenRefusal::RefreshExpired]
        {
            let response = refused(refusal).unwrap().response();
            assert!(response.headers().contains_key(header::WWW_AUTHENTICATE));
            assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
        }
    }
}
