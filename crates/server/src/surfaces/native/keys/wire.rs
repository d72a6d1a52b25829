//! A key on our own wire, and the values that several of its operations read.

use super::{allow_list::AllowListBody, rotation::RotationBody};
use crate::{
    answer::{self, Body},
    document::words,
    etag,
    failure::Failure,
};
use domain::{
    id::KeyId,
    key::{Availability, Key},
    permission::Permission,
    rate_limit,
    time::Timestamp,
};
use http::{Response, StatusCode};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};
use service::{Error, keys::Created};
use utoipa::ToSchema;

/// A key without its secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Key)]
pub(super) struct KeyBody<'a> {
    #[schema(value_type = words::KeyId)]
    id: String,
    key_type: &'a str,
    #[schema(value_type = words::Scope)]
    tenant: String,
    name: &'a str,
    description: Option<&'a str>,
    /// The person whom a personal key belongs to.
    #[schema(value_type = Option<words::PersonId>)]
    owner: Option<String>,
    permissions: Vec<&'a str>,
    enabled: bool,
    #[schema(value_type = Option<words::Instant>)]
    starts_at: Option<String>,
    #[schema(value_type = Option<words::Instant>)]
    expires: Option<String>,
    #[schema(value_type = Option<words::Instant>)]
    revoked: Option<String>,
    revoke_reason: Option<&'a str>,
    /// `available`, `soonUnavailable` (within 30 days) or `unavailable`.
    availability: &'static str,
    limit: Option<LimitBody>,
    /// Its schedule of rotation.
    rotation: Option<RotationBody>,
    /// When its current secret ends unless it is rotated before: of types shown once, on a schedule.
    #[schema(value_type = Option<words::Instant>)]
    secret_ends: Option<String>,
    allow_list: AllowListBody,
    /// The secret's beginning and its last four characters.
    hint: &'a str,
    /// When somebody confirmed that the secret is stored.
    #[schema(value_type = Option<words::Instant>)]
    acknowledged: Option<String>,
    /// Since when it is held back, because nobody used it for as long as its tenant's policy says.
    #[schema(value_type = Option<words::Instant>)]
    held: Option<String>,
    #[schema(value_type = words::Instant)]
    created: String,
    created_by: &'a str,
    version: u32,
}

/// At most `capacity` units in every interval of `frequency` seconds.
#[derive(Serialize, ToSchema)]
#[schema(as = KeyLimit)]
struct LimitBody {
    #[schema(value_type = words::Capacity)]
    capacity: u32,
    #[schema(value_type = words::Frequency)]
    frequency: u32,
}

/// A key with its secret: in the answer that made the secret, and where it is revealed.
#[derive(Serialize, ToSchema)]
pub(super) struct KeyWithSecret<'a> {
    #[serde(flatten)]
    pub(super) key: KeyBody<'a>,
    /// Absent where a repetition with the same `Idempotency-Key` is answered.
    #[schema(value_type = words::Secret, required = false)]
    pub(super) secret: &'a str,
    /// What its maker should know: of a weak secret, of a key that is accepted from anywhere. Absent
    /// when nothing is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub(super) warnings: Vec<&'static str>,
}

impl<'a> KeyBody<'a> {
    pub(super) fn of(key: &'a Key, now: Timestamp) -> Self {
        let instant = |at: Option<Timestamp>| at.map(|at| at.to_string());
        Self {
            id: key.id.to_string(),
            key_type: &key.key_type,
            tenant: key.scope.to_string(),
            name: &key.name,
            description: key.description.as_deref(),
            owner: key.owner.map(|owner| owner.to_string()),
            permissions: key.permissions.iter().map(Permission::as_str).collect(),
            enabled: key.enabled,
            starts_at: instant(key.starts_at),
            expires: instant(key.expires_at),
            revoked: instant(key.revoked_at),
            revoke_reason: key.revoke_reason.as_deref(),
            availability: match key.availability(now) {
                Availability::Available => "available",
                Availability::SoonUnavailable => "soonUnavailable",
                Availability::Unavailable => "unavailable",
            },
            limit: key
                .limit
                .map(|l| LimitBody { capacity: l.capacity(), frequency: l.frequency_s() }),
            rotation: key.rotation.map(RotationBody::of),
            secret_ends: instant(key.secret_ends_at),
            allow_list: AllowListBody::of(&key.allow_list),
            hint: &key.hint,
            acknowledged: instant(key.acknowledged_at),
            held: instant(key.held_at),
            created: key.created_at.to_string(),
            created_by: &key.created_by,
            version: key.version,
        }
    }
}

