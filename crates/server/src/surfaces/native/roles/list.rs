//! `GET /v1/roles`: the seeded ones first, then those of the tenant.

use super::wire::{self, RoleBody};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, schema, words},
    extract::{Caller, Query},
    failure::Failure,
    surfaces::native::filters,
};
use axum::extract::State;
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::{
    Error,
    roles::{ListRoles, MAX_PAGE},
};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    roles: Vec<RoleBody<'a>>,
    #[schema(value_type = words::Cursor)]
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
    operation("List roles")
        .about(
            "Lists the roles that somebody of the tenant can hold: those of every installation, then its \
             own, each by name.",
        )
        .query("tenant", "The tenant, or `*`; the caller's own where it is left out.", schema::scope(), "*")
        .paged(MAX_PAGE)
        .answers::<Page<'_>>(
            200,
            "A page of roles.",
            json!({"roles": [wire::example()], "nextCursor": null}),
        )
        .fails([Error::invalid("cursor", "does not belong to this list; begin it anew"), Error::NotFound])
}
