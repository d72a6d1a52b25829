//! `DELETE /v1/persons/{id}/consents/{clientId}`

use super::list::PERSON;
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Path},
    failure::Failure,
    surfaces::native::persons,
};
use axum::extract::State;
use domain::right::Right;
use http::{Response, StatusCode};
use service::Error;

pub(in super::super) async fn revoke(
    State(app): State<App>,
    Caller(caller): Caller,
    Path((id, client_id)): Path<(String, String)>,
) -> Result<Response<Body>, Failure> {
    app.service().revoke_consent(&caller, persons::id(&id)?, &client_id).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

pub(in super::super) fn doc() -> Operation {
    operation("Take a consent back")
        .about(
            "The client has to ask again. Tokens that it was given stay until they end or are revoked. \
             Everybody takes back their own; others' need `Persons.canManage`.",
        )
        .path("id", "The person's id.", schema::uuid(), PERSON)
        .path("clientId", "The client.", schema::text(1, 255), "my-app")
        .answers_nothing(204, "It is taken back.")
        .fails([Error::NotAllowed { right: Some(Right::PersonsManage) }])
}
