//! `DELETE /api/user/psk`.

use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation},
    extract::Caller,
    failure::Failure,
};
use axum::extract::State;
use http::{Response, StatusCode};
use service::Error;

pub(in super::super) async fn delete(
    State(app): State<App>,
    Caller(caller): Caller,
) -> Result<Response<Body>, Failure> {
    app.service().delete_personal_key(&caller).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

pub(in super::super) fn doc() -> Operation {
    operation("Delete the caller's personal key")
        .about("The key (PSK) is gone from service with this answer. Another one may be made.")
        .answers_nothing(204, "The key is gone.")
        .fails([Error::NotFound])
}
