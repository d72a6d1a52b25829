//! A policy on our own wire, and what routes of the gateway read of it, too.

use crate::{
    answer::{self, Body},
    document::words,
    etag,
    surfaces::native::key_types::wire::PlaceBody,
};
use domain::{
    id::TenantId,
    key_type::Place,
    policy::{Envelope, IdentityHeaders, LimitedAs, Policy, Source, Tokens, Wanted},
    rate_limit::Limit,
};
use http::{Response, StatusCode};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{self, MapAccess, Visitor},
};
use serde_json::{Value, json};
use service::{Error, keys::bad_limit};
use std::fmt;
use utoipa::ToSchema;

/// What the name of a policy, or of a route, looks like.
pub(in super::super) const NAME: &str = "^[a-z0-9_-]{1,64}$";

/// What a call must present to pass.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Policy)]
pub(in super::super) struct PolicyBody<'a> {
    #[schema(value_type = words::RuleName)]
    name: &'a str,
    /// Whose keys pass, and those of the cluster; `null`: any tenant's.
    #[schema(value_type = Option<words::TenantId>)]
    tenant: Option<String>,
    /// The key types that pass; empty: any.
    key_types: &'a [String],
    #[schema(value_type = words::WantedPermissions)]
    permission: Option<PermissionBody>,
    /// Where a key may be presented.
    #[schema(value_type = Vec<words::KeyPlace>)]
    presented_in: Vec<PlaceBody>,
    #[schema(value_type = words::TokensPass)]
    tokens: &'static str,
    /// Units that a call takes from the key's limit.
    #[schema(maximum = 1_000_000)]
    cost: u32,
    /// A ceiling over all calls together, besides the key's own.
    limit: Option<CeilingBody>,
    #[schema(value_type = words::LimitedAs)]
    limited_as: u16,
    #[schema(value_type = words::Envelope)]
    envelope: &'static str,
    identity_headers: IdentityBody,
    #[schema(value_type = words::RuleSource)]
    source: &'static str,
    /// `null` of what the configuration holds.
    #[schema(value_type = Option<words::Instant>)]
    created: Option<String>,
    /// Counts up with each change; 0 of what the configuration holds.
    version: u32,
}

/// The permissions that a key must hold: one, one of several, or all of them.
#[derive(Serialize, Clone)]
#[serde(untagged)]
pub(in super::super) enum PermissionBody {
    One(String),
    Any(AnyOf),
    All(AllOf),
}

#[derive(Serialize, Clone)]
pub(in super::super) struct AnyOf {
    any: Vec<String>,
}

#[derive(Serialize, Clone)]
pub(in super::super) struct AllOf {
    all: Vec<String>,
}

/// At most `capacity` units in every interval of `frequency` seconds, of all calls together.
#[derive(Serialize, Deserialize, Clone, Copy, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Ceiling)]
pub(in super::super) struct CeilingBody {
    #[schema(value_type = words::Capacity)]
    capacity: u32,
    #[schema(value_type = words::Frequency)]
    frequency: u32,
}

/// Under which names the upstream learns whose key it was; those that are left out have their usual
/// names.
#[derive(Serialize, Deserialize, Clone, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = IdentityHeaders)]
pub(in super::super) struct IdentityBody {
    #[serde(default)]
    #[schema(value_type = words::HeaderName, required = false)]
    tenant: Option<String>,
    #[serde(default)]
    #[schema(value_type = words::HeaderName, required = false)]
    key_id: Option<String>,
    #[serde(default)]
    #[schema(value_type = words::HeaderName, required = false)]
    key_name: Option<String>,
    #[serde(default)]
    #[schema(value_type = words::HeaderName, required = false)]
    permissions: Option<String>,
}

impl<'a> PolicyBody<'a> {
    pub(in super::super) fn of(policy: &'a Policy) -> Self {
        let (source, created) = match policy.source {
            Source::Configuration => ("configuration", None),
            Source::Stored { created_at, .. } => ("stored", Some(created_at.to_string())),
        };
        Self {
            name: &policy.name,
            tenant: policy.tenant.map(|tenant| tenant.to_string()),
            key_types: &policy.key_types,
            permission: PermissionBody::of(&policy.wanted),
            presented_in: policy.presented_in.iter().map(PlaceBody::of).collect(),
            tokens: policy.tokens.as_str(),
            cost: policy.cost,
            limit: policy
                .limit
                .map(|l| CeilingBody { capacity: l.capacity(), frequency: l.frequency_s() }),
            limited_as: policy.limited_as.status(),
            envelope: policy.envelope.as_str(),
            identity_headers: IdentityBody::of(&policy.identity),
            source,
            created,
            version: policy.source.version(),
        }
    }
}

impl PermissionBody {
    fn of(wanted: &Wanted) -> Option<Self> {
        match (wanted.permissions.as_slice(), wanted.any) {
            ([], _) => None,
            ([one], _) => Some(Self::One(one.clone())),
            (several, true) => Some(Self::Any(AnyOf { any: several.to_vec() })),
            (several, false) => Some(Self::All(AllOf { all: several.to_vec() })),
        }
    }

