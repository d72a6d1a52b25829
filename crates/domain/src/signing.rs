//! What a realm signs its tokens with (RFC 7515, RFC 7517).

use crate::{
    audit::{Fact, Facts},
    id::TenantId,
    time::Timestamp,
};

/// How a realm signs (RFC 7518 section 3.1, RFC 8037 section 3.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Algorithm {
    /// RSA PKCS #1 v1.5 with SHA-256, 2048 bits: what clients of Keycloak expect.
    #[default]
    Rs256,
    /// ECDSA over P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// Every algorithm.
    pub const ALL: [Self; 3] = [Self::Rs256, Self::Es256, Self::EdDsa];

    /// The value of `alg`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// Reads an `alg`, exactly as it is registered: no other case of its letters (JW-01).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.as_str() == text)
    }
}

/// A realm's signing key. The private half is not part of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SigningKey {
    /// The thumbprint of RFC 7638: what `kid` says.
    pub kid: String,
    /// The realm's tenant.
    pub tenant: TenantId,
    /// How it signs.
    pub algorithm: Algorithm,
    /// The public members of its JWK, as JSON.
    pub public_key: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it begins to sign; published before, so that who keeps the set for a while knows it (JW-06).
    pub signs_from: Timestamp,
    /// When its successor took over; `None`: it has none.
    pub signs_until: Option<Timestamp>,
    /// Until when it is published: its last token has ended by then.
    pub serves_until: Option<Timestamp>,
}

impl SigningKey {
    /// What the audit log says of a signing key.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let instant = |at: Option<Timestamp>| at.map_or(Fact::Null, |at| Fact::Int(at.as_millis()));
        vec![
            ("algorithm", Fact::Text(self.algorithm.as_str().to_owned())),
            ("signsFrom", instant(Some(self.signs_from))),
            ("signsUntil", instant(self.signs_until)),
            ("servesUntil", instant(self.serves_until)),
        ]
    }
}
