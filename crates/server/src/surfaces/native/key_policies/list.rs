//! `GET /v1/tenants/{id}/key-policies`: by key type.

use super::{
    super::filters,
    wire::{self, KeyPolicyBody},
};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, schema, words},
    extract::{Caller, Path, Query},
    failure::Failure,
};
use axum::extract::State;
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::{
    Error,
    by_name::{ListByName, MAX_PAGE},
};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Page<'a> {
    key_policies: Vec<KeyPolicyBody<'a>>,
    #[schema(value_type = words::Cursor)]
    next_cursor: Option<String>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(tenant): Path<String>,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let scope = wire::scope(&tenant)?;
    let list = ListByName {
        scope: Some(scope),
        limit: filters::limit(&mut query, MAX_PAGE)?.unwrap_or(MAX_PAGE),
        cursor: query.0.take_text("cursor"),
    };
    query.finish()?;
    let page = app.service().list_key_policies(&caller, scope, &list).await?;
    let key_policies = page.things.iter().map(KeyPolicyBody::of).collect();
    Ok(answer::json(StatusCode::OK, &Page { key_policies, next_cursor: page.next }))
}

pub(in super::super) fn doc() -> Operation {
    operation("List policies for keys")
        .about(
            "Lists what the tenant says of its keys, by key type: to its own administrator, and to \
                callers of the cluster.",
        )
        .path("id", wire::ABOUT_TENANT, schema::scope(), wire::TENANT)
        .paged(MAX_PAGE)
        .answers::<Page<'_>>(
            200,
            "A page of policies.",
            json!({"keyPolicies": [wire::example()], "nextCursor": null}),
        )
        .fails([Error::invalid("cursor", "does not belong to this list; begin it anew")])
}
