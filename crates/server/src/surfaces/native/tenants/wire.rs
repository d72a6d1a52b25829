//! A tenant on our own wire.

use crate::{
    answer::{self, Body},
    etag,
    failure::Failure,
};
use domain::{
    id::{EnvironmentId, TenantId},
    tenant::{Tenant, Unacknowledged},
};
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use service::Error;

/// A tenant as it is shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TenantBody<'a> {
    id: String,
    name: &'a str,
    domains: &'a [String],
    environment: Option<String>,
    realm: Option<&'a str>,
    key_prefix: Option<&'a str>,
    enabled: bool,
    policy: PolicyBody,
    created: String,
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
