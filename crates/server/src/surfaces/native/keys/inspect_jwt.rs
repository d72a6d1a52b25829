//! `POST /v1/keys/inspect-jwt`: whose key a JWT is, and whether it was made here at all.

use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, words},
    extract::{Caller, Json},
    failure::Failure,
};
use axum::extract::State;
use domain::secret::{MAX_SECRET_BYTES, Secret};
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use service::{
    Error,
    keys::{InspectedJwt, NotGenuine},
};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = InspectJwt)]
pub(in super::super) struct Request {
    /// The whole JWT.
    #[schema(min_length = 1, max_length = 4096)]
    secret: String,
}

/// What it is. Of a genuine one all but `why` is told, of any other text `why` alone.
#[derive(Serialize, Default, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = InspectedJwt)]
struct Answer {
    /// Whether this installation made it, for a key that the caller may see.
    genuine: bool,
    /// `notOfAKey`: it does not say of itself that it is the JWT of a key. `unknown`: it does, and was not made
    /// here, or for a key that the caller cannot see.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = words::KeyId, required = false)]
    key_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = words::KeyTypeName, required = false)]
    key_type: Option<String>,
    /// Whether it is a secret of that key still, and the key neither revoked nor expired.
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<bool>,
    /// Which secret of the key it is: the claim `jti`.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_id: Option<String>,
    /// What signed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    /// As which address the server made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = words::Instant, required = false)]
    issued: Option<String>,
}

pub(in super::super) async fn inspect_jwt(
    State(app): State<App>,
    Caller(caller): Caller,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let secret = Secret::new(request.secret);
    if !(1..=MAX_SECRET_BYTES).contains(&secret.expose().len()) {
        return Err(bad_secret().into());
    }
    let answer = match app.service().inspect_jwt(&caller, &secret).await? {
        Ok(jwt) => Answer::of(jwt),
        Err(why) => Answer { why: Some(word(why)), ..Answer::default() },
    };
    Ok(answer::json(StatusCode::OK, &answer))
}

impl Answer {
    fn of(jwt: InspectedJwt) -> Self {
        Self {
            genuine: true,
            why: None,
            key_id: Some(jwt.key.to_string()),
            key_type: Some(jwt.key_type),
            current: Some(jwt.current),
            secret_id: Some(jwt.secret_id),
            kid: Some(jwt.kid),
            issuer: Some(jwt.issuer),
            issued: Some(jwt.issued_at.to_string()),
        }
    }
}

const fn word(why: NotGenuine) -> &'static str {
    match why {
        NotGenuine::NoKeyJwt => "notOfAKey",
        NotGenuine::Unknown => "unknown",
    }
}

fn bad_secret() -> Error {
    Error::invalid("secret", format!("must have 1 to {MAX_SECRET_BYTES} bytes"))
}

pub(in super::super) fn doc() -> Operation {
    operation("Inspect the JWT of a key")
        .about(
            "Whether a text is a JWT that this installation made for a key, by its signature: for whoever \
             doubts one. A verification does not look there, because what was revoked must not pass, \
             however well it is signed. No unit is taken and no use is counted. Callers who may see keys of \
             Experience Cloud may ask, 60 times a minute together with validations.",
        )
        .takes::<Request>(json!({"secret": "eyJhbGciOiJFZERTQSIs…"}))
        .answers::<Answer>(
            200,
            "What it is.",
            json!({
                "genuine": true,
                "keyId": "key_0H7mQXr2vLk9TzB4cWfYpN",
                "keyType": "openconnect",
                "current": true,
                "secretId": "tG5K0m1cJb7yq2VwR9sXeA3uLdZf8hQn",
                "kid": "mZ2u0oY9o8xvLkT7j5l4C1cV3bQ6aWs0eRtYpUiDfGh",
                "issuer": "https://keys.example.com",
                "issued": "2026-03-01T12:00:00.000Z",
            }),
        )
        .fails([
            bad_secret(),
            Error::NotAllowed { right: None },
            Error::Limited { retry_after_s: 60 },
        ])
}
