//! `POST /v1/keys/{id}/reveal`: a recoverable secret once more; audited before the first byte leaves.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    extract::{Caller, NoBody, Path},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use http::{Response, StatusCode};

pub(in super::super) async fn reveal(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    _: NoBody,
) -> Result<Response<Body>, Failure> {
    let revealed = app.service().reveal_key(&caller, wire::id(&id)?).await?;
    Ok(wire::with_secret(StatusCode::OK, &revealed, app.service().now().wall))
}

pub(in super::super) fn doc() -> Operation {
    documented("Reveal a key's secret")
}
