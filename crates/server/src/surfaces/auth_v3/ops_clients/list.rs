//! `GET /auth/v3/ops/clients`: whole, or with `limit` page by page.

use super::{super::envelope, wire::Shown};
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    extract::{Caller, Query},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use domain::client::Client;
use http::{HeaderValue, Response, header};
use service::clients::ListClients;

pub(in super::super) fn doc() -> Operation {
    documented("Lists the clients")
}

pub(in super::super) async fn list_clients(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let limit: Option<u32> = query.parse("limit", "a number from 1 to 200")?;
    let mut cursor = query.0.take_text("cursor");
    let mut clients: Vec<Client> = Vec::new();
    loop {
        let page = app
            .service()
            .list_clients(&caller, ListClients { limit, cursor, ..ListClients::default() })
            .await?;
        clients.extend(page.clients);
        cursor = page.next;
        if limit.is_some() || cursor.is_none() {
            break;
        }
    }
    let shown: Vec<Shown<'_>> = clients.iter().map(Shown::of).collect();
    let mut response = envelope::with_data(&shown);
    if let (Some(limit), Some(cursor)) = (limit, cursor) {
        let link = format!("</auth/v3/ops/clients?limit={limit}&cursor={cursor}>; rel=\"next\"");
        if let Ok(link) = HeaderValue::try_from(link) {
            response.headers_mut().insert(header::LINK, link);
        }
    }
    Ok(response)
}
