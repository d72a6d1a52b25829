//! `POST /v1/roles`: a role of a tenant, or of the cluster for its own.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    extract::{Caller, Json},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use domain::id::Scope;
use http::{Response, StatusCode};
use serde::Deserialize;
use service::{Error, roles::CreateRole};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    name: String,
    rights: Vec<String>,
    #[serde(default)]
    tenant: Option<String>,
    #[serde(default)]
    cluster_only: Option<bool>,
}

pub(in super::super) async fn create(
    State(app): State<App>,
    Caller(caller): Caller,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let scope = match &request.tenant {
        Some(text) => Scope::parse(text)
            .map(Some)
            .map_err(|_| Error::invalid("tenant", "must be a tenant's id or `*`"))?,
        None => None,
    };
    let wanted = CreateRole {
        scope,
        rights: wire::rights(&request.rights)?,
        name: request.name,
        cluster_only: request.cluster_only,
    };
    let role = app.service().create_role(&caller, wanted).await?;
    Ok(wire::shown(StatusCode::CREATED, &role))
}

pub(in super::super) fn doc() -> Operation {
    documented("Create a role")
}
