//! `GET /v1/persons/{id}`.

use super::wire::{self, PersonBody};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Path},
    failure::Failure,
};
use axum::extract::State;
use http::Response;

pub(in super::super) async fn show(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let person = app.service().show_person(&caller, wire::id(&id)?).await?;
    Ok(wire::shown(&person))
}

pub(in super::super) fn doc() -> Operation {
    operation("Show a person")
        .about("Shows a person. Nobody's password is ever shown.")
        .path("id", "The person's id.", schema::uuid(), wire::ID)
        .answers::<PersonBody<'_>>(200, "The person.", wire::example())
        .versioned()
}