    pub(in super::super) fn wanted(body: Option<Self>) -> Wanted {
        let (any, permissions) = match body {
            None => (false, Vec::new()),
            Some(Self::One(one)) => (false, vec![one]),
            Some(Self::Any(AnyOf { any })) => (any.len() != 1, any),
            Some(Self::All(AllOf { all })) => (false, all),
        };
        Wanted { any, permissions }
    }
}

impl<'de> Deserialize<'de> for PermissionBody {
    fn deserialize<D: Deserializer<'de>>(body: D) -> Result<Self, D::Error> {
        body.deserialize_any(PermissionVisitor)
    }
}

struct PermissionVisitor;

impl<'de> Visitor<'de> for PermissionVisitor {
    type Value = PermissionBody;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a permission, or an object with one of `all`, `any`")
    }

    fn visit_str<E>(self, one: &str) -> Result<PermissionBody, E> {
        Ok(PermissionBody::One(one.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<PermissionBody, A::Error> {
        let read = match members.next_key::<String>()?.as_deref() {
            Some("any") => PermissionBody::Any(AnyOf { any: members.next_value()? }),
            Some("all") => PermissionBody::All(AllOf { all: members.next_value()? }),
            Some(_) | None => return Err(one_of_two()),
        };
        match members.next_key::<String>()? {
            None => Ok(read),
            Some(_) => Err(one_of_two()),
        }
    }
}

fn one_of_two<E: de::Error>() -> E {
    E::custom("must have one of `all`, `any`, and nothing else")
}

impl CeilingBody {
    pub(in super::super) fn read(&self) -> Result<Limit, Error> {
        Limit::new(self.capacity, self.frequency).map_err(bad_limit)
    }
}

impl IdentityBody {
    fn of(identity: &IdentityHeaders) -> Self {
        Self {
            tenant: Some(identity.tenant.clone()),
            key_id: Some(identity.key_id.clone()),
            key_name: Some(identity.key_name.clone()),
            permissions: Some(identity.permissions.clone()),
        }
    }

    pub(in super::super) fn read(&self) -> IdentityHeaders {
        let usual = IdentityHeaders::default();
        let name = |given: &Option<String>, usual: String| {
            given.as_ref().map_or(usual, |name| name.to_ascii_lowercase())
        };
        IdentityHeaders {
            tenant: name(&self.tenant, usual.tenant),
            key_id: name(&self.key_id, usual.key_id),
            key_name: name(&self.key_name, usual.key_name),
            permissions: name(&self.permissions, usual.permissions),
        }
    }
}

pub(in super::super) fn places(places: &[PlaceBody]) -> Result<Vec<Place>, Error> {
    places.iter().map(PlaceBody::read).collect()
}

pub(in super::super) fn limited_as(status: u32) -> Result<LimitedAs, Error> {
    let why = "must be 429 or 403";
    LimitedAs::from_status(status).ok_or_else(|| Error::invalid("limitedAs", why))
}

pub(in super::super) fn envelope(text: &str) -> Result<Envelope, Error> {
    let why = "must be `problem`, `ges`, `nexus`, `experience` or `nexusone`";
    Envelope::parse(text).ok_or_else(|| Error::invalid("envelope", why))
}

pub(in super::super) fn tokens(text: &str) -> Result<Tokens, Error> {
    let why = "must be `refused`, `accepted` or `only`";
    Tokens::parse(text).ok_or_else(|| Error::invalid("tokens", why))
}

/// Whose keys pass: of nobody in particular, of any tenant, of one.
pub(in super::super) fn tenant(
    given: Option<&Option<String>>,
) -> Result<Option<Option<TenantId>>, Error> {
    let why = "must be a tenant's id, or `null`";
    let read = |text: &String| TenantId::parse(text).map_err(|_| Error::invalid("tenant", why));
    given.map(|text| text.as_ref().map(read).transpose()).transpose()
}

/// A policy as the answer, its version as the entity tag.
pub(super) fn shown(status: StatusCode, policy: &Policy) -> Response<Body> {
    etag::add(answer::json(status, &PolicyBody::of(policy)), policy.source.version())
}

/// The policy of the documentation.
pub(in super::super) fn example() -> Value {
    json!({
        "name": "orders",
        "tenant": null,
        "keyTypes": ["api"],
        "permission": "orders:read",
        "presentedIn": ["bearer", {"header": "x-api-key"}],
        "tokens": "refused",
        "cost": 1,
        "limit": {"capacity": 6000, "frequency": 60},
        "limitedAs": 403,
        "envelope": "problem",
        "identityHeaders": {
            "tenant": "x-keyward-tenant",
            "keyId": "x-keyward-key-id",
            "keyName": "x-keyward-key-name",
            "permissions": "x-keyward-permissions",
        },
        "source": "stored",
        "created": "2026-03-01T12:00:00.000Z",
        "version": 1,
    })
}
