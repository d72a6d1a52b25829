//! `DELETE /v1/persons/{id}`: no sign-in, no token, no personal key any more.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    etag,
    extract::{Caller, Path},
    failure::Failure,
};
use axum::extract::State;
use domain::right::Right;
use http::{HeaderMap, Response, StatusCode};
use service::Error;

pub(in super::super) async fn delete(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response<Body>, Failure> {
    let version = etag::if_match(&headers)?;
    app.service().delete_person(&caller, wire::id(&id)?, version).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

pub(in super::super) fn doc() -> Operation {
    operation("Delete a person")
        .about(
            "Ends a person for good: no sign-in, no token, and their personal keys are revoked. The \
             user name is free again. Nobody deletes themselves, nor the last person who can manage the \
             cluster.",
        )
        .path("id", "The person's id.", schema::uuid(), wire::ID)
        .if_match()
        .answers_nothing(204, "The person is deleted.")
        .fails([
            Error::NotAllowed { right: Some(Right::AuditRead) },
            Error::conflict("own_account", "nobody deletes themselves; another person with the right can"),
        ])
}
