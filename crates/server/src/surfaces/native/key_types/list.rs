//! `GET /v1/key-types`: those that every installation has, then those of tenants, by name.

use super::{super::filters, wire::KeyTypeBody};
use crate::{
    answer::{self, Body},
    app::App,
    document::Operation,
    extract::{Caller, Query},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use http::{Response, StatusCode};
use serde::Serialize;
use service::key_types::{ListKeyTypes, MAX_PAGE};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    key_types: Vec<KeyTypeBody<'a>>,
    next_cursor: Option<String>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let list = ListKeyTypes {
        scope: filters::tenant(&mut query)?,
        limit: filters::limit(&mut query, MAX_PAGE)?.unwrap_or(MAX_PAGE),
        cursor: query.0.take_text("cursor"),
    };
    query.finish()?;
    let page = app.service().list_key_types(&caller, &list)?;
    let key_types = page.key_types.iter().map(KeyTypeBody::of).collect();
    Ok(answer::json(StatusCode::OK, &Page { key_types, next_cursor: page.next }))
}

pub(in super::super) fn doc() -> Operation {
    documented("List key types")
}
