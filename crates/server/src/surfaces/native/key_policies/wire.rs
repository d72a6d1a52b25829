//! A policy for keys on our own wire.

use crate::{
    answer::{self, Body},
    document::words,
    etag,
    failure::Failure,
};
use domain::{id::Scope, key_policy::KeyPolicy};
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use service::Error;
use utoipa::ToSchema;

/// The tenant of the documentation.
pub(super) const TENANT: &str = "578ec98e-f07c-46ad-9675-f36c22f3ba9f";
/// What the path calls whose keys they are.
pub(super) const ABOUT_TENANT: &str = "The tenant's id, or `*` for the cluster's own keys.";
/// What the path calls the type.
pub(super) const ABOUT_TYPE: &str =
    "The key type's name, or `*` for every type without a policy of its own.";
/// What the name of a key type looks like, or what stands for all of them.
pub(super) const TYPE: &str = "^(\\*|[a-z0-9-]{1,64})$";

/// What a tenant says of its keys of one type.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = KeyTypePolicy)]
pub(super) struct KeyPolicyBody<'a> {
    #[schema(value_type = words::Scope)]
    tenant: String,
    /// `*`: every type without a policy of its own, each by itself.
    #[schema(pattern = "^(\\*|[a-z0-9-]{1,64})$")]
    key_type: &'a str,
    /// Days that a key lives whose creator named no end.
    #[schema(minimum = 1, maximum = 36_500)]
    default_life_days: Option<u32>,
    /// Days after which a key must have ended: from its creation, or from a change of its end.
    #[schema(minimum = 1, maximum = 36_500)]
    longest_life_days: Option<u32>,
    /// Whether a key must say what it is for.
    description_required: bool,
    /// The most keys that are neither deleted nor revoked nor expired.
    #[schema(minimum = 1, maximum = 1_000_000)]
    most_keys: Option<u32>,
    /// The most such keys that belong to one person, or that one person or client made.
    #[schema(minimum = 1, maximum = 1_000_000)]
    most_keys_per_person: Option<u32>,
    /// The most keys that are made within a minute.
    #[schema(minimum = 1, maximum = 1_000_000)]
    most_new_per_minute: Option<u32>,
    /// Days without use after which a key is held back.
    #[schema(minimum = 1, maximum = 36_500)]
    unused_days: Option<u32>,
    #[schema(value_type = words::Instant)]
    created: String,
    #[schema(value_type = words::Version)]
    version: u32,
}

impl<'a> KeyPolicyBody<'a> {
    pub(super) fn of(policy: &'a KeyPolicy) -> Self {
        Self {
            tenant: policy.scope.to_string(),
            key_type: &policy.key_type,
            default_life_days: policy.default_life_days,
            longest_life_days: policy.longest_life_days,
            description_required: policy.description_required,
            most_keys: policy.most_keys,
            most_keys_per_person: policy.most_keys_per_person,
            most_new_per_minute: policy.most_new_per_minute,
            unused_days: policy.unused_days,
            created: policy.created_at.to_string(),
            version: policy.version,
        }
    }
}

/// A policy as the answer, its version as the entity tag.
pub(super) fn shown(status: StatusCode, policy: &KeyPolicy) -> Response<Body> {
    etag::add(answer::json(status, &KeyPolicyBody::of(policy)), policy.version)
}

/// Whose keys, in a path. Anything else names nothing.
pub(super) fn scope(text: &str) -> Result<Scope, Failure> {
    Scope::parse(text).map_err(|_| Failure::Service(Error::NotFound))
}

/// The policy of the documentation.
pub(super) fn example() -> Value {
    json!({
        "tenant": TENANT,
        "keyType": "api",
        "defaultLifeDays": 90,
        "longestLifeDays": 365,
        "descriptionRequired": true,
        "mostKeys": 200,
        "mostKeysPerPerson": 20,
        "mostNewPerMinute": 10,
        "unusedDays": 90,
        "created": "2026-03-01T12:00:00.000Z",
        "version": 1,
    })
}
