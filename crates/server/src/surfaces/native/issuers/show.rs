//! `GET /v1/issuers/{id}`.

use super::wire::{self, IssuerBody};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Path},
    failure::Failure,
};
use axum::extract::State;
use http::{Response, StatusCode};

pub(in super::super) async fn show(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let issuer = app.service().show_issuer(&caller, wire::id(&id)?)?;
    Ok(wire::shown(StatusCode::OK, &issuer))
}

pub(in super::super) fn doc() -> Operation {
    operation("Show an issuer")
        .about("Shows one issuer, whether the configuration holds it or was made here.")
        .path("id", "The issuer's id.", schema::uuid(), wire::ID)
        .answers::<IssuerBody<'_>>(200, "The issuer.", wire::example())
        .versioned()
}
