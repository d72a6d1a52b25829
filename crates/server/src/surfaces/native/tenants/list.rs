//! `GET /v1/tenants`: oldest first; a tenant's own administrator sees its own.

use super::{super::filters, wire::TenantBody};
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
use service::tenants::{ListTenants, MAX_PAGE};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    tenants: Vec<TenantBody<'a>>,
    next_cursor: Option<String>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let list = ListTenants {
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
    documented("List tenants")
}
