//! `GET /v1/clients`: in the order of their client ids.

use super::wire::{self, ClientBody};
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
    clients::{ListClients, MAX_PAGE},
};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    clients: Vec<ClientBody<'a>>,
    #[schema(value_type = words::Cursor)]
    next_cursor: Option<String>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let list = ListClients {
        scope: filters::tenant(&mut query)?,
        search: filters::search(&mut query)?,
        limit: filters::limit(&mut query, MAX_PAGE)?,
        cursor: query.0.take_text("cursor"),
    };
    query.finish()?;
    let page = app.service().list_clients(&caller, list).await?;
    let clients = page.clients.iter().map(ClientBody::of).collect();
    Ok(answer::json(StatusCode::OK, &Page { clients, next_cursor: page.next }))
}

pub(in super::super) fn doc() -> Operation {
    operation("List clients")
        .about(
            "Lists clients in the order of their ids. Who belongs to a tenant sees \
             its clients.",
        )
        .query("tenant", "One tenant, or `*` for the cluster's own.", schema::scope(), "*")
        .query("search", "A part of the `clientId`, in any case.", schema::text(0, 255), "bill")
        .paged(MAX_PAGE)
        .answers::<Page<'_>>(
            200,
            "A page of clients.",
            json!({"clients": [wire::example()], "nextCursor": null}),
        )
        .fails([
            Error::invalid("cursor", "does not belong to this list; begin it anew"),
            Error::NotFound,
        ])
}
