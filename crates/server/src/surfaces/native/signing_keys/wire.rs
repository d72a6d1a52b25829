//! A signing key on our own wire: its public half alone.

use crate::{document::words, failure::Failure};
use domain::{
    id::TenantId,
    signing::{SigningKey, Stage},
    time::Timestamp,
};
use serde::Serialize;
use serde_json::{Value, json};
use service::Error;
use utoipa::ToSchema;

/// The id of the tenant in the documentation.
pub(super) const TENANT: &str = "578ec98e-f07c-46ad-9675-f36c22f3ba9f";

/// A key that a realm signs its tokens with.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SigningKey)]
pub(super) struct SigningKeyBody {
    /// What tokens name it by: the thumbprint of RFC 7638.
    #[schema(pattern = "^[0-9A-Za-z_-]{43}$")]
    kid: String,
    #[schema(value_type = words::SigningAlgorithm)]
    algorithm: &'static str,
    #[schema(value_type = words::SigningStage)]
    stage: &'static str,
    #[schema(value_type = words::Instant)]
    created: String,
    /// When it begins to sign.
    #[schema(value_type = words::Instant)]
    signs_from: String,
    /// When its successor takes over; `null`: it has none.
    #[schema(value_type = Option<words::Instant>)]
    signs_until: Option<String>,
    /// Until when it is published: whatever it signed has ended by then.
    #[schema(value_type = Option<words::Instant>)]
    serves_until: Option<String>,
}

impl SigningKeyBody {
    pub(super) fn of(key: &SigningKey, at: Timestamp) -> Self {
        let instant = |at: Option<Timestamp>| at.map(|at| at.to_string());
        Self {
            kid: key.kid.clone(),
            algorithm: key.algorithm.as_str(),
            stage: key.stage(at).as_str(),
            created: key.created_at.to_string(),
            signs_from: key.signs_from.to_string(),
            signs_until: instant(key.signs_until),
            serves_until: instant(key.serves_until),
        }
    }
}

/// The id of a tenant in a path. Anything else names nothing.
pub(super) fn tenant(text: &str) -> Result<TenantId, Failure> {
    TenantId::parse(text).map_err(|_| Failure::Service(Error::NotFound))
}

/// A signing key of the documentation.
pub(super) fn example(stage: Stage) -> Value {
    let (kid, from, until, serves) = match stage {
        Stage::Next | Stage::Ended => {
            ("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs", "2026-03-01T13:00:00.000Z", None, None)
        }
        Stage::Signing | Stage::Served => (
            "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U",
            "2025-12-01T12:00:00.000Z",
            Some("2026-03-01T13:00:00.000Z"),
            Some("2026-03-02T01:15:00.000Z"),
        ),
    };
    json!({
        "kid": kid,
        "algorithm": "RS256",
        "stage": stage.as_str(),
        "created": if until.is_none() { "2026-03-01T12:00:00.000Z" } else { from },
        "signsFrom": from,
        "signsUntil": until,
        "servesUntil": serves,
    })
}
