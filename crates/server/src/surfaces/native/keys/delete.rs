//! `DELETE /v1/keys/{id}`: out of service for good, the row stays for the audit log.

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
use http::{HeaderMap, Response, StatusCode};
use service::keys::{ALL_TYPES, KeyRef};

pub(in super::super) async fn delete(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response<Body>, Failure> {
    let id = KeyRef::Id(wire::id(&id)?);
    let version = etag::if_match(&headers)?;
    app.service().delete_key(&caller, id, ALL_TYPES, version).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

pub(in super::super) fn doc() -> Operation {
    operation("Delete a key")
        .about(
            "Takes the key out of service and out of all lists, for good. Its secret \
             is never free again, and the audit log keeps what was done to it.",
        )
        .path("id", "The key's id.", schema::key_id(), wire::EXAMPLE_ID)
        .if_match()
        .answers_nothing(204, "The key is deleted.")
}
