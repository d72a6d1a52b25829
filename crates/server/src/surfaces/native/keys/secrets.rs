//! `GET /v1/keys/{id}/secrets`: which secrets open a key, and when each was used last.

use super::wire;
use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, schema, words},
    extract::{Caller, Path},
    failure::Failure,
};
use axum::extract::State;
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::{Error, keys::KeySecret};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[schema(as = KeySecrets)]
struct Answer {
    /// The current one first.
    #[schema(max_items = 2)]
    secrets: Vec<SecretBody>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = KeySecret)]
struct SecretBody {
    /// 0 and 1 take turns.
    #[schema(maximum = 1)]
    slot: u8,
    /// Whether it is the newest one.
    current: bool,
    /// The secret's beginning and its last four characters.
    hint: String,
    /// When it was made; `null`: before this was noted.
    #[schema(value_type = Option<words::Instant>)]
    created: Option<String>,
    /// When it ends.
    #[schema(value_type = Option<words::Instant>)]
    ends: Option<String>,
    /// When it last opened the key, to within about a minute.
    #[schema(value_type = Option<words::Instant>)]
    last_used: Option<String>,
}

pub(in super::super) async fn secrets(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let secrets = app.service().list_key_secrets(&caller, wire::id(&id)?).await?;
    let secrets = secrets.into_iter().map(shown).collect();
    Ok(answer::json(StatusCode::OK, &Answer { secrets }))
}

fn shown(secret: KeySecret) -> SecretBody {
    SecretBody {
        slot: secret.slot,
        current: secret.current,
        hint: secret.hint,
        created: secret.created_at.map(|at| at.to_string()),
        ends: secret.ends_at.map(|at| at.to_string()),
        last_used: secret.last_used.map(|at| at.to_string()),
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("List a key's secrets")
        .about(
            "The secrets that open the key, without their texts: the current one and, while an overlap \
             runs, the one before it. Once that one's `lastUsed` stands still, nobody needs it any more: \
             `retire_secret` ends it before its time.",
        )
        .path("id", "The key's id.", schema::key_id(), wire::EXAMPLE_ID)
        .answers::<Answer>(
            200,
            "One secret, or two.",
            json!({"secrets": [
                {
                    "slot": 1, "current": true, "hint": "kw_…x7Qd", "ends": null,
                    "created": "2026-11-22T09:30:00.000Z", "lastUsed": "2026-11-22T09:41:07.312Z",
                },
                {
                    "slot": 0, "current": false, "hint": "kw_…9aQ2",
                    "created": "2026-08-24T09:30:00.000Z", "ends": "2026-11-23T09:30:00.000Z",
                    "lastUsed": "2026-11-22T09:30:58.020Z",
                },
            ]}),
        )
        .fails([Error::NotFound])
}
