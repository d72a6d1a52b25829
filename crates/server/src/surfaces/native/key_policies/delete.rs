//! `DELETE /v1/tenants/{id}/key-policies/{keyType}`.

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
    Path((tenant, key_type)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response<Body>, Failure> {
    let (scope, version) = (wire::scope(&tenant)?, etag::if_match(&headers)?);
    app.service().delete_key_policy(&caller, scope, &key_type, version).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

pub(in super::super) fn doc() -> Operation {
    operation("Delete a policy for keys")
        .about(
            "Deletes a policy: from then on the tenant's policy for `*` governs keys of its type, where \
             there is one. Keys that were held back and would not be now are released within about a \
             minute.",
        )
        .path("id", wire::ABOUT_TENANT, schema::scope(), wire::TENANT)
        .path("keyType", wire::ABOUT_TYPE, schema::pattern(wire::TYPE), "api")
        .if_match()
        .answers_nothing(204, "The policy is deleted.")
}
