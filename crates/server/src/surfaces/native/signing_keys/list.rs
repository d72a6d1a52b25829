//! `GET /v1/tenants/{id}/signing-keys`: few, so all of them.

use super::wire::{self, SigningKeyBody};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Path, Query},
    failure::Failure,
};
use axum::extract::State;
use domain::signing::Stage;
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SigningKeys)]
struct All {
    signing_keys: Vec<SigningKeyBody>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(tenant): Path<String>,
    query: Query,
) -> Result<Response<Body>, Failure> {
    query.finish()?;
    let found = app.service().list_signing_keys(&caller, wire::tenant(&tenant)?).await?;
    let signing_keys = found.keys.iter().map(|key| SigningKeyBody::of(key, found.at)).collect();
    Ok(answer::json(StatusCode::OK, &All { signing_keys }))
}

pub(in super::super) fn doc() -> Operation {
    operation("List a realm's signing keys")
        .about(
            "Lists the keys that the tenant's realm signs its tokens with, in the order in which they \
             sign: each one that the realm publishes. A realm has none until it is first asked for a \
             token or for its keys.",
        )
        .path("id", "The tenant's id.", schema::uuid(), wire::TENANT)
        .answers::<All>(
            200,
            "The keys.",
            json!({"signingKeys": [wire::example(Stage::Signing), wire::example(Stage::Next)]}),
        )
}
