//! `DELETE /v1/clients/{clientId}`: its tokens end with it.

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
    Path(client_id): Path<String>,
    headers: HeaderMap,
) -> Result<Response<Body>, Failure> {
    let version = etag::if_match(&headers)?;
    app.service().delete_client(&caller, &client_id, version).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

pub(in super::super) fn doc() -> Operation {
    operation("Delete a client")
        .about("Ends a client and its tokens. The `clientId` is free again.")
        .path(
            "clientId",
            "The client's `clientId`.",
            schema::pattern("^[\\x20-\\x7e]{1,255}$"),
            "billing",
        )
        .if_match()
        .answers_nothing(204, "The client is deleted.")
        .fails([Error::NotAllowed { right: Some(Right::KeysVerify) }])
}
