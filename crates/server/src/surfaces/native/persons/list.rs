//! `GET /v1/persons`: in the order of their user names.

use super::wire::PersonBody;
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
use service::persons::{ListPersons, MAX_PAGE};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    persons: Vec<PersonBody<'a>>,
    next_cursor: Option<String>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let list = ListPersons {
        scope: filters::tenant(&mut query)?,
        search: filters::search(&mut query)?,
        role: query.0.take_text("role"),
        enabled: filters::switch(&mut query, "enabled")?,
        limit: filters::limit(&mut query, MAX_PAGE)?,
        cursor: query.0.take_text("cursor"),
    };
    query.finish()?;
    let page = app.service().list_persons(&caller, list).await?;
    let persons = page.persons.iter().map(PersonBody::of).collect();
    Ok(answer::json(StatusCode::OK, &Page { persons, next_cursor: page.next }))
}

pub(in super::super) fn doc() -> Operation {
    documented("List persons")
}
