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
    document::{Operation, operation, schema, words},
    etag,
    extract::{Caller, Json, Path, Query},
    failure::Failure,
};
use axum::extract::State;
use domain::key_type::KeyType;
use http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use service::{Error, key_types::UpdateKeyType};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<words::Description>, required = false)]
    description: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<words::KeyPlace>, required = false, min_items = 1, max_items = 8)]
    presented_in: Option<Vec<PlaceBody>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<LimitBody>, required = false)]
    default_limit: Option<Option<LimitBody>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<words::KeySetting>, required = false)]
    settings: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    name: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    tenant: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    seeded: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    format: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    reveal: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    permissions: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    actions: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
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
    operation("Change a key type")
        .about(
            "What is named changes, the rest stays. Keys keep the limits that they have; a new default is \
             that of keys to come. The types that every installation has cannot change.",
        )
        .path("name", "The type's name.", schema::text(1, 64), "partner")
        .query("tenant", "Whose type is meant; of callers of the cluster.", schema::scope(), "*")
        .if_match()
        .takes::<Request>(json!({"description": "Servers of partners"}))
        .answers::<KeyTypeBody<'_>>(200, "The key type as it is now.", wire::example())
        .versioned()
        .fails([
            Error::invalid("presentedIn", "must be 1 to 8 places, each named once"),
            Error::conflict("key_type", "a type that every installation has cannot change"),
        ])
}
