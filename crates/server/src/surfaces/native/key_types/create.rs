//! `POST /v1/key-types`: a type of a tenant's own.

use super::wire::{self, FormatBody, KeyTypeBody, LimitBody, PlaceBody};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, words},
    extract::{Caller, Json},
    failure::Failure,
};
use axum::extract::State;
use domain::{
    id::TenantId,
    key_type::{Place, Reveal, Settings},
};
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use service::{Error, key_types::CreateKeyType};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[schema(value_type = words::KeyTypeName)]
    name: String,
    #[schema(value_type = words::NewKeyFormat)]
    format: FormatBody,
    /// Whose it will be; the caller's tenant where it is left out.
    #[serde(default)]
    #[schema(value_type = Option<words::TenantId>)]
    tenant: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<words::Description>)]
    description: Option<String>,
    /// `once` unless named.
    #[serde(default)]
    #[schema(value_type = Option<words::KeyReveal>)]
    reveal: Option<String>,
    /// `Authorization: Bearer` and `x-api-key` unless named.
    #[serde(default)]
    #[schema(value_type = Option<Vec<words::KeyPlace>>, min_items = 1, max_items = 8)]
    presented_in: Option<Vec<PlaceBody>>,
    /// Says nothing but what is so anyhow.
    #[serde(default, rename = "permissions")]
    #[schema(value_type = Option<words::OwnPermissions>)]
    _permissions: Option<OwnPermissions>,
    #[serde(default)]
    default_limit: Option<LimitBody>,
    /// All of them unless named.
    #[serde(default)]
    #[schema(value_type = Option<Vec<words::KeySetting>>)]
    settings: Option<Vec<String>>,
}

/// The one kind of permissions that a tenant's own type has.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct OwnPermissions {
    #[serde(rename = "kind")]
    _kind: OwnKind,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum OwnKind {
    TenantsOwn,
}

pub(in super::super) async fn create(
    State(app): State<App>,
    Caller(caller): Caller,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let wanted = request.into_type(&caller)?;
    let made = app.service().create_key_type(&caller, wanted).await?;
    Ok(wire::shown(StatusCode::CREATED, &made))
}

impl Request {
    fn into_type(self, caller: &service::Caller) -> Result<CreateKeyType, Error> {
        let tenant = match &self.tenant {
            Some(text) => TenantId::parse(text)
                .map_err(|_| Error::invalid("tenant", "must be a tenant's id"))?,
            None => caller
                .bound_to()
                .ok_or_else(|| Error::invalid("tenant", "is missing: name a tenant"))?,
        };
        Ok(CreateKeyType {
            tenant,
            name: self.name,
            description: self.description,
            format: self.format.read()?,
            reveal: self.reveal.as_deref().map_or(Ok(Reveal::Once), wire::reveal)?,
            presented_in: match &self.presented_in {
                Some(places) => wire::places(places)?,
                None => vec![Place::Bearer, Place::Header("x-api-key".into())],
            },
            default_limit: self.default_limit.map(|limit| limit.read()).transpose()?,
            settings: self.settings.as_deref().map_or(Ok(Settings::ALL), wire::settings)?,
        })
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("Create a key type")
        .about(
            "Makes a key type of a tenant's own. Its keys are made and verified as all others are, by the \
             rights over keys of type `api`. What they are told by never changes: the name, the format and \
             whether a secret can be read again. A prefix belongs to one type of the installation, and is \
             never free again.",
        )
        .takes::<Request>(json!({
            "name": "partner",
            "description": "Servers of partners",
            "format": {"kind": "random", "prefix": "prt_"},
            "defaultLimit": {"capacity": 120, "frequency": 60},
        }))
        .answers::<KeyTypeBody<'_>>(201, "The key type.", wire::example())
        .versioned()
        .fails([
            Error::invalid("presentedIn", "must be 1 to 8 places, each named once"),
            Error::conflict("prefix", "this prefix is already in use"),
            Error::NotFound,
        ])
}
