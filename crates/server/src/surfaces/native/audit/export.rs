//! `GET /v1/audit/export`: one chain from its first event on, with its signed heads, as NDJSON.

use crate::{
    answer::{self, Body},
    app::App,
    document::{Named, Operation, operation, schema},
    extract::{Caller, Query},
    failure::Failure,
    streamed,
    surfaces::native::filters,
};
use axum::extract::State;
use bytes::Bytes;
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::{json, value::RawValue};
use service::{
    Error,
    audit::{AuditEntry, AuditExport},
};

const NDJSON: &str = "application/x-ndjson";
/// The form of the lines.
const FORMAT: &str = "keyward-audit/1";

/// The first line.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct First {
    format: &'static str,
    chain: String,
    public_key: String,
}

/// A line for each event.
#[derive(Serialize)]
struct EventLine {
    position: i64,
    link: String,
    event: Box<RawValue>,
}

/// The last lines: heads as they were signed.
#[derive(Serialize)]
struct HeadLine {
    head: String,
    signature: String,
}

pub(in super::super) async fn export(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let scope = filters::tenant(&mut query)?;
    query.finish()?;
    let export = app.service().export_audit(&caller, scope).await?;
    let first = First {
        format: FORMAT,
        chain: export.scope().to_string(),
        public_key: hex(export.public_key()),
    };
    let body = streamed::beginning_with(lines(&[first])?, Some(export), |export| async move {
        let Some(mut export) = export else { return Ok(None) };
        match export.next_page().await? {
            Some(events) => {
                let events = events.into_iter().map(event).collect::<Result<Vec<_>, _>>()?;
                Ok(Some((lines(&events)?, Some(export))))
            }
            None => Ok(Some((heads(&export)?, None))),
        }
    });
    Ok(answer::with_type(StatusCode::OK, NDJSON, body))
}

/// The text goes out byte for byte: the link was made over it.
fn event(entry: AuditEntry) -> Result<EventLine, Failure> {
    let event = RawValue::from_string(entry.text).map_err(defect)?;
    Ok(EventLine { position: entry.position, link: hex(&entry.link), event })
}

fn heads(export: &AuditExport) -> Result<Bytes, Failure> {
    let line = |(head, signature): (String, Vec<u8>)| HeadLine { head, signature: hex(&signature) };
    lines(&export.heads().into_iter().map(line).collect::<Vec<_>>())
}

fn lines(values: &[impl Serialize]) -> Result<Bytes, Failure> {
    let mut lines = Vec::new();
    for value in values {
        serde_json::to_writer(&mut lines, value).map_err(defect)?;
        lines.push(b'\n');
    }
    Ok(lines.into())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn defect(error: serde_json::Error) -> Failure {
    Failure::Service(Error::Internal(Box::new(error)))
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
