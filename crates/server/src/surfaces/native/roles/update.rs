//! `PATCH /v1/roles/{name}`: other rights. What cannot change may be sent back as it is shown.

use super::wire::{self, RoleBody};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema, words},
    etag,
    extract::{Caller, Json, Path, Query},
    failure::Failure,
    surfaces::native::{
        filters,
        members::{agree, given},
    },
};
use axum::extract::State;
use domain::right::{Right, Role};
use http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use service::{Error, roles::UpdateRole};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Vec<words::Right>, required = false)]
    rights: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    tenant: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    name: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    cluster_only: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    seeded: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = words::Unchanging, required = false)]
    version: Option<Value>,
}

pub(in super::super) async fn update(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(name): Path<String>,
    mut query: Query,
    headers: HeaderMap,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let scope = filters::tenant(&mut query)?;
    query.finish()?;
    let update = UpdateRole {
        rights: request.rights.as_deref().map(wire::rights).transpose()?,
        if_version: etag::if_match(&headers)?,
    };
    let agree = |stored: &Role| request.agrees_with(stored);
    let role = app.service().update_role(&caller, scope, &name, update, agree).await?;
    Ok(wire::shown(StatusCode::OK, &role))
}

impl Request {
    fn agrees_with(&self, stored: &Role) -> Result<(), Error> {
        let sent = [
            ("tenant", &self.tenant),
            ("name", &self.name),
            ("clusterOnly", &self.cluster_only),
            ("seeded", &self.seeded),
            ("version", &self.version),
        ];
        agree(&RoleBody::of(stored), &sent)
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("Change a role")
        .about(
            "Changes what a role allows. Whoever holds it has it from the moment of the answer on, \
             tokens or not, and loses what is gone. Roles that every installation has stay as they are.",
        )
        .path("name", "The role's name.", schema::pattern("^[a-z0-9_]{1,64}$"), "auditor")
        .query("tenant", "The tenant, or `*`; the caller's own where it is left out.", schema::scope(), "*")
        .if_match()
        .takes::<Request>(json!({"rights": ["Audit.canRead", "Keys.canVerify"]}))
        .answers::<RoleBody<'_>>(200, "The role as it is now.", wire::example())
        .versioned()
        .fails([
            Error::invalid("name", "cannot be changed here; leave it out, or send it as it is"),
            Error::NotAllowed { right: Some(Right::AuditRead) },
            Error::conflict(
                "seeded_role",
                "every installation has this role as it is; make a role of your own \
             instead",
            ),
        ])
}
