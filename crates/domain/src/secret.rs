//! Secrets: the text that a caller presents, its digest, its shape, its hint.
//!
//! A [`Secret`] and a [`SecretDigest`] are different types, so that the wrong use does not compile;
//! neither prints its content.

use crate::{base62, id::KeyId};
use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// The text of a key, password, token or client secret. Wiped when dropped, never printed.
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself: for the one answer that shows it, and for hashing.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// SHA-256 of the text.
    #[must_use]
    pub fn digest(&self) -> SecretDigest {
        SecretDigest::of(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// SHA-256 of a secret: what memory is keyed by.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretDigest([u8; 32]);

impl SecretDigest {
    /// Digests a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// Takes 32 bytes that are a digest already.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Compares in constant time (EN-04).
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl fmt::Debug for SecretDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretDigest(…)")
    }
}

/// A source of random bytes; handed in, so that this crate draws none itself.
pub type Entropy<'a> = &'a mut dyn FnMut(&mut [u8]);

/// Random base62 digits in a generated secret: 190 bits (KR-01).
const RANDOM_DIGITS: usize = 32;
/// Base62 digits that hold the CRC-32.
const CHECK_DIGITS: usize = 6;
/// The longest secret that is looked at: a JWT of the Experience types fits with room to spare.
pub const MAX_SECRET_BYTES: usize = 4096;
/// What every JWT begins with: `{"` in Base64url.
const JWT_BEGINNING: &str = "eyJ";
/// Shortest and longest caller-chosen secret, in characters.
pub const CHOSEN_CHARS: std::ops::RangeInclusive<usize> = 16..=128;

/// The shape of a presented text, told from the text alone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A prefix, 32 random digits and a right checksum (`kw_…`, `psk_…`, a tenant's or a type's own).
    Checksummed,
    /// Begins like a JWT.
    Jwt,
    /// Any other text that a caller could have chosen (a UUID is one).
    Opaque,
}

/// A text that cannot be a secret of ours, whatever the store holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Malformed;

impl Shape {
    /// Tells the shape, or that no key can have this text. No look-up is needed for that (EN-07).
    ///
    /// # Errors
    /// Wrong length, a character that is not visible ASCII, a wrong checksum behind `kw_` or
    /// `psk_`, or a text that begins like a key id.
    pub fn of(text: &str) -> Result<Self, Malformed> {
        let bytes = text.as_bytes();
        // Without a way out early, because then the machine looks at many bytes at once.
        let visible = || bytes.iter().fold(true, |all, b| all & b.is_ascii_graphic());
        if bytes.len() > MAX_SECRET_BYTES || !visible() {
            return Err(Malformed);
        }
        if text.starts_with(JWT_BEGINNING) {
            return Ok(Self::Jwt);
        }
        if text.starts_with(KeyId::PREFIX) {
            return Err(Malformed);
        }
        if text.starts_with("kw_") || text.starts_with("psk_") {
            return if has_right_checksum(text) { Ok(Self::Checksummed) } else { Err(Malformed) };
        }
        // Which other prefixes there are is not known here, and a caller may have chosen a text like
        // it before one of them came to be: a wrong checksum refuses nothing.
        if has_key_prefix(text) && has_right_checksum(text) {
            return Ok(Self::Checksummed);
        }
        if CHOSEN_CHARS.contains(&bytes.len()) { Ok(Self::Opaque) } else { Err(Malformed) }
    }
}

/// Makes `prefix`, 32 random digits and the six digits of CRC-32 over all that stands before.
#[must_use]
pub fn random(prefix: &str, entropy: Entropy<'_>) -> Secret {
    let mut text =
        Zeroizing::new(String::with_capacity(prefix.len() + RANDOM_DIGITS + CHECK_DIGITS));
    text.push_str(prefix);
    let mut left = RANDOM_DIGITS;
    let mut pool = Zeroizing::new([0_u8; 64]);
    while left > 0 {
        entropy(pool.as_mut_slice());
        // 248 = 4 × 62: bytes above it would favour the first digits.
        for &byte in pool.iter().filter(|&&b| b < 248).take(left) {
            text.push(char::from(base62::digit(byte)));
            left -= 1;
        }
    }
    let check = checksum(&text);
    text.extend(check.map(char::from));
    Secret(text)
}

