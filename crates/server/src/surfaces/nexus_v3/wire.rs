//! What goes over this wire: the key as published, instants as `false` or RFC 3339, bodies bare or
//! under `data`.

use crate::{
    answer::{self, Body},
    document::words,
    extract::json,
    failure::Failure,
};
use domain::{key::Key, secret::Secret, time::Timestamp};
use http::{Response, StatusCode};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, IgnoredAny, Visitor},
};
use serde_json::value::RawValue;
use std::fmt;
use utoipa::ToSchema;

/// A key, members in the published order. `id` is the secret where the caller may see it, else the
/// key's id.
#[derive(Serialize, ToSchema)]
#[schema(as = NexusKey)]
pub(super) struct KeyBody<'a> {
    /// The secret where the caller may see it, else the key's id.
    id: &'a str,
    #[schema(value_type = words::Scope)]
    tenant: String,
    name: &'a str,
    #[schema(value_type = Vec<words::Permission>)]
    permissions: Vec<&'a str>,
    enabled: bool,
    #[schema(value_type = words::Instant)]
    created: String,
    /// From when it is revoked for good.
    #[schema(value_type = Object)]
    revoked: FalseOr,
    /// From when it is expired.
    #[schema(value_type = Object)]
    expires: FalseOr,
    /// The user name of who made it, without its tenant part, or the client's id.
    createdby: &'a str,
    /// At most so many units in every interval of `frequency` seconds.
    #[schema(required = true)]
    capacity: Option<u32>,
    #[schema(required = true)]
    frequency: Option<u32>,
}

/// `false`, or an instant.
struct FalseOr(Option<Timestamp>);

impl Serialize for FalseOr {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(at) => serializer.collect_str(&at),
            None => serializer.serialize_bool(false),
        }
    }
}

impl<'a> KeyBody<'a> {
    /// The key as this caller sees it; `id` is what stands under that name.
    pub(super) fn new(key: &'a Key, id: &'a str) -> Self {
        Self {
            id,
            tenant: key.scope.to_string(),
            name: &key.name,
            permissions: key
                .permissions
                .iter()
                .map(domain::permission::Permission::as_str)
                .collect(),
            enabled: key.enabled && key.held_at.is_none(),
            created: key.created_at.to_string(),
            revoked: FalseOr(key.revoked_at),
            expires: FalseOr(key.expires_at),
            createdby: &key.created_by,
            capacity: key.limit.map(domain::rate_limit::Limit::capacity),
            frequency: key.limit.map(domain::rate_limit::Limit::frequency_s),
        }
    }
}

/// What stands under `id`: the secret, or the key's id.
pub(super) fn shown_id(key: &Key, secret: Option<&Secret>) -> String {
    secret.map_or_else(|| key.id.to_string(), |secret| secret.expose().to_owned())
}

/// How a body came, and so how its answer goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Wrapping {
    /// The members themselves.
    Bare,
    /// `{"data":{…}}`.
    Data,
}

#[derive(Serialize)]
struct Wrapped<'a> {
    status: Success,
    data: KeyBody<'a>,
}

#[derive(Serialize)]
struct Success {
    code: u8,
}

impl Wrapping {
    /// The answer with a key, wrapped as its request was.
    pub(super) fn answer(self, key: KeyBody<'_>) -> Response<Body> {
        match self {
            Self::Bare => answer::json(StatusCode::OK, &key),
            Self::Data => {
                answer::json(StatusCode::OK, &Wrapped { status: Success { code: 0 }, data: key })
            }
        }
    }
}

#[derive(Deserialize)]
struct Probe<'a> {
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

/// Reads a body, bare or wrapped.
pub(super) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, Wrapping), Failure> {
    require_object(bytes, None)?;
    let probe: Probe<'_> = json::read(bytes)?;
    // A member `data` that holds no object is an unknown one, and those are accepted.
    match probe.data.map(|raw| raw.get().as_bytes()).filter(|data| data.starts_with(b"{")) {
        Some(data) => Ok((json::read(data)?, Wrapping::Data)),
        None => Ok((json::read(bytes)?, Wrapping::Bare)),
    }
}

