//! Why there is no token, in Keycloak's words: programs compare them.

use crate::{failure::Failure, oauth::OAuthError};
use domain::client::Grant;
use http::StatusCode;
use service::oauth2::{ClientRefusal, Realm, TokenRefusal};

const BAD_CLIENT: &str = "Invalid client or Invalid client credentials";

/// A refusal's status, code and text. `scope` is the text of the parameter.
///
/// # Errors
/// A refusal that is no refusal but a failure of the use case.
pub(super) fn refused(refusal: TokenRefusal, scope: &str) -> Result<OAuthError, Failure> {
    let bad = |error, text: &'static str| OAuthError::new(StatusCode::BAD_REQUEST, error, text);
    let unauthorized =
        |error, text: &'static str| OAuthError::new(StatusCode::UNAUTHORIZED, error, text);
    Ok(match refusal {
        TokenRefusal::MissingGrantType => {
            bad("invalid_request", "Missing form parameter: grant_type")
        }
        TokenRefusal::UnsupportedGrant | TokenRefusal::Implicit => {
            bad("unsupported_grant_type", "Unsupported grant_type")
        }
        TokenRefusal::NoClient => bad("invalid_client", "Missing client_id parameter"),
        TokenRefusal::UnknownClient | TokenRefusal::ClientMismatch => {
            unauthorized("invalid_client", BAD_CLIENT)
        }
        TokenRefusal::BadClient => unauthorized("unauthorized_client", BAD_CLIENT),
        TokenRefusal::Repeated => bad("invalid_request", "duplicated parameter"),
        TokenRefusal::PublicClient => unauthorized(
            "unauthorized_client",
            "Public client not allowed to retrieve service account",
        ),
        TokenRefusal::GrantNotAllowed(grant) => not_registered(grant),
        TokenRefusal::InvalidScope { .. }
        | TokenRefusal::EmptyScope
        | TokenRefusal::WiderScope { .. } => OAuthError::new(
            StatusCode::BAD_REQUEST,
            "invalid_scope",
            format!("Invalid scopes: {scope}"),
        ),
        TokenRefusal::MissingCredentials => {
            bad("invalid_request", "Missing parameter: username or password")
        }
        TokenRefusal::BadUserCredentials => {
            unauthorized("invalid_grant", "Invalid user credentials")
        }
        TokenRefusal::MissingCode => bad("invalid_request", "Missing parameter: code"),
        TokenRefusal::BadCode => bad("invalid_grant", "Code not valid"),
        TokenRefusal::RedirectMismatch => bad("invalid_grant", "Incorrect redirect_uri"),
        TokenRefusal::CodeOfOtherClient => bad("invalid_grant", "Auth error"),
        TokenRefusal::MissingVerifier => bad("invalid_grant", "PKCE code verifier not specified"),
        TokenRefusal::BadVerifier => {
            bad("invalid_grant", "PKCE verification failed: Code mismatch")
        }
        TokenRefusal::MissingRefreshToken => bad("invalid_request", "No refresh token"),
        TokenRefusal::UnknownRefresh => bad("invalid_grant", "Invalid refresh token"),
        TokenRefusal::RefreshOfOtherClient => bad(
            "invalid_grant",
            "Invalid refresh token. Token client and authorized client don't match",
        ),
        TokenRefusal::RefreshExpired => bad("invalid_grant", "Token is not active"),
        TokenRefusal::Failed(error) => return Err(error.into()),
    })
}

/// A grant that the client is not registered for.
fn not_registered(grant: Grant) -> OAuthError {
    let (status, text) = match grant {
        Grant::ClientCredentials => {
            (StatusCode::UNAUTHORIZED, "Client not enabled to retrieve service account")
        }
        Grant::Password => (StatusCode::BAD_REQUEST, "Client not allowed for direct access grants"),
        Grant::AuthorizationCode => {
            (StatusCode::BAD_REQUEST, "Client not allowed to exchange code")
        }
        Grant::RefreshToken => (StatusCode::BAD_REQUEST, "Client not allowed to refresh tokens"),
    };
    OAuthError::new(status, "unauthorized_client", text)
}

