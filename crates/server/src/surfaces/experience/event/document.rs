//! An event as a JSON object. Its members are kept as they were written, so that whoever it is handed to
//! reads the numbers that were sent.

use super::JWT;
use crate::{extract::json, failure::Failure};
use bytes::Bytes;
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{MapAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::value::RawValue;
use std::{borrow::Cow, fmt};

/// The object, and the bytes that it was.
pub(in super::super) struct Document {
    bytes: Bytes,
    members: Members,
}

struct Members(Vec<(String, Box<RawValue>)>);

impl Document {
    pub(super) fn read(bytes: Bytes) -> Result<Self, Failure> {
        let members = json::strict(&bytes)?;
        Ok(Self { bytes, members })
    }

    fn member(&self, name: &str) -> Option<&RawValue> {
        self.members.0.iter().find(|(own, _)| own == name).map(|(_, value)| &**value)
    }

    /// The key.
    pub(super) fn jwt(&self) -> Result<Option<Cow<'_, str>>, Failure> {
        let text = |value: &RawValue| serde_json::from_str::<String>(value.get()).map(Cow::Owned);
        self.member(JWT).map(text).transpose().map_err(|_| no_text(JWT))
    }

    /// Whether a member says something; `None`: it is not there.
    pub(super) fn says(&self, name: &'static str) -> Result<Option<bool>, Failure> {
        let Some(value) = self.member(name) else { return Ok(None) };
        let written = value.get();
        match written.as_bytes().first() {
            Some(b'"') => Ok(Some(written != "\"\"")),
            // Ids are numbers in many a system.
            Some(b'-' | b'0'..=b'9') => Ok(Some(true)),
            _ => Err(no_text(name)),
        }
    }

    pub(super) fn into_bytes(self, without_jwt: bool) -> Bytes {
        let Self { bytes, mut members } = self;
        if !without_jwt {
            return bytes;
        }
        members.0.retain(|(name, _)| name != JWT);
        // Texts and values that were JSON before: this cannot fail.
        serde_json::to_vec(&members).map(Bytes::from).unwrap_or_default()
    }
}

fn no_text(name: &str) -> Failure {
    Failure::BadJson { field: Some(name.to_owned()), detail: format!("`{name}`: expected a text") }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(document: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        document.deserialize_map(Object)
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}
