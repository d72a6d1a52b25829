//! `GET /v1/key-types`: those that every installation has, then those of tenants, by name.

use super::{
    super::filters,
    wire::{self, KeyTypeBody},
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
use service::{Error, by_name::MAX_PAGE};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    key_types: Vec<KeyTypeBody<'a>>,
    #[schema(value_type = words::Cursor)]
    next_cursor: Option<String>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    query: Query,
) -> Result<Response<Body>, Failure> {
    let list = filters::by_name(query)?;
    let page = app.service().list_key_types(&caller, &list)?;
    let key_types = page.things.iter().map(KeyTypeBody::of).collect();
    Ok(answer::json(StatusCode::OK, &Page { key_types, next_cursor: page.next }))
}

pub(in super::super) fn doc() -> Operation {
    operation("List key types")
        .about("Lists the types that every installation has, then those of tenants, by name.")
        .query("tenant", "With this tenant's types alone.", schema::scope(), "*")
        .paged(MAX_PAGE)
        .answers::<Page<'_>>(
            200,
            "A page of key types.",
            json!({"keyTypes": [wire::example()], "nextCursor": null}),
        )
        .fails([
            Error::invalid("cursor", "does not belong to this list; begin it anew"),
            Error::NotFound,
        ])
}
