//! Proof of the key that asked for a code (RFC 7636), by S256 alone: `plain` proves nothing to whoever
//! sees the request (RFC 9700 section 2.1.1).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::secret::Secret;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The method.
pub(crate) const S256: &str = "S256";
/// Characters of a challenge: 32 bytes in Base64url without padding.
const CHALLENGE_CHARS: usize = 43;

/// Whether a text can be a challenge by S256 (section 4.2).
pub(crate) fn is_challenge(text: &str) -> bool {
    text.len() == CHALLENGE_CHARS
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Whether a text has the form of a verifier (section 4.1). Nothing else is hashed.
fn is_verifier(text: &str) -> bool {
    (43..=128).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'))
}

/// Whether the challenge was made from this verifier; compared in constant time.
pub(crate) fn proves(verifier: &Secret, challenge: &str) -> bool {
    if !is_verifier(verifier.expose()) {
        return false;
    }
    let made = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.expose().as_bytes()));
    made.as_bytes().ct_eq(challenge.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_rfc_holds() {
        assert!(is_challenge(CHALLENGE));
        assert!(proves(&Secret::new(VERIFIER.to_owned()), CHALLENGE));
    }

    #[test]
    fn pk_03_a_verifier_has_43_to_128_unreserved_characters() {
        for good in ["a".repeat(43), "-._~".repeat(32)] {
            assert!(is_verifier(&good), "{good}");
        }
        for bad in ["a".repeat(42), "a".repeat(129), format!("{}+", "a".repeat(42)), "é".repeat(30)]
        {
            assert!(!is_verifier(&bad), "{bad}");
        }
    }

    #[test]
    fn pk_02_the_verifier_itself_is_no_challenge_of_it() {
        assert!(!proves(&Secret::new(VERIFIER.to_owned()), VERIFIER));
    }
}
