//! Unassigning a key: as published, with the key in the address
//! (`DELETE /environment/v3/contact-centers/{ccid}/api-keys/{apiKey}`), and ours, with the key in the body
//! (`POST /environment/v3/contact-centers/{ccid}/api-keys/unassign`).

use super::wire::{self, ID, KeyNamed};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Path},
    failure::Failure,
    surfaces::environment_v3::{
        KEY_TYPES,
        envelope::{self, Data},
        wire::{CCID, ccid},
    },
};
use axum::extract::State;
use domain::secret::Secret;
use http::Response;
use serde_json::json;
use service::keys::KeyRef;

pub(in super::super) async fn unassign(
    State(app): State<App>,
    Caller(caller): Caller,
    Path((center, key)): Path<(String, String)>,
) -> Result<Response<Body>, Failure> {
    end(&app, &caller, &center, &Secret::new(key)).await
}

pub(in super::super) async fn unassign_posted(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(center): Path<String>,
    Data(request): Data<KeyNamed>,
) -> Result<Response<Body>, Failure> {
    end(&app, &caller, &center, &request.text()?).await
}

async fn end(
    app: &App,
    caller: &service::Caller,
    center: &str,
    key: &Secret,
) -> Result<Response<Body>, Failure> {
    let (tenant, named) = (ccid(center)?, KeyRef::parse(key.expose()));
    app.service().delete_key_of(caller, tenant, named, KEY_TYPES).await?;
    Ok(envelope::done())
}

pub(in super::super) fn doc() -> Operation {
    answers(operation("Unassign an API key").about(
        "The published command. The key is percent-decoded once, ends with this answer, and is free to be \
         assigned again, here or elsewhere, unless it was revoked. A proxy in front of this server may \
         write addresses to its log, keys and all: name the key by its id, or post it.",
    ))
    .path("apiKey", "The secret, or the key's id.", schema::text(1, 255), ID)
}

pub(in super::super) fn doc_posted() -> Operation {
    answers(operation("Unassign an API key that the body names").about(
        "The same as the published command, but the key is in the body and in nobody's log.",
    ))
    .takes_as("application/json", wire::naming(), wire::naming_example())
}

fn answers(operation: Operation) -> Operation {
    operation.path("ccid", "The contact center's id.", schema::uuid(), CCID).answers_as(
        200,
        "It is unassigned.",
        "application/json",
        envelope::success(),
        json!({"status": {"code": 0}}),
    )
}