/// serde reads arrays into structs, too; a wire does not.
fn require_object(bytes: &[u8], field: Option<String>) -> Result<(), Failure> {
    match bytes.trim_ascii_start().first() {
        Some(b'{') => Ok(()),
        _ => Err(Failure::BadJson { field, detail: "must be a JSON object".to_owned() }),
    }
}

/// A member that may be absent; `null` is no value of any of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Given<T>(pub(super) Option<T>);

impl<T> Default for Given<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Given<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(|value| Self(Some(value)))
    }
}

/// The value of `expires` or `revoked` in a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Moment {
    /// `false`.
    Never,
    /// `true`.
    Now,
    /// RFC 3339, or milliseconds since 1970.
    At(Timestamp),
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MomentVisitor)
    }
}

struct MomentVisitor;

impl Visitor<'_> for MomentVisitor {
    type Value = Moment;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("false, an RFC 3339 instant, or milliseconds since 1970")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Moment, E> {
        Ok(if value { Moment::Now } else { Moment::Never })
    }

    fn visit_i64<E: serde::de::Error>(self, ms: i64) -> Result<Moment, E> {
        Timestamp::checked_from_millis(ms)
            .map(Moment::At)
            .map_err(|_| E::custom("must lie in the years 1970 to 9999"))
    }

    fn visit_u64<E: serde::de::Error>(self, ms: u64) -> Result<Moment, E> {
        self.visit_i64(i64::try_from(ms).unwrap_or(-1))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Moment, E> {
        Timestamp::parse(text)
            .map(Moment::At)
            .map_err(|_| E::custom("must be an RFC 3339 instant such as 2026-12-31T23:59:59Z"))
    }
}

/// A member that the server alone fills in; in a new key it may only be empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum ReadOnly {
    /// `""`, as the published answer shows it, or `false`.
    Blank,
    /// A text.
    Text(String),
    /// A number.
    Number(i64),
    /// Anything else.
    Other,
}

impl<'de> Deserialize<'de> for ReadOnly {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ReadOnlyVisitor)
    }
}

struct ReadOnlyVisitor;

impl<'de> Visitor<'de> for ReadOnlyVisitor {
    type Value = ReadOnly;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the stored value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<ReadOnly, E> {
        Ok(if value { ReadOnly::Other } else { ReadOnly::Blank })
    }

    fn visit_i64<E>(self, value: i64) -> Result<ReadOnly, E> {
        Ok(ReadOnly::Number(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<ReadOnly, E> {
        Ok(i64::try_from(value).map_or(ReadOnly::Other, ReadOnly::Number))
    }

    fn visit_f64<E>(self, _: f64) -> Result<ReadOnly, E> {
        Ok(ReadOnly::Other)
    }

    fn visit_unit<E>(self) -> Result<ReadOnly, E> {
        Ok(ReadOnly::Other)
    }

    fn visit_str<E>(self, text: &str) -> Result<ReadOnly, E> {
        Ok(if text.is_empty() { ReadOnly::Blank } else { ReadOnly::Text(text.to_owned()) })
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<ReadOnly, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(ReadOnly::Other)
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut members: A) -> Result<ReadOnly, A::Error> {
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(ReadOnly::Other)
    }
}

/// `tenant`: a contact center's id or `*`; whatever is no text is judged with the other values, so
/// that a list of tenants is refused in words of its own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct TenantText(pub(super) Option<String>);

impl<'de> Deserialize<'de> for TenantText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match ReadOnly::deserialize(deserializer)? {
            ReadOnly::Text(text) => Self(Some(text)),
            ReadOnly::Blank | ReadOnly::Number(_) | ReadOnly::Other => Self(None),
        })
    }
}

#[cfg(test)]
mod tests;
