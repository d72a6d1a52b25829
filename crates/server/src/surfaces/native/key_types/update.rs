//! `PATCH /v1/key-types/{name}`: what is named changes; what its keys are told by never does.

use super::{
    super::{
        filters,
        members::{self, given},
    },
    wire::{self, KeyTypeBody, LimitBody, PlaceBody},
};
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    etag,
    extract::{Caller, Json, Path, Query},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use domain::key_type::KeyType;
use http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use service::{Error, key_types::UpdateKeyType};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default, deserialize_with = "given")]
    description: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    presented_in: Option<Vec<PlaceBody>>,
    #[serde(default, deserialize_with = "given")]
    default_limit: Option<Option<LimitBody>>,
    #[serde(default, deserialize_with = "given")]
    settings: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    name: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    tenant: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    seeded: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    format: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    reveal: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    permissions: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    actions: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    version: Option<Value>,
}

pub(in super::super) async fn update(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(name): Path<String>,
    headers: HeaderMap,
    mut query: Query,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let tenant = filters::tenant(&mut query)?;
    query.finish()?;
    let update = UpdateKeyType { if_version: etag::if_match(&headers)?, ..request.update()? };
    let agree = |stored: &KeyType| request.agrees_with(stored);
    let after = app.service().update_key_type(&caller, (tenant, &name), update, agree).await?;
    Ok(wire::shown(StatusCode::OK, &after))
}

impl Request {
    fn update(&self) -> Result<UpdateKeyType, Error> {
        let limit = |limit: &Option<LimitBody>| limit.as_ref().map(LimitBody::read).transpose();
        Ok(UpdateKeyType {
            description: self.description.clone(),
            presented_in: self.presented_in.as_deref().map(wire::places).transpose()?,
            default_limit: self.default_limit.as_ref().map(limit).transpose()?,
            settings: self.settings.as_deref().map(wire::settings).transpose()?,
            if_version: None,
        })
    }

    fn agrees_with(&self, stored: &KeyType) -> Result<(), Error> {
        let sent = [
            ("name", &self.name),
            ("tenant", &self.tenant),
            ("seeded", &self.seeded),
            ("format", &self.format),
            ("reveal", &self.reveal),
            ("permissions", &self.permissions),
            ("actions", &self.actions),
            ("version", &self.version),
        ];
        members::agree(&KeyTypeBody::of(stored), &sent)
    }
}

pub(in super::super) fn doc() -> Operation {
    documented("Change a key type")
}
