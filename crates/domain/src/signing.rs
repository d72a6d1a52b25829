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

/// Where a signing key stands in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Published, and does not sign yet.
    Next,
    /// Signs.
    Signing,
    /// Published, and signs no more.
    Served,
    /// Published no more: whatever it signed has ended.
    Ended,
}

impl Stage {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Signing => "signing",
            Self::Served => "served",
            Self::Ended => "ended",
        }
    }
}

impl SigningKey {
    /// Where it stands at this instant.
    #[must_use]
    pub fn stage(&self, at: Timestamp) -> Stage {
        let past = |until: Option<Timestamp>| until.is_some_and(|until| until <= at);
        match (past(self.serves_until), past(self.signs_until)) {
            (true, _) => Stage::Ended,
            (_, true) => Stage::Served,
            _ if at < self.signs_from => Stage::Next,
            _ => Stage::Signing,
        }
    }

    /// Whether the set of keys names it.
    #[must_use]
    pub fn is_published(&self, at: Timestamp) -> bool {
        self.stage(at) != Stage::Ended
    }

    /// What becomes of it with a successor that signs from `from`, as it is known `at` an instant: nobody
    /// asks for it any more once the longest that it signed has ended. A key that has no turn to sign ends
    /// when that turn would have begun.
    #[must_use]
    pub fn succeeded(&self, from: Timestamp, at: Timestamp, longest_s: i64) -> Self {
        let until = self.signs_until.map_or(from, |until| until.min(from));
        let serves_until = match self.serves_until {
            Some(serves_until) if self.signs_until == Some(until) => serves_until,
            _ if at < self.signs_from && until <= self.signs_from => until,
            _ => until.plus_seconds(longest_s),
        };
        Self { signs_until: Some(until), serves_until: Some(serves_until), ..self.clone() }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> SigningKey {
        SigningKey {
            kid: "k".to_owned(),
            tenant: TenantId::from_u128(1),
            algorithm: Algorithm::Es256,
            public_key: "{}".to_owned(),
            created_at: Timestamp::from_millis(0),
            signs_from: at(10),
            signs_until: None,
            serves_until: None,
        }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    #[test]
    fn jw_06_a_key_is_published_before_it_signs_and_after_it_signed() {
        let key = key().succeeded(at(20), at(0), 5);
        let stages = [0, 9, 10, 19, 20, 24, 25].map(|s| key.stage(at(s)));
        use Stage::{Ended, Next, Served, Signing};
        assert_eq!(stages, [Next, Next, Signing, Signing, Served, Served, Ended]);
        assert!(key.is_published(at(24)) && !key.is_published(at(25)));
    }

    #[test]
    fn a_later_successor_changes_nothing_and_an_earlier_one_ends_it_earlier() {
        let succeeded = key().succeeded(at(20), at(0), 5);
        assert_eq!(succeeded.succeeded(at(30), at(12), 99), succeeded);
        let earlier = succeeded.succeeded(at(15), at(12), 7);
        assert_eq!((earlier.signs_until, earlier.serves_until), (Some(at(15)), Some(at(22))));
        let never = key().succeeded(at(10), at(9), 99);
        assert_eq!((never.signs_until, never.serves_until), (Some(at(10)), Some(at(10))));
        let just = key().succeeded(at(10), at(10), 99);
        assert_eq!((just.signs_until, just.serves_until), (Some(at(10)), Some(at(109))));
    }

    #[test]
    fn jw_01_an_algorithm_is_read_only_as_it_is_registered() {
        for text in ["rs256", "RS256 ", "none", "HS256", "ES384", "", "EDDSA"] {
            assert_eq!(Algorithm::parse(text), None, "{text}");
        }
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::parse(algorithm.as_str()), Some(algorithm));
        }
    }
}
