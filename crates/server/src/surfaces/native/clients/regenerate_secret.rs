//! `POST /v1/clients/{clientId}/regenerate-secret`: a new secret; the old one, and the client's tokens,
//! are dead at once.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    etag,
    extract::{Caller, NoBody, Path},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use http::{HeaderMap, Response, StatusCode};

pub(in super::super) async fn regenerate_secret(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(client_id): Path<String>,
    headers: HeaderMap,
    _: NoBody,
) -> Result<Response<Body>, Failure> {
    let version = etag::if_match(&headers)?;
    let made = app.service().regenerate_client_secret(&caller, &client_id, version).await?;
    Ok(wire::with_secret(StatusCode::OK, &made))
}

pub(in super::super) fn doc() -> Operation {
    documented("Regenerate a client's secret")
}