/// Why a client is not who it says, where nothing but that is asked.
///
/// # Errors
/// The check itself failed.
pub(super) fn refused_client(refusal: ClientRefusal) -> Result<OAuthError, Failure> {
    refused(
        match refusal {
            ClientRefusal::NoClient => TokenRefusal::NoClient,
            ClientRefusal::UnknownClient => TokenRefusal::UnknownClient,
            ClientRefusal::BadClient | ClientRefusal::PublicClient => TokenRefusal::BadClient,
            ClientRefusal::Failed(error) => TokenRefusal::Failed(error),
        },
        "",
    )
}

/// A header that should hold the client's credentials and cannot be read.
pub(super) fn unreadable() -> OAuthError {
    OAuthError::new(StatusCode::UNAUTHORIZED, "invalid_client", BAD_CLIENT)
}

/// The challenge of a realm, for a client that came by the header or should have.
pub(super) fn basic(realm: &str) -> String {
    format!("Basic realm=\"{realm}\"")
}

/// A refusal that names the realm's scheme, where it is a 401 and the client tried the header.
pub(super) fn challenged(refusal: OAuthError, by_header: bool, realm: &Realm) -> OAuthError {
    match by_header && refusal.status == StatusCode::UNAUTHORIZED {
        true => refusal.challenging(basic(&realm.name)),
        false => refusal,
    }
}

/// Every refusal of the token endpoint, for its description.
pub(super) fn examples() -> Vec<OAuthError> {
    let mut all: Vec<TokenRefusal> = vec![
        TokenRefusal::MissingGrantType,
        TokenRefusal::UnsupportedGrant,
        TokenRefusal::NoClient,
        TokenRefusal::UnknownClient,
        TokenRefusal::BadClient,
        TokenRefusal::Repeated,
        TokenRefusal::PublicClient,
        TokenRefusal::InvalidScope { allowed: String::new() },
        TokenRefusal::MissingCredentials,
        TokenRefusal::BadUserCredentials,
        TokenRefusal::MissingCode,
        TokenRefusal::BadCode,
        TokenRefusal::RedirectMismatch,
        TokenRefusal::CodeOfOtherClient,
        TokenRefusal::MissingVerifier,
        TokenRefusal::BadVerifier,
        TokenRefusal::MissingRefreshToken,
        TokenRefusal::UnknownRefresh,
        TokenRefusal::RefreshOfOtherClient,
        TokenRefusal::RefreshExpired,
    ];
    all.extend(Grant::ALL.map(TokenRefusal::GrantNotAllowed));
    all.into_iter().filter_map(|refusal| refused(refusal, "phone").ok()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_error_table_of_a_realms_token_endpoint() {
        let line = |refusal| {
            let error = refused(refusal, "phone fax").unwrap();
            format!("{} {} {}", error.status.as_u16(), error.error, error.description)
        };
        let table = [
            (
                TokenRefusal::MissingGrantType,
                "400 invalid_request Missing form parameter: grant_type",
            ),
            (TokenRefusal::UnsupportedGrant, "400 unsupported_grant_type Unsupported grant_type"),
            (TokenRefusal::NoClient, "400 invalid_client Missing client_id parameter"),
            (
                TokenRefusal::UnknownClient,
                "401 invalid_client Invalid client or Invalid client credentials",
            ),
            (
                TokenRefusal::BadClient,
                "401 unauthorized_client Invalid client or Invalid client credentials",
            ),
            (
                TokenRefusal::PublicClient,
                "401 unauthorized_client Public client not allowed to retrieve service account",
            ),
            (
                TokenRefusal::GrantNotAllowed(Grant::ClientCredentials),
                "401 unauthorized_client Client not enabled to retrieve service account",
            ),
            (
                TokenRefusal::InvalidScope { allowed: String::new() },
                "400 invalid_scope Invalid scopes: phone fax",
            ),
            (TokenRefusal::Repeated, "400 invalid_request duplicated parameter"),
            (TokenRefusal::BadUserCredentials, "401 invalid_grant Invalid user credentials"),
        ];
        for (refusal, expected) in table {
            assert_eq!(line(refusal), expected);
        }
    }
}
