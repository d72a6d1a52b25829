//! A key type on our own wire.

use crate::{
    answer::{self, Body},
    document::words,
    etag,
};
use domain::{
    key_type::{Format, KeyType, Permissions, Place, Reveal, Settings},
    permission::Permission,
    rate_limit::Limit,
};
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use service::{Error, keys::bad_limit};
use utoipa::ToSchema;

/// A key type: what a key is for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = KeyType)]
pub(super) struct KeyTypeBody<'a> {
    name: &'a str,
    /// Whose it is; `null` of a type that every installation has.
    #[schema(value_type = Option<words::TenantId>)]
    tenant: Option<String>,
    /// Whether every installation has it; then it cannot change.
    seeded: bool,
    description: Option<&'a str>,
    format: FormatBody,
    #[schema(value_type = words::KeyReveal)]
    reveal: &'static str,
    #[schema(value_type = Vec<words::KeyPlace>)]
    presented_in: Vec<PlaceBody>,
    permissions: PermissionsBody,
    /// The limit of a key whose creator names none.
    default_limit: Option<LimitBody>,
    /// Settings of its keys that may change.
    #[schema(value_type = Vec<words::KeySetting>)]
    settings: Vec<&'static str>,
    /// What may be done to its keys, in the words of the routes.
    actions: Vec<&'static str>,
    #[schema(value_type = words::Version)]
    version: u32,
}

/// How secrets are made: by the caller's choice, as JWTs, as UUIDs, or at random behind a prefix.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = KeyFormat)]
pub(super) struct FormatBody {
    kind: FormatKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    prefix: Option<String>,
}

#[derive(Serialize, Deserialize, Clone, Copy, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = KeyFormatKind)]
enum FormatKind {
    Random,
    Uuid,
    Chosen,
    Jwt,
}

/// Where a key is presented: `{"header":"x-api-key"}`, `"bearer"`, `{"parameter":"jwt"}`.
#[derive(Serialize, Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
pub(in super::super) enum PlaceBody {
    Header(String),
    Bearer,
    Parameter(String),
}

/// Which permissions keys may have: some of one namespace, always the same, those that follow from
/// their owners' roles, or any of the tenant's own.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase", tag = "kind")]
#[schema(as = KeyTypePermissions)]
enum PermissionsBody {
    Within { namespace: &'static str },
    Fixed { permissions: Vec<String> },
    OwnersRoles,
    TenantsOwn,
}

/// At most `capacity` units in every interval of `frequency` seconds.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DefaultLimit)]
pub(super) struct LimitBody {
    #[schema(value_type = words::Capacity)]
    capacity: u32,
    #[schema(value_type = words::Frequency)]
    frequency: u32,
}

impl<'a> KeyTypeBody<'a> {
    pub(super) fn of(of_type: &'a KeyType) -> Self {
        Self {
            name: &of_type.name,
            tenant: of_type.tenant.map(|tenant| tenant.to_string()),
            seeded: of_type.tenant.is_none(),
            description: of_type.description.as_deref(),
            format: FormatBody::of(&of_type.format),
            reveal: of_type.reveal.as_str(),
            presented_in: of_type.presented_in.iter().map(PlaceBody::of).collect(),
            permissions: PermissionsBody::of(&of_type.permissions),
            default_limit: of_type
                .default_limit
                .map(|l| LimitBody { capacity: l.capacity(), frequency: l.frequency_s() }),
            settings: of_type.settings.words().collect(),
            actions: of_type.action_words().collect(),
            version: of_type.version,
        }
    }
}

impl FormatBody {
    fn of(format: &Format) -> Self {
        let kind = match format {
            Format::Uuid => FormatKind::Uuid,
            Format::Random { .. } => FormatKind::Random,
            Format::Chosen => FormatKind::Chosen,
            Format::Jwt => FormatKind::Jwt,
        };
        Self { kind, prefix: format.prefix().map(str::to_owned) }
    }

