//! OAuth 2.0 tokens. A token is never an API key, nor the reverse.

use crate::{
    actor::PrincipalId,
    id::{ClientId, FamilyId},
    secret::SecretDigest,
    time::Timestamp,
};

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TokenKind {
    /// Presented to resources.
    Access,
    /// Presented to the token endpoint, once.
    Refresh,
}

/// A token as it is stored: by the digest of its text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Token {
    /// SHA-256 of its text.
    pub digest: SecretDigest,
    /// Access or refresh.
    pub kind: TokenKind,
    /// Every token that descends from one sign-in; revoked together when a refresh token is reused.
    pub family: FamilyId,
    /// For whom it speaks.
    pub principal: PrincipalId,
    /// The client it was issued to.
    pub client: ClientId,
    /// Scopes, joined by a space.
    pub scope: String,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}
