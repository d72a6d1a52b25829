//! How a path names a key.

use domain::id::KeyId;
use std::fmt;

/// A key as a caller names it: by its id, or by its secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum KeyRef<'a> {
    /// `key_` and 22 base62 digits.
    Id(KeyId),
    /// Anything else.
    Secret(&'a str),
}

impl<'a> KeyRef<'a> {
    /// Reads a path segment, percent-decoded once by the caller. Only `key_` and 22 base62 digits is
    /// an id; no secret can look like one, because none may begin like that.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        KeyId::parse(text).map_or(Self::Secret(text), Self::Id)
    }
}

impl fmt::Debug for KeyRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "KeyRef({id})"),
            Self::Secret(_) => f.write_str("KeyRef(secret)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_form_is_an_id() {
        let id = KeyId::from_bytes([7; 16]).to_string();
        assert!(matches!(KeyRef::parse(&id), KeyRef::Id(_)));
        for text in ["key_short", "9b7682b7-cbce-422f-9bbb-ecda85e61695", "", &format!("{id}0")] {
            assert!(matches!(KeyRef::parse(text), KeyRef::Secret(_)), "{text}");
        }
    }

    #[test]
    fn lg_01_a_reference_by_secret_is_silent() {
        assert_eq!(format!("{:?}", KeyRef::parse("kw_hidden")), "KeyRef(secret)");
    }
}
