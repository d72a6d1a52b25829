//! What an importer knows of a key: its secret or the digest of it, how it is shown, since when.

use crate::error::Error;
use base64::{
    Engine, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use domain::{
    key::check_name,
    key_type::{Format, KeyType, Reveal},
    secret::{self, Secret, SecretDigest},
    time::Timestamp,
};

/// The longest hint that may be given: a prefix and four characters, not a secret.
const MAX_HINT_CHARS: usize = 24;
/// The hint of a key of which nothing else is known.
const NO_HINT: &str = "…";
const SHA_256: &str = "sha256:";

/// What is known of the secret.
#[derive(Debug)]
pub enum Given {
    /// The text.
    Secret(Secret),
    /// Its SHA-256: the key works all the same, but can never be shown again.
    Digest(SecretDigest),
}

impl Given {
    /// Reads what an importer says of a secret: one of the two.
    ///
    /// # Errors
    /// [`Error::Invalid`] for both or neither, and for a hash that is not SHA-256 (KR-09).
    pub fn read(secret: Option<Secret>, digest: Option<&str>) -> Result<Self, Error> {
        match (secret, digest) {
            (Some(secret), None) => Ok(Self::Secret(secret)),
            (None, Some(text)) => read_digest(text).map(Self::Digest),
            (Some(_), Some(_)) => Err(Error::invalid(
                "digest",
                "must not stand beside `secret`: one of them is enough",
            )),
            (None, None) => Err(Error::invalid(
                "secret",
                "must be given, or `digest`: the SHA-256 of the secret",
            )),
        }
    }

    pub(super) fn digest(&self) -> SecretDigest {
        match self {
            Self::Secret(secret) => secret.digest(),
            Self::Digest(digest) => *digest,
        }
    }
}

/// `sha256:` and 64 hexadecimal digits or base64 of the 32 bytes; the algorithm's name may be left out.
fn read_digest(text: &str) -> Result<SecretDigest, Error> {
    let refuse = |detail: String| Err(Error::invalid("digest", detail));
    let hash = text.get(..SHA_256.len()).filter(|start| start.eq_ignore_ascii_case(SHA_256));
    let bare = hash.and_then(|start| text.get(start.len()..)).unwrap_or(text);
    if let Some(digest) = from_hex(bare).or_else(|| from_base64(bare)) {
        return Ok(SecretDigest::from_bytes(digest));
    }
    match other_hash(bare) {
        Some(other) => refuse(format!("{other}; only SHA-256 of the secret is taken over")),
        None => {
            refuse("must be SHA-256 of the secret, in 64 hexadecimal digits or base64".to_owned())
        }
    }
}

/// What a text that is no SHA-256 probably is, and why that will not do.
fn other_hash(text: &str) -> Option<&'static str> {
    const SLOW: &str = "a slow password hash cannot be looked up";
    const WEAK: &str = "secrets can be found for a weak hash such as MD5, SHA-1, CRC or Murmur";
    const OTHER: &str = "a hash of another length cannot be compared with what is presented";
    let named = text.split_once(':').map(|(name, _)| name.to_ascii_lowercase());
    let is = |names: &[&str]| {
        named.as_deref().is_some_and(|named| names.iter().any(|name| named.starts_with(name)))
    };
    if text.starts_with('$') || is(&["bcrypt", "scrypt", "argon2", "pbkdf2"]) {
        return Some(SLOW);
    }
    if is(&["md", "sha1", "sha-1", "crc", "murmur", "xxh", "fnv", "city", "adler"]) {
        return Some(WEAK);
    }
    if named.is_some() {
        return Some(OTHER);
    }
    match (text.bytes().all(|b| b.is_ascii_hexdigit()), text.len()) {
        (true, 8 | 16 | 32 | 40) | (false, 24 | 28) => Some(WEAK),
        (true, 48 | 56 | 96 | 128) | (false, 40 | 64 | 88) => Some(OTHER),
        _ => None,
    }
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (n, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()?;
    }
    Some(bytes)
}

/// Either alphabet, with the `=` at the end or without.
fn from_base64(text: &str) -> Option<[u8; 32]> {
    let either =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    [alphabet::STANDARD, alphabet::URL_SAFE].iter().find_map(|alphabet| {
        GeneralPurpose::new(alphabet, either).decode(text).ok()?.try_into().ok()
    })
}

