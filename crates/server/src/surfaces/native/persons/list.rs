//! `GET /v1/persons`: in the order of their user names.

use super::wire::{self, PersonBody};
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
    persons::{ListPersons, MAX_PAGE},
};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    persons: Vec<PersonBody<'a>>,
    #[schema(value_type = words::Cursor)]
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
        role: filters::name(&mut query, "role")?,
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
    operation("List persons")
        .about(
            "Lists persons in the order of their user names. Who belongs to a tenant \
             sees its persons.",
        )
        .query("tenant", "One tenant, or `*` for the cluster's own.", schema::scope(), "*")
        .query("search", "A part of the user name, in any case.", schema::text(0, 255), "ad")
        .query("role", "The name of a role that they hold.", schema::text(0, 255), "viewer")
        .query("enabled", "The switch.", schema::boolean(), true)
        .paged(MAX_PAGE)
        .answers::<Page<'_>>(
            200,
            "A page of persons.",
            json!({"persons": [wire::example()], "nextCursor": null}),
        )
        .fails([Error::invalid("cursor", "does not belong to this list; begin it anew")])
}
