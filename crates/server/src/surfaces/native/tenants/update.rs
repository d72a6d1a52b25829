//! `PATCH /v1/tenants/{id}`: what is named changes, the rest stays.

use super::{
    super::members::{self, given},
    wire::{self, PolicyBody, TenantBody},
};
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    etag,
    extract::{Caller, Json, Path},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use domain::tenant::Tenant;
use http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use service::{Error, tenants::UpdateTenant};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default, deserialize_with = "given")]
    name: Option<String>,
    #[serde(default, deserialize_with = "given")]
    domains: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    environment: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    realm: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    key_prefix: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    enabled: Option<bool>,
    #[serde(default, deserialize_with = "given")]
    policy: Option<PolicyBody>,
    #[serde(default, deserialize_with = "given")]
    id: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    created: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    version: Option<Value>,
}

pub(in super::super) async fn update(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let id = wire::id(&id)?;
    let update = UpdateTenant { if_version: etag::if_match(&headers)?, ..request.update()? };
    let agree = |stored: &Tenant| request.agrees_with(stored);
    let tenant = app.service().update_tenant(&caller, id, update, agree).await?;
    Ok(wire::shown(StatusCode::OK, &tenant))
}

impl Request {
    fn update(&self) -> Result<UpdateTenant, Error> {
        let environment =
            |text: &Option<String>| text.as_deref().map(wire::environment).transpose();
        Ok(UpdateTenant {
            name: self.name.clone(),
            domains: self.domains.clone(),
            environment: self.environment.as_ref().map(environment).transpose()?,
            realm: self.realm.clone(),
            key_prefix: self.key_prefix.clone(),
            enabled: self.enabled,
            unacknowledged: self.policy.as_ref().map(PolicyBody::read).transpose()?,
            if_version: None,
        })
    }

    fn agrees_with(&self, stored: &Tenant) -> Result<(), Error> {
        let sent = [("id", &self.id), ("created", &self.created), ("version", &self.version)];
        members::agree(&TenantBody::of(stored), &sent)
    }
}

pub(in super::super) fn doc() -> Operation {
    documented("Change a tenant")
}