/// Whether a tenant or a key type may have this prefix: a small letter, 1 to 14 small letters or
/// digits, and `_` at the end; none that secrets or ids of ours begin with already.
#[must_use]
pub fn is_key_prefix(text: &str) -> bool {
    let Some(word) = text.strip_suffix('_') else { return false };
    let good = (2..=15).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && word.starts_with(|c: char| c.is_ascii_lowercase());
    good && !RESERVED_BEGINNINGS.contains(&text)
}

/// What a text begins with that could be somebody's prefix.
#[must_use]
pub fn beginning(text: &str) -> Option<&str> {
    text.get(..=text.find('_')?).filter(|prefix| is_key_prefix(prefix))
}

/// Whether the whole of what stands before the random digits is a prefix.
fn has_key_prefix(text: &str) -> bool {
    let length = text.len().saturating_sub(RANDOM_DIGITS + CHECK_DIGITS);
    // One byte says no to nearly every text that is none.
    length > 0
        && text.as_bytes().get(length - 1) == Some(&b'_')
        && text.get(..length).is_some_and(is_key_prefix)
}

/// Makes a UUIDv4 in lower case.
#[must_use]
pub fn random_uuid(entropy: Entropy<'_>) -> Secret {
    let mut bytes = Zeroizing::new([0_u8; 16]);
    entropy(bytes.as_mut_slice());
    Secret::new(uuid::Builder::from_random_bytes(*bytes).into_uuid().hyphenated().to_string())
}

fn checksum(text: &str) -> [u8; CHECK_DIGITS] {
    base62::encode::<CHECK_DIGITS>(u128::from(crc32fast::hash(text.as_bytes())))
}

/// Whether the last six characters are the checksum of all before them, with 32 digits between
/// the prefix and it.
#[must_use]
pub fn has_right_checksum(text: &str) -> bool {
    let Some(split) = text.len().checked_sub(CHECK_DIGITS) else {
        return false;
    };
    let (Some(head), Some(check)) = (text.get(..split), text.get(split..)) else {
        return false;
    };
    let Some(start) = head.len().checked_sub(RANDOM_DIGITS) else {
        return false;
    };
    let Some(digits) = head.as_bytes().get(start..) else {
        return false;
    };
    start > 0
        && head.as_bytes().get(start - 1) == Some(&b'_')
        && digits.iter().all(|&d| base62::value(d).is_some())
        && check.as_bytes() == checksum(head)
}

/// How a key is shown wherever its secret is not: its prefix, an ellipsis, the last four characters.
#[must_use]
pub fn hint(secret: &Secret) -> String {
    let text = secret.expose();
    let prefix = match Shape::of(text) {
        Ok(Shape::Checksummed) => text.find('_').and_then(|at| text.get(..=at)).unwrap_or(""),
        // Not more of it: what follows is readable, and says which key it is.
        Ok(Shape::Jwt) => JWT_BEGINNING,
        Ok(Shape::Opaque) | Err(Malformed) => "",
    };
    let tail = text.len().checked_sub(4).and_then(|at| text.get(at..)).unwrap_or("");
    format!("{prefix}…{tail}")
}

/// What no chosen secret begins with, and no prefix is.
const RESERVED_BEGINNINGS: [&str; 4] = [KeyId::PREFIX, "kw_", "psk_", JWT_BEGINNING];

/// Why a caller may not choose this text as a secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadChoice {
    /// Not 16 to 128 visible ASCII characters.
    Form,
    /// Begins like a key id, `kw_`, `psk_`, `eyJ` or a tenant's prefix.
    ReservedBeginning,
}

/// Checks a caller-chosen secret; `tenant_prefixes` are those of the installation.
///
/// # Errors
/// Says which rule the text breaks.
pub fn check_chosen(text: &str, tenant_prefixes: &[String]) -> Result<(), BadChoice> {
    if !CHOSEN_CHARS.contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(BadChoice::Form);
    }
    if RESERVED_BEGINNINGS.iter().any(|p| text.starts_with(p))
        || tenant_prefixes.iter().any(|p| text.starts_with(p.as_str()))
    {
        return Err(BadChoice::ReservedBeginning);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
