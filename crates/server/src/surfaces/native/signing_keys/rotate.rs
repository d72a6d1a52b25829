//! `POST /v1/tenants/{id}/rotate-signing-key`: a successor for the key that signs.

use super::wire::{self, SigningKeyBody};
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, schema, words},
    extract::{Caller, OptionalJson, Path},
    failure::Failure,
};
use axum::extract::State;
use domain::signing::{Algorithm, Stage};
use http::{Response, StatusCode};
use serde::Deserialize;
use serde_json::json;
use service::{Error, signing::RotateSigningKey};
use utoipa::ToSchema;

#[derive(Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Request {
    #[serde(default)]
    #[schema(value_type = Option<words::SigningAlgorithm>)]
    algorithm: Option<String>,
    #[serde(default)]
    now: bool,
}

pub(in super::super) async fn rotate(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(tenant): Path<String>,
    OptionalJson(request): OptionalJson<Request>,
) -> Result<Response<Body>, Failure> {
    let algorithm = request.algorithm.as_deref().map(read).transpose()?;
    let rotate = RotateSigningKey { algorithm, now: request.now };
    let tenant = wire::tenant(&tenant)?;
    let key = app.service().rotate_signing_key(&caller, tenant, rotate).await?;
    Ok(answer::json(StatusCode::OK, &SigningKeyBody::of(&key, app.service().now().wall)))
}

fn read(text: &str) -> Result<Algorithm, Error> {
    Algorithm::parse(text)
        .ok_or_else(|| Error::invalid("algorithm", "must be `RS256`, `ES256` or `EdDSA`"))
}

pub(in super::super) fn doc() -> Operation {
    operation("Rotate a realm's signing key")
        .about(
            "Makes a successor for the key that the tenant's realm signs with. It is published at once and \
             signs from an hour later on, so that everybody who keeps the set of keys for a while knows \
             it by then; with `now` it signs at once, and whoever looks for new keys only now and then \
             takes its tokens for forged ones until they look again. The old key is published until \
             whatever it signed has ended; its private half goes as soon as it signs no more. `algorithm` \
             also becomes the tenant's `signingAlgorithm`. Keys are also rotated by themselves, every 90 \
             days unless it is configured otherwise.",
        )
        .path("id", "The tenant's id.", schema::uuid(), wire::TENANT)
        .may_take::<Request>(json!({"algorithm": "ES256"}))
        .answers::<SigningKeyBody>(200, "The successor.", wire::example(Stage::Next))
        .fails([
            Error::invalid("algorithm", "must be `RS256`, `ES256` or `EdDSA`"),
            Error::conflict(
                "realm",
                "the tenant has no realm, which would sign: give it one first",
            ),
        ])
}
