//! Identifiers. Public ids are random, never a sequence (EN-05).

use crate::base62;
use std::fmt;
use uuid::Uuid;

/// Why a text is not an id of the wanted kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAnId;

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub Uuid);

        impl $name {
            /// Makes an id from its 128 bits.
            #[must_use]
            pub const fn from_u128(bits: u128) -> Self {
                Self(Uuid::from_u128(bits))
            }

            /// Its 128 bits.
            #[must_use]
            pub const fn as_u128(self) -> u128 {
                self.0.as_u128()
            }

            /// Reads the hyphenated form, in either case; no braces, no `urn:`.
            ///
            /// # Errors
            /// The text is not a hyphenated UUID.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                if text.len() != 36 {
                    return Err(NotAnId);
                }
                Uuid::try_parse(text).map(Self).map_err(|_| NotAnId)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }
    };
}

uuid_id!(
    /// A tenant: the isolation boundary (a contact center, an organization, a realm).
    TenantId
);
uuid_id!(
    /// An environment: a named group of tenants of the Environment Service.
    EnvironmentId
);
uuid_id!(
    /// A person: a human account.
    PersonId
);
uuid_id!(
    /// An OAuth client as a row; its `client_id` text is chosen by administrators and unique.
    ClientId
);
uuid_id!(
    /// A refresh family: every token that descends from one sign-in.
    FamilyId
);
uuid_id!(
    /// An issuer outside that signs persons in.
    IssuerId
);
uuid_id!(
    /// A browser that is signed in. It is told to clients as `sid`; what the browser presents is a secret
    /// of its own.
    SessionId
);

/// Where something belongs: to one tenant, or above all of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scope {
    /// Above all tenants; written `*`.
    Cluster,
    /// Of this tenant alone.
    Tenant(TenantId),
}

impl Scope {
    /// Reads `*` or a tenant id.
    ///
    /// # Errors
    /// The text is neither.
    pub fn parse(text: &str) -> Result<Self, NotAnId> {
        if text == "*" { Ok(Self::Cluster) } else { TenantId::parse(text).map(Self::Tenant) }
    }

    /// The tenant, unless it is the cluster.
    #[must_use]
    pub const fn tenant(self) -> Option<TenantId> {
        match self {
            Self::Cluster => None,
            Self::Tenant(id) => Some(id),
        }
    }

    /// Whether this scope reaches into `other`: the cluster reaches everywhere, a tenant itself.
    #[must_use]
    pub fn reaches(self, other: Self) -> bool {
        self == Self::Cluster || self == other
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cluster => f.write_str("*"),
            Self::Tenant(id) => id.fmt(f),
        }
    }
}

/// The public id of a key: `key_` and 22 base62 digits, 128 random bits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KeyId([u8; 16]);

impl KeyId {
    /// The text before the digits.
    pub const PREFIX: &str = "key_";

    /// Makes an id from 16 random bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The 22 digits that follow the prefix in its text.
    #[must_use]
    pub fn digits(&self) -> [u8; 22] {
        base62::encode(u128::from_be_bytes(self.0))
    }

    /// Reads `key_` and 22 digits.
    ///
    /// # Errors
    /// The text is anything else.
    pub fn parse(text: &str) -> Result<Self, NotAnId> {
        let digits = text.strip_prefix(Self::PREFIX).ok_or(NotAnId)?;
        if digits.len() != 22 {
            return Err(NotAnId);
        }
        let number = base62::decode(digits.as_bytes()).ok_or(NotAnId)?;
        Ok(Self(number.to_be_bytes()))
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::PREFIX)?;
        f.write_str(std::str::from_utf8(&self.digits()).map_err(|_| fmt::Error)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn key_ids_read_back(bytes: [u8; 16]) {
            let id = KeyId::from_bytes(bytes);
            prop_assert_eq!(KeyId::parse(&id.to_string()), Ok(id));
            prop_assert_eq!(id.to_string().len(), 26);
        }
    }

    #[test]
    fn what_is_not_an_id_is_refused() {
        for text in [
            "",
            "key_",
            "key_zzzzzzzzzzzzzzzzzzzzzz",
            "KEY_0000000000000000000000",
            "key_000000000000000000000!",
        ] {
            assert_eq!(KeyId::parse(text), Err(NotAnId), "{text}");
        }
        assert_eq!(TenantId::parse("{9b7682b7-cbce-422f-9bbb-ecda85e61695}"), Err(NotAnId));
        assert_eq!(Scope::parse("*"), Ok(Scope::Cluster));
        assert_eq!(Scope::parse("**"), Err(NotAnId));
    }
}
