//! A tenant on our own wire.

use super::super::members::given;
use crate::{
    answer::{self, Body},
    document::words,
    etag,
    failure::Failure,
};
use domain::{
    id::{EnvironmentId, TenantId},
    signing::Algorithm,
    tenant::{Tenant, Unacknowledged, WarningDays},
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
    /// How its realm signs tokens; a new one takes over with the next signing key.
    #[schema(value_type = words::SigningAlgorithm)]
    signing_algorithm: &'static str,
    /// The gateway route that its checked calls of OpenConnect go to; without one they are answered.
    #[schema(value_type = Option<words::RuleName>)]
    openconnect_route: Option<&'a str>,
    /// A disabled tenant's keys, tokens, persons and clients are refused.
    enabled: bool,
    #[schema(value_type = words::KeyPolicy)]
    policy: PolicyBody,
    #[schema(value_type = words::Instant)]
    created: String,
    #[schema(value_type = words::Version)]
    version: u32,
}

/// What the tenant wants of its keys.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PolicyBody {
    #[serde(default, deserialize_with = "given")]
    unacknowledged: Option<Word>,
    #[serde(default)]
    lapse_minutes: Option<u32>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    require_allow_list: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    warning_days: Option<Vec<u16>>,
}

/// What a request says of it.
#[derive(Default)]
pub(super) struct Policy {
    pub(super) unacknowledged: Option<Unacknowledged>,
    pub(super) allow_list_required: Option<bool>,
    pub(super) warning_days: Option<WarningDays>,
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
            signing_algorithm: tenant.signing_algorithm.as_str(),
            openconnect_route: tenant.openconnect_route.as_deref(),
            enabled: tenant.enabled,
            policy: PolicyBody::of(tenant),
            created: tenant.created_at.to_string(),
            version: tenant.version,
        }
    }
}

impl PolicyBody {
    fn of(tenant: &Tenant) -> Self {
        let (unacknowledged, lapse_minutes) = match tenant.unacknowledged {
            Unacknowledged::Live => (Word::Live, None),
            Unacknowledged::Inactive => (Word::Inactive, None),
            Unacknowledged::Lapse(minutes) => (Word::Lapse, Some(minutes)),
        };
        Self {
            unacknowledged: Some(unacknowledged),
            lapse_minutes,
            require_allow_list: tenant.allow_list_required.then_some(true),
            warning_days: Some(tenant.warning_days.iter().collect()),
        }
    }

    pub(super) fn read(&self) -> Result<Policy, Error> {
        let bad = |detail: &str| Err(Error::invalid("policy.lapseMinutes", detail));
        let unacknowledged = match (self.unacknowledged, self.lapse_minutes) {
            (Some(Word::Live), None) => Some(Unacknowledged::Live),
            (Some(Word::Inactive), None) => Some(Unacknowledged::Inactive),
            (Some(Word::Lapse), Some(minutes)) => Some(Unacknowledged::Lapse(minutes)),
            (Some(Word::Lapse), None) => return bad("is needed with `lapse`"),
            (None, None) if self.require_allow_list.is_some() || self.warning_days.is_some() => {
                None
            }
            (None, None) => return Err(Error::invalid("policy", "says nothing")),
            (_, Some(_)) => return bad("goes with `lapse` alone"),
        };
        let warning_days = self.warning_days.as_deref().map(|days| {
            WarningDays::new(days).ok_or_else(|| {
                let wanted = format!(
                    "must be at most {} different days of 1 to {}",
                    WarningDays::MOST,
                    WarningDays::LARGEST
                );
                Error::invalid("policy.warningDays", wanted)
            })
        });
        Ok(Policy {
            unacknowledged,
            allow_list_required: self.require_allow_list,
            warning_days: warning_days.transpose()?,
        })
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

/// How a realm is to sign.
pub(super) fn algorithm(text: Option<&str>) -> Result<Option<Algorithm>, Error> {
    text.map(|text| {
        Algorithm::parse(text).ok_or_else(|| {
            Error::invalid("signingAlgorithm", "must be `RS256`, `ES256` or `EdDSA`")
        })
    })
    .transpose()
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
        "signingAlgorithm": "RS256",
        "openconnectRoute": null,
        "enabled": true,
        "policy": {
            "unacknowledged": "lapse",
            "lapseMinutes": 60,
            "warningDays": [30, 14, 7, 1],
        },
        "created": "2026-03-01T12:00:00.000Z",
        "version": 1,
    })
}
