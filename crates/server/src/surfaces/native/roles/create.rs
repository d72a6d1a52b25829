//! `POST /v1/roles`: a role of a tenant, or of the cluster for its own.

use super::wire::{self, RoleBody};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, words},
    extract::{Caller, Json},
    failure::Failure,
};
use axum::extract::State;
use domain::{id::Scope, right::Right};
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use service::{Error, roles::CreateRole};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[schema(value_type = words::RoleName)]
    name: String,
    #[schema(value_type = Vec<words::Right>)]
    rights: Vec<String>,
    /// The caller's own tenant where it is left out.
    #[serde(default)]
    #[schema(value_type = Option<words::Scope>)]
    tenant: Option<String>,
    /// Follows from `tenant`; said, it must agree.
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
    operation("Create a role")
        .about(
            "Makes a role of a tenant. A role that is made with `*` is for persons and clients of the \
             cluster alone. Nobody makes a role that allows more than they hold; there are 200 of a \
             tenant at most.",
        )
        .takes::<Request>(json!({"name": "auditor", "rights": ["Audit.canRead"]}))
        .answers::<RoleBody<'_>>(201, "The role.", wire::example())
        .versioned()
        .fails([
            Error::invalid("name", "1 to 64 lower-case letters, digits or `_`"),
            Error::NotAllowed { right: Some(Right::AuditRead) },
            Error::NotFound,
            Error::conflict("role", "every installation has a role of this name"),
        ])
}
