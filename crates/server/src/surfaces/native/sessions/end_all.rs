//! `DELETE /v1/persons/{id}/sessions`

use super::{end::done, list::PERSON};
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
use http::Response;
use service::Error;

pub(in super::super) async fn end_all(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    app.service().end_sessions(&caller, persons::id(&id)?, None).await?;
    Ok(done())
}

pub(in super::super) fn doc() -> Operation {
    operation("End all sessions of a person")
        .about(
            "Signs a person out in every browser, and ends every token that came of it. Tokens that came \
             otherwise, by the password grant, stay. Without a session there is nothing to end: 404.",
        )
        .path("id", "The person's id.", schema::uuid(), PERSON)
        .answers_nothing(204, "They have ended.")
        .fails([Error::NotAllowed { right: Some(Right::PersonsManage) }])
}
