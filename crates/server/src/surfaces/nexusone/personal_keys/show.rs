//! `GET /api/user/psk`.

use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, words},
    extract::Caller,
    failure::Failure,
    surfaces::nexusone::wire,
};
use axum::extract::State;
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::Error;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = PersonalKey)]
struct KeyBody<'a> {
    /// The key's id as a UUID: the 128 bits of its `key_…`.
    #[schema(format = "uuid")]
    id: String,
    #[schema(value_type = words::PersonId)]
    user_id: String,
    #[schema(value_type = words::Instant)]
    created_at: String,
    #[schema(value_type = words::Instant)]
    updated_at: String,
    /// `false` once an administrator revoked it.
    is_active: bool,
    description: Option<&'a str>,
    /// As far as a flush tells, within about a minute.
    #[schema(value_type = Option<words::Instant>)]
    last_used_at: Option<String>,
}

pub(in super::super) async fn show(
    State(app): State<App>,
    Caller(caller): Caller,
) -> Result<Response<Body>, Failure> {
    let found = app.service().show_personal_key(&caller).await?;
    let body = KeyBody {
        id: wire::uuid_of(found.key.id),
        user_id: found.owner.to_string(),
        created_at: found.key.created_at.to_string(),
        updated_at: found.updated_at.to_string(),
        is_active: found.is_active,
        description: found.key.description.as_deref(),
        last_used_at: wire::instant(found.last_used_at),
    };
    Ok(answer::json(StatusCode::OK, &body))
}

pub(in super::super) fn doc() -> Operation {
    operation("Show the caller's personal key")
        .about("The key (PSK) of the person who calls, never its secret.")
        .answers::<KeyBody<'_>>(
            200,
            "The key.",
            json!({
                "id": wire::EXAMPLE_ID,
                "user_id": "9b2f7c3e-5d14-4e0a-8f6b-1c2d3e4f5a6b",
                "created_at": "2026-11-22T09:30:00.000Z",
                "updated_at": "2026-11-22T09:30:00.000Z",
                "is_active": true,
                "description": "notebook",
                "last_used_at": null,
            }),
        )
        .fails([Error::NotFound])
}
