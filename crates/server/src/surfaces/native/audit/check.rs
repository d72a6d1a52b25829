//! `GET /v1/audit/check`: whether a chain is whole.

use crate::{
    answer::{self, Body},
    app::App,
    document::{Operation, operation, schema, words},
    extract::{Caller, Query},
    failure::Failure,
    surfaces::native::filters,
};
use axum::extract::State;
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::{Error, audit::CheckedAudit};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AuditCheck)]
struct Answer {
    /// The chain; `null`: all of them, and the things that their events speak of.
    #[schema(value_type = Option<words::Scope>)]
    chain: Option<String>,
    #[schema(value_type = words::Instant)]
    at: String,
    /// Whether nothing is wrong.
    whole: bool,
    /// The place of the chain's last event; `null` of all chains, and where that place is no longer written.
    position: Option<i64>,
    /// Events that were read.
    events: u64,
    /// Signed heads whose signatures were checked.
    signed_heads: u64,
    /// What is wrong, a sentence each.
    findings: Vec<String>,
}

pub(in super::super) async fn check(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let scope = filters::tenant(&mut query)?;
    query.finish()?;
    let CheckedAudit { scope, at, position, check } =
        app.service().check_audit(&caller, scope).await?;
    let body = Answer {
        chain: scope.map(|scope| scope.to_string()),
        at: at.to_string(),
        whole: check.findings.is_empty(),
        position,
        events: check.events,
        signed_heads: check.signed_heads,
        findings: check.findings,
    };
    Ok(answer::json(StatusCode::OK, &body))
}

pub(in super::super) fn doc() -> Operation {
    operation("Check an audit chain")
        .about(
            "Reads one chain from its beginning and says whether it is whole: each event against the one \
             before it, the end against its head, and the heads that were signed. A tenant's caller means its \
             own chain; a caller of the cluster that names none means all chains, and then also every thing \
             against its last event. It reads all of it, so a caller may ask twelve times a minute, and one check runs at a time.\n\n\
             Who rewrote the whole log and had its keys is found only by a head that was kept elsewhere: \
             `keyward audit verify --head`.",
        )
        .query("tenant", "The chain: a tenant's id, or `*` for the cluster's.", schema::scope(), "*")
        .answers::<Answer>(
            200,
            "What was found.",
            json!({
                "chain": "*",
                "at": "2026-11-22T09:30:00.000Z",
                "whole": true,
                "position": 1_204,
                "events": 1_204,
                "signedHeads": 31,
                "findings": [],
            }),
        )
        .fails([Error::NotFound, Error::Limited { retry_after_s: 5 }])
}
