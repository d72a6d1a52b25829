//! `GET /v1/roles`: the seeded ones first, then those of the tenant.

use super::wire::RoleBody;
use crate::{
    answer::{self, Body},
    app::App,
    document::Operation,
    extract::{Caller, Query},
    failure::Failure,
    route::documented,
    surfaces::native::filters,
};
use axum::extract::State;
use http::{Response, StatusCode};
use serde::Serialize;
use service::roles::{ListRoles, MAX_PAGE};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    roles: Vec<RoleBody<'a>>,
    next_cursor: Option<String>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let list = ListRoles {
        scope: filters::tenant(&mut query)?,
        limit: filters::limit(&mut query, MAX_PAGE)?,
        cursor: query.0.take_text("cursor"),
    };
    query.finish()?;
    let page = app.service().list_roles(&caller, list).await?;
    let roles = page.roles.iter().map(RoleBody::of).collect();
    Ok(answer::json(StatusCode::OK, &Page { roles, next_cursor: page.next }))
}

pub(in super::super) fn doc() -> Operation {
    documented("List roles")
}
