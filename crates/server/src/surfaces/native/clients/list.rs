//! `GET /v1/clients`: in the order of their client ids.

use super::wire::ClientBody;
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
use service::clients::{ListClients, MAX_PAGE};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    clients: Vec<ClientBody<'a>>,
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
    documented("List clients")
}
