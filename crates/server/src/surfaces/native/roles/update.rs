//! `PATCH /v1/roles/{name}`: other rights. What cannot change may be sent back as it is shown.

use super::wire::{self, RoleBody};
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    etag,
    extract::{Caller, Json, Path, Query},
    failure::Failure,
    route::documented,
    surfaces::native::{
        filters,
        members::{agree, given},
    },
};
use axum::extract::State;
use domain::right::Role;
use http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use service::{Error, roles::UpdateRole};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default, deserialize_with = "given")]
    rights: Option<Vec<String>>,
    #[serde(default, deserialize_with = "given")]
    tenant: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    name: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    cluster_only: Option<Value>,
    #[serde(default, deserialize_with = "given")]
    seeded: Option<Value>,
    #[serde(default, deserialize_with = "given")]
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
    documented("Change a role")
}
