//! How an issuer may sign, and what it may call its tokens: fixed lists, compared exactly (JW-01, JW-03).

use std::fmt;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// As it is written.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// Reads it exactly as it is written: no other case of its letters.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// How a JWT may be signed (RFC 7518 section 3.1, RFC 8037). None of them is symmetric.
    JwsAlgorithm {
        /// RSA PKCS #1 v1.5 with SHA-256.
        Rs256 = "RS256";
        /// The same with SHA-384.
        Rs384 = "RS384";
        /// The same with SHA-512.
        Rs512 = "RS512";
        /// RSA PSS with SHA-256.
        Ps256 = "PS256";
        /// The same with SHA-384.
        Ps384 = "PS384";
        /// The same with SHA-512.
        Ps512 = "PS512";
        /// ECDSA over P-256 with SHA-256.
        Es256 = "ES256";
        /// ECDSA over P-384 with SHA-384.
        Es384 = "ES384";
        /// Ed25519.
        EdDsa = "EdDSA";
    }
}

words! {
    /// What a caller's token says that it is, in its header's `typ`.
    TokenType {
        /// An access token of RFC 9068.
        AtJwt = "at+jwt";
        /// Any JWT, as Keycloak calls its access tokens; that it is no ID token and no refresh token is
        /// then told from its claims.
        Jwt = "JWT";
    }
}

impl JwsAlgorithm {
    /// What an issuer may sign with where nothing else is said.
    pub const USUAL: [Self; 4] = [Self::Rs256, Self::Ps256, Self::Es256, Self::EdDsa];
}
