//! `GET /auth/v3/ops/clients`: whole, or with `limit` page by page.

use super::{super::envelope, forms, wire::Shown};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Query},
    failure::Failure,
};
use axum::extract::State;
use domain::client::Client;
use http::{HeaderValue, Response, header};
use serde_json::{Value, json};
use service::{Error, clients::ListClients};

pub(in super::super) fn doc() -> Operation {
    operation("List the clients of this wire")
        .about(
            "Every client, or with `limit` a page of them, the next one of which is named in `Link`.",
        )
        .query(
            "limit",
            "How many at most; all of them where it is left out.",
            schema::integer(1, 200),
            50,
        )
        .query(
            "cursor",
            "Where to go on: as `Link` of the page before has it.",
            schema::text(1, 1000),
            Value::Null,
        )
        .answers_as(
            200,
            "The clients.",
            "application/json",
            forms::clients(),
            json!({"status": {"code": 0}, "data": [forms::example()]}),
        )
        .with_header(
            "Link",
            "The next page, where there is one and `limit` was given.",
            "</auth/v3/ops/clients?limit=50&cursor=bmV4dA>; rel=\"next\"",
        )
        .fails([Error::invalid("limit", "1 to 200")])
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
