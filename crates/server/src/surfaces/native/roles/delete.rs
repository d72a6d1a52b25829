//! `DELETE /v1/roles/{name}`: of a role that nobody holds.

use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    etag,
    extract::{Caller, Path, Query},
    failure::Failure,
    surfaces::native::filters,
};
use axum::extract::State;
use domain::right::Right;
use http::{HeaderMap, Response, StatusCode};
use service::Error;

pub(in super::super) async fn delete(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(name): Path<String>,
    mut query: Query,
    headers: HeaderMap,
) -> Result<Response<Body>, Failure> {
    let scope = filters::tenant(&mut query)?;
    query.finish()?;
    let version = etag::if_match(&headers)?;
    app.service().delete_role(&caller, scope, &name, version).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

pub(in super::super) fn doc() -> Operation {
    operation("Delete a role")
        .about("Deletes a role that nobody holds.")
        .path("name", "The role's name.", schema::pattern("^[a-z0-9_]{1,64}$"), "auditor")
        .query(
            "tenant",
            "The tenant, or `*`; the caller's own where it is left out.",
            schema::scope(),
            "*",
        )
        .if_match()
        .answers_nothing(204, "The role is deleted.")
        .fails([
            Error::NotAllowed { right: Some(Right::AuditRead) },
            Error::conflict(
                "role_in_use",
                "1 person or client holds this role; take it from them first",
            ),
        ])
}
