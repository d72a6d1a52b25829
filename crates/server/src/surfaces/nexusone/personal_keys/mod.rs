//! The caller's own key (PSK): one a person.

pub(super) mod create;
pub(super) mod delete;
pub(super) mod regenerate;
pub(super) mod show;

use super::wire;
use crate::{
    answer::{self, Body},
    document::words,
};
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::{Value, json};
use service::keys::Created;
use utoipa::ToSchema;

/// A key with its secret: in the answer that made the secret.
#[derive(Serialize, ToSchema)]
#[schema(as = NewPersonalKey)]
struct NewBody<'a> {
    #[schema(format = "uuid")]
    id: String,
    #[schema(value_type = words::Secret)]
    psk: &'a str,
    #[schema(value_type = words::Instant)]
    created_at: String,
    message: &'a str,
    description: Option<&'a str>,
}

fn shown_once(made: &Created, message: &str) -> Response<Body> {
    let Created { key, secret } = made;
    let body = NewBody {
        id: wire::uuid_of(key.id),
        psk: secret.expose(),
        created_at: key.created_at.to_string(),
        message,
        description: key.description.as_deref(),
    };
    answer::json(StatusCode::OK, &body)
}

fn example(message: &str) -> Value {
    json!({
        "id": wire::EXAMPLE_ID,
        "psk": wire::EXAMPLE_SECRET,
        "created_at": "2026-11-22T09:30:00.000Z",
        "message": message,
        "description": "notebook",
    })
}
