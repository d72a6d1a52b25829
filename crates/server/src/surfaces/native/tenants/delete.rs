//! `DELETE /v1/tenants/{id}`: its keys, tokens, persons and clients are dead at once.

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

pub(in super::super) async fn delete(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response<Body>, Failure> {
    let if_version = etag::if_match(&headers)?;
    app.service().delete_tenant(&caller, wire::id(&id)?, if_version).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

pub(in super::super) fn doc() -> Operation {
    operation("Delete a tenant")
        .about(
            "Ends a tenant for good: its keys, tokens, persons and clients are dead for the next \
             verification. Its domains and its realm are free, its prefixes stay taken. Its data goes 30 \
             days later, its audit log stays. Only callers of the cluster may.",
        )
        .path("id", "The tenant's id.", schema::uuid(), wire::ID)
        .if_match()
        .answers_nothing(204, "It is deleted.")
}
