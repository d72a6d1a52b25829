//! What both kinds of keys have in common on this wire.

use crate::failure::Failure;
use domain::{id::KeyId, time::Timestamp};
use serde::{Deserialize, Deserializer};
use uuid::Uuid;

/// A key's id in the documentation.
pub(super) const EXAMPLE_ID: &str = "0d9e4f6b-6c1c-4d0f-9a83-5b7a2f4c1e20";
/// A secret in the documentation.
pub(super) const EXAMPLE_SECRET: &str = "psk_example-not-a-secret";

/// A key's id as this wire writes it: the same 128 bits as a UUID.
pub(super) fn uuid_of(id: KeyId) -> String {
    Uuid::from_bytes(*id.as_bytes()).hyphenated().to_string()
}

/// Reads it back.
pub(super) fn key_id(text: &str) -> Result<KeyId, Failure> {
    let uuid = Uuid::try_parse(text).ok().filter(|_| text.len() == 36);
    uuid.map(|uuid| KeyId::from_bytes(*uuid.as_bytes())).ok_or(Failure::BadPath)
}

pub(super) fn instant(at: Option<Timestamp>) -> Option<String> {
    at.map(|at| at.to_string())
}

/// A description: an empty one is none.
pub(super) fn description(given: Option<String>) -> Option<String> {
    given.filter(|text| !text.is_empty())
}

/// For members that must be there and may be `null`.
pub(super) fn or_null<'de, D: Deserializer<'de>>(given: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(given)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_id_reads_back_in_either_form() {
        let id = KeyId::from_bytes([7; 16]);
        assert_eq!(uuid_of(id), "07070707-0707-0707-0707-070707070707");
        assert_eq!(key_id(&uuid_of(id)).unwrap(), id);
        for bad in ["", "7", &id.to_string(), "{07070707-0707-0707-0707-070707070707}"] {
            assert!(key_id(bad).is_err(), "{bad}");
        }
    }
}
