//! `DELETE /nexus/v3/apikeys/{key}`.

use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    etag,
    extract::{Caller, Path},
    failure::Failure,
    surfaces::nexus_v3::KEY_TYPES,
};
use axum::extract::State;
use http::{HeaderMap, Response, StatusCode};
use service::keys::KeyRef;

pub(in super::super) async fn delete(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response<Body>, Failure> {
    let if_version = etag::if_match(&headers)?;
    app.service().delete_key(&caller, KeyRef::parse(&key), KEY_TYPES, if_version).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

pub(in super::super) fn doc() -> Operation {
    operation("Delete an API key of Digital Channels")
        .about("Gone from service and from lists at once; its secret is never free again.")
        .path(
            "key",
            "The secret, or the key's id.",
            schema::text(1, 255),
            "key_0aBcDeFgHiJkLmNoPqRsTu",
        )
        .if_match()
        .answers_nothing(204, "The key is gone.")
}
