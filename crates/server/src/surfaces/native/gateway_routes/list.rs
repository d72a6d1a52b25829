//! `GET /v1/gateway/routes`: by name, those of the configuration among them.

use super::wire::{self, RouteBody};
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
use service::{Error, by_name::MAX_PAGE};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    routes: Vec<RouteBody<'a>>,
    #[schema(value_type = words::Cursor)]
    next_cursor: Option<String>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    query: Query,
) -> Result<Response<Body>, Failure> {
    let list = filters::by_name(query)?;
    let page = app.service().list_gateway_routes(&caller, &list)?;
    let routes = page.things.iter().map(RouteBody::of).collect();
    Ok(answer::json(StatusCode::OK, &Page { routes, next_cursor: page.next }))
}

pub(in super::super) fn doc() -> Operation {
    operation("List routes of the gateway")
        .about("Lists routes of the gateway by name, those of the configuration among them.")
        .query("tenant", "Those for keys of this tenant, or `*`: of any.", schema::scope(), "*")
        .paged(MAX_PAGE)
        .answers::<Page<'_>>(
            200,
            "A page of routes.",
            json!({"routes": [wire::example()], "nextCursor": null}),
        )
        .fails([
            Error::invalid("cursor", "does not belong to this list; begin it anew"),
            Error::NotFound,
        ])
}
