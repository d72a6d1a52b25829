//! `POST /v1/key-types`: a type of a tenant's own.

use super::wire::{self, FormatBody, LimitBody, PlaceBody};
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    extract::{Caller, Json},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use domain::{
    id::TenantId,
    key_type::{Place, Reveal, Settings},
};
use http::{Response, StatusCode};
use serde::Deserialize;
use service::{Error, key_types::CreateKeyType};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    name: String,
    format: FormatBody,
    #[serde(default)]
    tenant: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    reveal: Option<String>,
    #[serde(default)]
    presented_in: Option<Vec<PlaceBody>>,
    /// Says nothing but what is so anyhow.
    #[serde(default, rename = "permissions")]
    _permissions: Option<OwnPermissions>,
    #[serde(default)]
    default_limit: Option<LimitBody>,
    #[serde(default)]
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
    documented("Create a key type")
}
