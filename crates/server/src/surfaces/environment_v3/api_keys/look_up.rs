//! Which contact center a key is assigned to: as published, with the key in the address
//! (`GET /environment/v3/contact-centers/api-key/{apiKey}`), and ours, with the key in the body
//! (`POST /environment/v3/contact-centers/api-key`).

use super::wire::{self, ID, KeyNamed};
use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation, schema},
    extract::{Caller, Path},
    failure::Failure,
    surfaces::environment_v3::{
        KEY_TYPES,
        envelope::{self, Data},
        wire::{ContactCenterBody, example},
    },
};
use axum::extract::State;
use domain::secret::Secret;
use http::Response;
use serde_json::json;
use service::{Error, keys::KeyRef};

pub(in super::super) async fn show(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(key): Path<String>,
) -> Result<Response<Body>, Failure> {
    answer(&app, &caller, &Secret::new(key)).await
}

pub(in super::super) async fn look_up(
    State(app): State<App>,
    Caller(caller): Caller,
    Data(request): Data<KeyNamed>,
) -> Result<Response<Body>, Failure> {
    answer(&app, &caller, &request.text()?).await
}

async fn answer(
    app: &App,
    caller: &service::Caller,
    key: &Secret,
) -> Result<Response<Body>, Failure> {
    let named = KeyRef::parse(key.expose());
    let tenant = app.service().tenant_of_key(caller, named, KEY_TYPES).await?;
    Ok(envelope::with_data(&ContactCenterBody::of(&tenant)))
}

pub(in super::super) fn doc_show() -> Operation {
    answers(operation("Show the contact center of an API key").about(
        "The published command. The key is percent-decoded once. A proxy in front of this server may \
         write addresses to its log, keys and all: `POST /environment/v3/contact-centers/api-key` keeps \
         them out, and so does the key's id.",
    ))
    .path("apiKey", "The secret, or the key's id.", schema::text(1, 255), ID)
}

pub(in super::super) fn doc() -> Operation {
    answers(operation("Look up the contact center of an API key").about(
        "The same as the published command, but the key is in the body and in nobody's log. A key of \
         another kind, of a contact center out of reach, a revoked one and none at all are one answer.",
    ))
    .takes_as("application/json", wire::naming(), wire::naming_example())
    .fails([Error::NotFound])
}

fn answers(operation: Operation) -> Operation {
    let of = Named::of::<ContactCenterBody<'_>>();
    let reference = envelope::reference(&of);
    operation.fails([Error::Limited { retry_after_s: 60 }]).answers_as(
        200,
        "The contact center.",
        "application/json",
        envelope::success_with("ContactCenterFound", &reference, vec![of]),
        json!({"status": {"code": 0}, "data": example()}),
    )
}
