//! A tenant on our own wire.

use crate::{
    answer::{self, Body},
    document::words,
    etag,
    failure::Failure,
};
use domain::{
    id::{EnvironmentId, TenantId},
    tenant::{Tenant, Unacknowledged},
};
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use service::Error;
use utoipa::ToSchema;

/// The id of the tenant in the documentation.
pub(super) const ID: &str = "578ec98e-f07c-46ad-9675-f36c22f3ba9f";

/// A tenant: the boundary of isolation.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Tenant)]
pub(super) struct TenantBody<'a> {
    #[schema(value_type = words::TenantId)]
    id: String,
    #[schema(value_type = words::Name)]
    name: &'a str,
    /// The first is its short name.
    #[schema(value_type = Vec<words::Domain>)]
    domains: &'a [String],
    /// The environment that it belongs to.
    #[schema(format = "uuid")]
    environment: Option<String>,
    #[schema(value_type = Option<words::Realm>)]
    realm: Option<&'a str>,
    /// What its new keys of type `api` begin with instead of `kw_`.
    #[schema(value_type = Option<words::KeyPrefix>)]
    key_prefix: Option<&'a str>,
    /// A disabled tenant's keys, tokens, persons and clients are refused.
    enabled: bool,
    #[schema(value_type = words::KeyPolicy)]
    policy: PolicyBody,
    #[schema(value_type = words::Instant)]
    created: String,
    #[schema(value_type = words::Version)]
    version: u32,
}

/// What becomes of keys whose secrets nobody acknowledged.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PolicyBody {
    unacknowledged: Word,
    #[serde(default)]
    lapse_minutes: Option<u32>,
}

#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "camelCase")]
enum Word {
    Live,
    Inactive,
    Lapse,
}

impl<'a> TenantBody<'a> {
    pub(super) fn of(tenant: &'a Tenant) -> Self {
        Self {
            id: tenant.id.to_string(),
            name: &tenant.name,
            domains: &tenant.domains,
            environment: tenant.environment.map(|id| id.to_string()),
            realm: tenant.realm.as_deref(),
            key_prefix: tenant.key_prefix.as_deref(),
            enabled: tenant.enabled,
            policy: PolicyBody::of(tenant.unacknowledged),
            created: tenant.created_at.to_string(),
            version: tenant.version,
        }
    }
}

impl PolicyBody {
    const fn of(policy: Unacknowledged) -> Self {
        match policy {
            Unacknowledged::Live => Self { unacknowledged: Word::Live, lapse_minutes: None },
            Unacknowledged::Inactive => {
                Self { unacknowledged: Word::Inactive, lapse_minutes: None }
            }
            Unacknowledged::Lapse(minutes) => {
                Self { unacknowledged: Word::Lapse, lapse_minutes: Some(minutes) }
            }
        }
    }

    pub(super) fn read(&self) -> Result<Unacknowledged, Error> {
        let bad = |detail: &str| Err(Error::invalid("policy.lapseMinutes", detail));
        match (self.unacknowledged, self.lapse_minutes) {
            (Word::Live, None) => Ok(Unacknowledged::Live),
            (Word::Inactive, None) => Ok(Unacknowledged::Inactive),
            (Word::Lapse, Some(minutes)) => Ok(Unacknowledged::Lapse(minutes)),
            (Word::Lapse, None) => bad("is needed with `lapse`"),
            (Word::Live | Word::Inactive, Some(_)) => bad("goes with `lapse` alone"),
        }
    }
}

/// A tenant as the answer, its version as the entity tag.
pub(super) fn shown(status: StatusCode, tenant: &Tenant) -> Response<Body> {
    etag::add(answer::json(status, &TenantBody::of(tenant)), tenant.version)
}

/// The id in a path. Anything else names nothing.
pub(super) fn id(text: &str) -> Result<TenantId, Failure> {
    TenantId::parse(text).map_err(|_| Failure::Service(Error::NotFound))
}

/// The id of an environment.
pub(super) fn environment(text: &str) -> Result<EnvironmentId, Error> {
    EnvironmentId::parse(text)
        .map_err(|_| Error::invalid("environment", "must be the id of an environment"))
}

/// The tenant of the documentation.
pub(super) fn example() -> Value {
    json!({
        "id": ID,
        "name": "Acme",
        "domains": ["acme"],
        "environment": null,
        "realm": "acme",
        "keyPrefix": "acme_",
        "enabled": true,
        "policy": {"unacknowledged": "lapse", "lapseMinutes": 60},
        "created": "2026-03-01T12:00:00.000Z",
        "version": 1,
    })
}
