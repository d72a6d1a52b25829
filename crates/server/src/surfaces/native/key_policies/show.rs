//! `GET /v1/tenants/{id}/key-policies/{keyType}`.

use super::wire::{self, KeyPolicyBody};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Path},
    failure::Failure,
};
use axum::extract::State;
use http::{Response, StatusCode};

pub(in super::super) async fn show(
    State(app): State<App>,
    Caller(caller): Caller,
    Path((tenant, key_type)): Path<(String, String)>,
) -> Result<Response<Body>, Failure> {
    let scope = wire::scope(&tenant)?;
    let policy = app.service().show_key_policy(&caller, scope, &key_type).await?;
    Ok(wire::shown(StatusCode::OK, &policy))
}

pub(in super::super) fn doc() -> Operation {
    operation("Show a policy for keys")
        .about(
            "Shows what the tenant says of its keys of just this type, or of those without a policy of \
             their own.",
        )
        .path("id", wire::ABOUT_TENANT, schema::scope(), wire::TENANT)
        .path("keyType", wire::ABOUT_TYPE, schema::pattern(wire::TYPE), "api")
        .answers::<KeyPolicyBody<'_>>(200, "The policy.", wire::example())
        .versioned()
}
