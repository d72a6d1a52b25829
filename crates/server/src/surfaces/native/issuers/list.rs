//! `GET /v1/issuers`: by name, those of the configuration among them.

use super::wire::{self, IssuerBody};
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
    issuers: Vec<IssuerBody<'a>>,
    #[schema(value_type = words::Cursor)]
    next_cursor: Option<String>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    query: Query,
) -> Result<Response<Body>, Failure> {
    let list = filters::by_name(query)?;
    let page = app.service().list_issuers(&caller, &list)?;
    let issuers = page.things.iter().map(|issuer| IssuerBody::of(issuer)).collect();
    Ok(answer::json(StatusCode::OK, &Page { issuers, next_cursor: page.next }))
}

pub(in super::super) fn doc() -> Operation {
    operation("List issuers")
        .about("Lists issuers outside by name, those of the configuration among them.")
        .query("tenant", "Those of this tenant, or `*`: of the cluster.", schema::scope(), "*")
        .paged(MAX_PAGE)
        .answers::<Page<'_>>(
            200,
            "A page of issuers.",
            json!({"issuers": [wire::example()], "nextCursor": null}),
        )
        .fails([
            Error::invalid("cursor", "does not belong to this list; begin it anew"),
            Error::NotFound,
        ])
}