/// The id of the key in the documentation.
pub(super) const EXAMPLE_ID: &str = "key_0H7mQXr2vLk9TzB4cWfYpN";

/// A key in the documentation.
pub(super) fn example() -> Value {
    json!({
        "id": EXAMPLE_ID,
        "keyType": "api",
        "tenant": "578ec98e-f07c-46ad-9675-f36c22f3ba9f",
        "name": "orders, production",
        "description": null,
        "owner": null,
        "permissions": ["orders:read"],
        "enabled": true,
        "startsAt": null,
        "expires": "2027-12-31T00:00:00.000Z",
        "revoked": null,
        "revokeReason": null,
        "availability": "available",
        "limit": {"capacity": 100, "frequency": 60},
        "rotation": null,
        "secretEnds": null,
        "allowList": {"origins": [], "addresses": ["192.0.2.0/24"], "methods": [], "paths": []},
        "hint": "kw_…x7Qd",
        "acknowledged": null,
        "held": null,
        "created": "2026-11-22T09:30:00.000Z",
        "createdBy": "ops",
        "version": 1,
    })
}

/// The same, where its secret is shown.
pub(super) fn example_with_secret() -> Value {
    let mut example = example();
    if let Some(members) = example.as_object_mut() {
        members.insert("secret".to_owned(), json!("kw_example-not-a-secret"));
    }
    example
}

/// A key as the answer, its version as the entity tag.
pub(super) fn shown(key: &Key, now: Timestamp) -> Response<Body> {
    etag::add(answer::json(StatusCode::OK, &KeyBody::of(key, now)), key.version)
}

/// The same with the secret.
pub(super) fn with_secret(status: StatusCode, made: &Created, now: Timestamp) -> Response<Body> {
    let Created { key, secret } = made;
    let body = KeyWithSecret {
        key: KeyBody::of(key, now),
        secret: secret.expose(),
        warnings: made.warnings(),
    };
    etag::add(answer::json(status, &body), key.version)
}

/// The id in a path. Anything else names nothing here: a secret is no name on this wire.
pub(super) fn id(text: &str) -> Result<KeyId, Failure> {
    KeyId::parse(text).map_err(|_| Failure::Service(Error::NotFound))
}

/// For members whose `null` says something: `Some` whenever the member is there.
pub(super) fn given<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// An instant of the body.
pub(super) fn instant(field: &'static str, text: &str) -> Result<Timestamp, Error> {
    Timestamp::parse(text).map_err(|_| {
        Error::invalid(field, "must be an RFC 3339 instant such as 2026-12-31T23:59:59Z")
    })
}

/// A member that may be an instant or `null`.
pub(super) fn instant_or_null(
    field: &'static str,
    value: Option<&Option<String>>,
) -> Result<Option<Option<Timestamp>>, Error> {
    value.map(|v| v.as_deref().map(|text| instant(field, text)).transpose()).transpose()
}

pub(super) fn permissions(texts: &[String]) -> Result<Vec<Permission>, Error> {
    let form = "must be 2 to 6 parts of a-z, 0-9, `_` and `-`, joined by `:`; the last may be `*`";
    let parse =
        |text: &String| Permission::parse(text).map_err(|_| Error::invalid("permissions", form));
    texts.iter().map(parse).collect()
}

/// A limit of a new key.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewKeyLimit)]
pub(super) struct WholeLimit {
    #[schema(value_type = words::Capacity)]
    pub(super) capacity: u32,
    #[schema(value_type = words::Frequency)]
    pub(super) frequency: u32,
}

impl WholeLimit {
    pub(super) fn read(&self) -> Result<rate_limit::Limit, Error> {
        rate_limit::Limit::new(self.capacity, self.frequency).map_err(service::keys::bad_limit)
    }
}
