//! `GET /v1/tenants`: oldest first; a tenant's own administrator sees its own.

use super::{
    super::filters,
    wire::{self, TenantBody},
};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, schema, words},
    extract::{Caller, Query},
    failure::Failure,
};
use axum::extract::State;
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::{
    Error,
    tenants::{ListTenants, MAX_PAGE},
};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    tenants: Vec<TenantBody<'a>>,
    #[schema(value_type = words::Cursor)]
    next_cursor: Option<String>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let list = ListTenants {
        route: "list_tenants",
        search: filters::search(&mut query)?,
        limit: filters::limit(&mut query, MAX_PAGE)?.unwrap_or(MAX_PAGE),
        cursor: query.0.take_text("cursor"),
    };
    query.finish()?;
    let page = app.service().list_tenants(&caller, list).await?;
    let tenants = page.tenants.iter().map(TenantBody::of).collect();
    Ok(answer::json(StatusCode::OK, &Page { tenants, next_cursor: page.next }))
}

pub(in super::super) fn doc() -> Operation {
    operation("List tenants")
        .about(
            "Lists tenants, oldest first: all of them to callers of the cluster, to anybody else its own.",
        )
        .query(
            "search",
            "A part of the name, of the realm or of a domain.",
            schema::text(0, 255),
            "acme",
        )
        .paged(MAX_PAGE)
        .answers::<Page<'_>>(
            200,
            "A page of tenants.",
            json!({"tenants": [wire::example()], "nextCursor": null}),
        )
        .fails([Error::invalid("cursor", "does not belong to this list; begin it anew")])
}
