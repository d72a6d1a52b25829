//! `GET /v1/audit/export`: one chain from its first event on, with its signed heads, as NDJSON.

use crate::{
    answer::{self, Body},
    app::App,
    audit_lines::{self, NDJSON},
    document::{Named, Operation, operation, schema},
    extract::{Caller, Query},
    failure::Failure,
    surfaces::native::filters,
};
use axum::extract::State;
use http::{Response, StatusCode};
use serde_json::json;

pub(in super::super) async fn export(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let scope = filters::tenant(&mut query)?;
    query.finish()?;
    let export = app.service().export_audit(&caller, scope).await?;
    Ok(answer::with_type(StatusCode::OK, NDJSON, audit_lines::chain(export)?))
}

pub(in super::super) fn doc() -> Operation {
    let example = concat!(
        r#"{"format":"keyward-audit/1","chain":"*","publicKey":"9f3c…"}"#,
        "\n",
        r#"{"position":1,"link":"5f0a…","event":{"v":1,"action":"tenant.create", …}}"#,
        "\n",
        r#"{"head":"keyward-head/1 * 1 5f0a… 2026-03-01T12:00:00.000Z","signature":"77ab…"}"#,
    );
    operation("Export an audit chain")
        .about(
            "One chain of the audit log from its first event on: a tenant's own, or the one that a caller \
             of the cluster names (without a name, the cluster's). The first line names the chain and the \
             Ed25519 key of its heads; then each event has a line with its place and its link, its text \
             byte for byte what the link covers; the last lines are the heads that were signed, each in \
             the form of the server's log, the very last one signed for this answer.\n\n\
             The places count without gaps, from 1 unless the oldest were pruned (`audit.prune`): then from \
             behind a signed head. Each head names the link of the event at its \
             place: so a copy can be checked against its heads without this server, and the server \
             against the copy by `keyward audit verify --head`. Links themselves need the audit key, \
             which never leaves the server.",
        )
        .query("tenant", "The chain: a tenant's id, or `*` for the cluster's.", schema::scope(), "*")
        .answers_as(
            200,
            "The chain.",
            NDJSON,
            Named::new("AuditChain", json!({"type": "string"})),
            json!(example),
        )
}
