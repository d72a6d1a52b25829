//! OAuth 2.0: tokens are given (RFC 6749), looked at (RFC 7662) and taken back (RFC 7009).
//!
//! Read `issue_token` first: it holds the order of the checks. A refusal is a value of
//! [`TokenRefusal`]; which status and words it gets is a surface's affair.

mod check_token;
mod claims;
mod code_grant;
mod introspect;
mod issue_realm_token;
mod issue_token;
mod mint;
mod password_grant;
mod prove_client;
mod realm;
mod refresh;
mod revoke_token;
mod scopes;
mod sign_out;

pub use check_token::TokenCheck;
pub use introspect::Introspection;
pub use realm::{Realm, RealmUserInfo};

pub(crate) use prove_client::reaches;
pub(crate) use refresh::family_subject;
pub(crate) use scopes::granted_scope;

use crate::error::Error;
use domain::{client::Grant, id::SessionId, secret::Secret, time::Timestamp};

/// What a caller presented as an OAuth client.
#[derive(Debug)]
pub struct ClientProof {
    /// The id, form-decoded where it came by Basic.
    pub client_id: String,
    /// The secret; `None` or empty proves nothing.
    pub secret: Option<Secret>,
    /// How it came.
    pub method: ProofMethod,
}

/// How a client's credentials came (RFC 6749 section 2.3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProofMethod {
    /// In the `Authorization` header.
    Basic,
    /// In the form.
    Form,
}

/// A request for a token. An empty parameter is an absent one (RFC 6749 section 3.2), so whoever
/// makes this puts `None` for it.
#[derive(Debug, Default)]
pub struct TokenRequest {
    /// The realm that is asked; `None`: `/auth/v3`, whose tokens say nothing to whoever reads them.
    pub realm: Option<Realm>,
    /// Whether a parameter came twice. Only a realm leaves it to be found here, where its wire has it
    /// in the order of the checks.
    pub repeated: bool,
    /// Who asks.
    pub client: Option<ClientProof>,
    /// `client_id` in the form, which may stand beside Basic and must then say the same.
    pub form_client_id: Option<String>,
    /// `grant_type`
    pub grant_type: Option<String>,
    /// `username`, with its tenant part.
    pub username: Option<String>,
    /// `password`
    pub password: Option<Secret>,
    /// `refresh_token`
    pub refresh_token: Option<Secret>,
    /// `code`
    pub code: Option<Secret>,
    /// `redirect_uri`, which must be the one that the code was sent to.
    pub redirect_uri: Option<String>,
    /// `code_verifier` (RFC 7636).
    pub code_verifier: Option<Secret>,
    /// `scope`; in a realm also an empty one.
    pub scope: Option<String>,
}

/// Tokens, once: only their digests are kept.
#[derive(Debug)]
pub struct Issued {
    /// The access token.
    pub access: Secret,
    /// The refresh token, where the client is registered for that grant.
    pub refresh: Option<Secret>,
    /// The ID token (OpenID Connect Core section 2), where a realm was asked for one.
    pub id_token: Option<Secret>,
    /// Whole seconds that the access token has left.
    pub expires_in_s: i64,
    /// Whole seconds that the refresh token has left; without one 0.
    pub refresh_expires_in_s: i64,
    /// The scopes granted, joined by a space.
    pub scope: String,
    /// The browser's session that it came of.
    pub session: Option<SessionId>,
}

/// The sign-in that a pair of tokens comes of, where a browser or a password was there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignIn {
    /// The browser's session; `None`: no browser was there.
    pub session: Option<SessionId>,
    /// When the person proved who they are.
    pub authenticated_at: Timestamp,
    /// What the client wants to read again in the ID token.
    pub nonce: Option<String>,
}

/// Why a client could not be told who it is.
#[derive(Debug)]
pub enum ClientRefusal {
    /// It presented nothing.
    NoClient,
    /// There is no such client. Only realms tell that from what follows, as their wire does.
    UnknownClient,
    /// What it presented does not hold, or proves too little for this.
    BadClient,
    /// It proved who it is as far as it can, which is not enough. Only realms say so.
    PublicClient,
    /// The check itself failed.
    Failed(Error),
}

/// Why there is no token. The order is the order of the checks.
#[derive(Debug)]
pub enum TokenRefusal {
    /// No client authentication.
    NoClient,
    /// There is no such client. Only realms tell that from what follows, as their wire does.
    UnknownClient,
    /// Unknown client or wrong secret.
    BadClient,
    /// A parameter came twice.
    Repeated,
    /// `client_id` in the form is not the client that authenticated.
    ClientMismatch,
    /// A scope that the client may not have.
    InvalidScope {
        /// The client's scopes.
        allowed: String,
    },
    /// No scope is left.
    EmptyScope,
    /// `grant_type` is missing.
    MissingGrantType,
    /// The implicit grant does not exist here.
    Implicit,
    /// The refresh grant without a token.
    MissingRefreshToken,
    /// A grant that nobody has.
    UnsupportedGrant,
    /// A public client wants a token for itself.
    PublicClient,
    /// A grant that this client does not have.
    GrantNotAllowed(Grant),
    /// The password grant without a name or a password.
    MissingCredentials,
    /// Wrong name or password, disabled, locked: one answer for all.
    BadUserCredentials,
    /// The code grant without a code.
    MissingCode,
    /// No such code, or one that was used or has ended.
    BadCode,
    /// Another address than the one that the code was sent to.
    RedirectMismatch,
    /// A code of another client.
    CodeOfOtherClient,
    /// The code grant without `code_verifier`.
    MissingVerifier,
    /// A `code_verifier` that is none, or not the one of the code's challenge.
    BadVerifier,
    /// A refresh token that is unknown, used up or revoked.
    UnknownRefresh,
    /// A refresh token of another client.
    RefreshOfOtherClient,
    /// A refresh token past its end.
    RefreshExpired,
    /// More scope than the refresh token carries.
    WiderScope {
        /// What it carries.
        allowed: String,
    },
    /// The use case failed.
    Failed(Error),
}

impl From<Error> for ClientRefusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<store::Error> for ClientRefusal {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Error> for TokenRefusal {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<store::Error> for TokenRefusal {
    fn from(error: store::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl ClientRefusal {
    pub(crate) fn into_token_refusal(self) -> TokenRefusal {
        match self {
            Self::NoClient => TokenRefusal::NoClient,
            Self::UnknownClient => TokenRefusal::UnknownClient,
            Self::BadClient => TokenRefusal::BadClient,
            Self::PublicClient => TokenRefusal::PublicClient,
            Self::Failed(error) => TokenRefusal::Failed(error),
        }
    }
}
