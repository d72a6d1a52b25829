//! `DELETE /v1/issuers/{id}`.

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
    let (id, version) = (wire::id(&id)?, etag::if_match(&headers)?);
    app.service().delete_issuer(&caller, id, version).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

pub(in super::super) fn doc() -> Operation {
    operation("Delete an issuer")
        .about(
            "The issuer is believed no more: nobody signs in by it, its tokens are refused, and the sessions \
             and tokens of its persons end. The persons stay.",
        )
        .path("id", "The issuer's id.", schema::uuid(), wire::ID)
        .if_match()
        .answers_nothing(204, "The issuer is deleted.")
        .fails([
            Error::NotAllowed { right: Some(Right::PersonsManage) },
            Error::conflict("configuration", "the configuration of the server holds this"),
        ])
}
