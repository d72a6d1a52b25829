//! `POST /v1/tenants`.

use super::wire::{self, PolicyBody};
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    extract::{Caller, Json},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use domain::{id::TenantId, tenant::Unacknowledged};
use http::{Response, StatusCode};
use serde::Deserialize;
use service::{Error, tenants::CreateTenant};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    name: String,
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    domains: Vec<String>,
    #[serde(default)]
    environment: Option<String>,
    #[serde(default)]
    realm: Option<String>,
    #[serde(default)]
    key_prefix: Option<String>,
    #[serde(default)]
    enabled: Option<bool>,
    #[serde(default)]
    policy: Option<PolicyBody>,
}

pub(in super::super) async fn create(
    State(app): State<App>,
    Caller(caller): Caller,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let tenant = app.service().create_tenant(&caller, request.into_tenant()?).await?;
    Ok(wire::shown(StatusCode::CREATED, &tenant))
}

impl Request {
    fn into_tenant(self) -> Result<CreateTenant, Error> {
        let id = self.id.as_deref().map(TenantId::parse).transpose();
        let policy = self.policy.as_ref().map(PolicyBody::read).transpose()?;
        Ok(CreateTenant {
            id: id.map_err(|_| Error::invalid("id", "must be a UUID"))?,
            name: self.name,
            domains: self.domains,
            environment: self.environment.as_deref().map(wire::environment).transpose()?,
            realm: self.realm,
            key_prefix: self.key_prefix,
            enabled: self.enabled.unwrap_or(true),
            unacknowledged: policy.unwrap_or(Unacknowledged::Live),
        })
    }
}

pub(in super::super) fn doc() -> Operation {
    documented("Create a tenant")
}