    pub(super) fn read(self) -> Result<Format, Error> {
        match (self.kind, self.prefix) {
            (FormatKind::Random, Some(prefix)) => Ok(Format::Random { prefix }),
            (FormatKind::Random, None) => {
                Err(Error::invalid("format.prefix", "is needed with `random`, such as `acme_`"))
            }
            (_, Some(_)) => Err(Error::invalid("format.prefix", "goes with `random` alone")),
            (FormatKind::Uuid, None) => Ok(Format::Uuid),
            (FormatKind::Chosen, None) => Ok(Format::Chosen),
            (FormatKind::Jwt, None) => Ok(Format::Jwt),
        }
    }
}

impl PlaceBody {
    pub(in super::super) fn of(place: &Place) -> Self {
        match place {
            Place::Header(name) => Self::Header(name.to_string()),
            Place::Bearer => Self::Bearer,
            Place::Parameter(name) => Self::Parameter(name.to_string()),
        }
    }

    pub(in super::super) fn read(&self) -> Result<Place, Error> {
        let place = match self {
            Self::Header(name) => Place::parse(&format!("header {}", name.to_ascii_lowercase())),
            Self::Bearer => Some(Place::Bearer),
            Self::Parameter(name) => Place::parse(&format!("parameter {name}")),
        };
        let why = "must be a header or a parameter with a plain name of its own, or `bearer`";
        place.ok_or_else(|| Error::invalid("presentedIn", why))
    }
}

impl PermissionsBody {
    fn of(permissions: &Permissions) -> Self {
        match permissions {
            Permissions::Within(namespace) => Self::Within { namespace },
            Permissions::Fixed(fixed) => Self::Fixed {
                permissions: fixed.iter().map(Permission::as_str).map(str::to_owned).collect(),
            },
            Permissions::OwnersRoles => Self::OwnersRoles,
            Permissions::TenantsOwn => Self::TenantsOwn,
        }
    }
}

impl LimitBody {
    pub(super) fn read(&self) -> Result<Limit, Error> {
        Limit::new(self.capacity, self.frequency).map_err(bad_limit)
    }
}

pub(super) fn places(places: &[PlaceBody]) -> Result<Vec<Place>, Error> {
    places.iter().map(PlaceBody::read).collect()
}

pub(super) fn reveal(text: &str) -> Result<Reveal, Error> {
    let why = "must be `once`, `onceAcknowledged` or `recoverable`";
    Reveal::parse(text).ok_or_else(|| Error::invalid("reveal", why))
}

pub(super) fn settings(words: &[String]) -> Result<Settings, Error> {
    Settings::from_words(words.iter().map(String::as_str)).ok_or_else(|| {
        let all: Vec<&str> = Settings::ALL.words().collect();
        Error::invalid("settings", format!("must be some of `{}`", all.join("`, `")))
    })
}

/// A key type as the answer, its version as the entity tag.
pub(super) fn shown(status: StatusCode, of_type: &KeyType) -> Response<Body> {
    etag::add(answer::json(status, &KeyTypeBody::of(of_type)), of_type.version)
}

/// The key type of the documentation.
pub(super) fn example() -> Value {
    json!({
        "name": "partner",
        "tenant": "578ec98e-f07c-46ad-9675-f36c22f3ba9f",
        "seeded": false,
        "description": "Servers of partners",
        "format": {"kind": "random", "prefix": "prt_"},
        "reveal": "once",
        "presentedIn": ["bearer", {"header": "x-api-key"}],
        "permissions": {"kind": "tenantsOwn"},
        "defaultLimit": {"capacity": 120, "frequency": 60},
        "settings": ["name", "description", "expiry", "limit", "allowList", "permissions"],
        "actions": ["enable", "disable", "rotate", "acknowledge", "copy", "revoke", "delete"],
        "version": 1,
    })
}