/// Checks that keys of the type can be taken over by what is known.
pub(super) fn check(of_type: &KeyType, given: &Given) -> Result<(), Error> {
    let name = &of_type.name;
    if of_type.format == Format::Jwt {
        let detail = format!("keys of type `{name}` are not taken over: their secrets are signed");
        return Err(Error::invalid("keyType", detail));
    }
    match given {
        Given::Digest(_) if of_type.reveal == Reveal::Recoverable => Err(Error::invalid(
            "digest",
            format!("is not enough: keys of type `{name}` can be shown again, give the `secret`"),
        )),
        Given::Digest(_) | Given::Secret(_) => Ok(()),
    }
}

/// How the key is shown: told from the secret, or as the importer says.
pub(super) fn hint(given: &Given, hint: Option<String>) -> Result<String, Error> {
    match (given, hint) {
        (Given::Secret(secret), None) => Ok(secret::hint(secret)),
        (Given::Secret(_), Some(_)) => {
            Err(Error::invalid("hint", "is told from the secret; give it with a `digest` alone"))
        }
        (Given::Digest(_), None) => Ok(NO_HINT.to_owned()),
        (Given::Digest(_), Some(hint)) => {
            let fits = !hint.is_empty() && hint.chars().count() <= MAX_HINT_CHARS;
            if fits && !hint.chars().any(char::is_control) {
                return Ok(hint);
            }
            let wanted =
                format!("must have 1 to {MAX_HINT_CHARS} characters: a prefix, the last four");
            Err(Error::invalid("hint", wanted))
        }
    }
}

/// When the key was made.
pub(super) fn past(created: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, Error> {
    match created {
        Some(at) if at > now => Err(Error::invalid("created", "must not lie in the future")),
        Some(at) => Ok(at),
        None => Ok(now),
    }
}

/// Who made it.
pub(super) fn creator(given: Option<String>, importer: &str) -> Result<String, Error> {
    match given {
        None => Ok(importer.to_owned()),
        Some(name) => check_name(&name)
            .map(|()| name)
            .map_err(|_| Error::invalid("createdBy", "must have 1 to 255 characters")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    fn detail(text: &str) -> String {
        match Given::read(None, Some(text)) {
            Err(Error::Invalid { field: "digest", detail }) => detail,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn kr_09_sha_256_is_read_in_its_usual_forms() {
        let digest = SecretDigest::of("the secret of an older system");
        let hex: String = digest.as_bytes().iter().map(|b| format!("{b:02x}")).collect();
        for text in [
            hex.clone(),
            hex.to_uppercase(),
            format!("sha256:{hex}"),
            format!("SHA256:{}", STANDARD.encode(digest.as_bytes())),
            URL_SAFE_NO_PAD.encode(digest.as_bytes()),
        ] {
            let given = Given::read(None, Some(&text)).unwrap();
            assert!(given.digest().same_as(&digest), "{text}");
        }
    }

    #[test]
    fn kr_09_other_hashes_are_refused_with_the_reason() {
        for text in [
            "d41d8cd98f00b204e9800998ecf8427e",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709",
            "1B2M2Y8AsgTpgAmY7PhCfg==",
            "md5:d41d8cd98f00b204e9800998ecf8427e",
            "murmur3:0b7ed3e1",
            "crc32:00000000",
            "xxh64:ef46db3751d8e999",
            "00000000",
        ] {
            assert!(detail(text).starts_with("secrets can be found for a weak hash"), "{text}");
        }
        assert!(detail("$2b$12$abcdefghijklmnopqrstuv").starts_with("a slow password hash"));
        assert!(detail("argon2id:x").starts_with("a slow password hash"));
        assert!(detail(&"0".repeat(128)).starts_with("a hash of another length"));
        assert!(detail("sha512:00").starts_with("a hash of another length"));
        for text in ["", "sha256:", "sha256:xyz", "zz"] {
            assert!(detail(text).starts_with("must be SHA-256"), "{text}");
        }
        assert!(!detail("an-old-secret-that-is-not-hashed").contains("old-secret"));
    }
}
