//! `POST /v1/keys/validate`: whether somebody was handed a key that works.

use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, words},
    extract::{Caller, Json},
    failure::Failure,
};
use axum::extract::State;
use domain::{id::TenantId, secret::Secret};
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;
use service::{Error, keys::ImaginedCall};
use utoipa::ToSchema;

/// The type whose keys people are handed.
const USUAL: &str = "ges";

/// Says that a key of any type will do.
const ANY: &str = "*";

/// A longer text is presented nowhere.
const MAX_BYTES: usize = 8_192;

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in super::super) struct Request {
    /// What may be a key.
    #[schema(min_length = 1, max_length = 8192)]
    secret: String,
    /// The name of the type that it should have, or `*` for any; `ges` where it is left out.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64)]
    key_type: Option<String>,
    /// Whose key it should be; the caller's tenant where it is left out.
    #[serde(default)]
    #[schema(value_type = Option<words::TenantId>)]
    tenant: Option<String>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Answer {
    valid: bool,
    /// Until when the presented secret works: another one took its place, or is due to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = words::Instant, required = false)]
    secret_ends: Option<String>,
    /// Days until the key expires, is revoked or is not rotated in time; there once one of its tenant's
    /// warning days is reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u16, required = false)]
    days_left: Option<u16>,
    /// The last of these that was reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = u16, required = false)]
    warning_day: Option<u16>,
}

pub(in super::super) async fn validate(
    State(app): State<App>,
    Caller(caller): Caller,
    Json(request): Json<Request>,
) -> Result<Response<Body>, Failure> {
    let secret = Secret::new(request.secret);
    if !(1..=MAX_BYTES).contains(&secret.expose().len()) {
        return Err(bad_secret().into());
    }
    let tenant = match &request.tenant {
        Some(text) => TenantId::parse(text)
            .map_err(|_| Error::invalid("tenant", "must be the id of a tenant"))?,
        None => caller
            .bound_to()
            .ok_or_else(|| Error::invalid("tenant", "is missing: name the tenant"))?,
    };
    let service = app.service();
    let judged = match request.key_type.as_deref().unwrap_or(USUAL) {
        ANY => {
            let call = ImaginedCall::default();
            service.examine_key(&caller, Some(tenant), &secret, &call).await?.validity
        }
        of_type => service.validate_key(&caller, tenant, of_type, &secret).await?,
    };
    let answer = Answer {
        valid: judged.valid,
        secret_ends: judged.secret_ends_at.map(|at| at.to_string()),
        days_left: judged.warning.map(|warning| warning.days_left),
        warning_day: judged.warning.map(|warning| warning.day),
    };
    Ok(answer::json(StatusCode::OK, &answer))
}

fn bad_secret() -> Error {
    Error::invalid("secret", format!("must have 1 to {MAX_BYTES} bytes"))
}

pub(in super::super) fn doc() -> Operation {
    operation("Validate a key")
        .about(
            "Whether a text is a key of this type that the tenant can use now: neither revoked nor expired \
             nor switched off. A key of another tenant is as invalid as none. It takes no unit from the \
             key's limit and counts no use. Whoever is signed in may ask for `*`, and with the right to see keys \
             of the type for one type, 60 times a minute.",
        )
        .takes::<Request>(json!({"secret": "78fd8f03-d9d0-4140-8aae-09f3f15d1392"}))
        .answers::<Answer>(200, "Whether it is one.", json!({"valid": true}))
        .fails([
            bad_secret(),
            Error::invalid("keyType", "there is no such key type"),
            Error::invalid("tenant", "is missing: name the tenant"),
            Error::NotFound,
            Error::NotAllowed { right: None },
            Error::Limited { retry_after_s: 60 },
        ])
}
