//! Audit events as lines of JSON: what our own wire and the console give out of the log. The text of an event
//! goes out byte for byte: its link was made over it.

use crate::{answer::Body, document::words, failure::Failure, streamed};
use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;
use service::{
    Error,
    audit::{AuditEntry, AuditExport},
};
use utoipa::ToSchema;

/// The media type of lines of JSON.
pub(crate) const NDJSON: &str = "application/x-ndjson";
/// The form of an export's lines.
const FORMAT: &str = "keyward-audit/1";

/// An event with its place and its link.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditEvent)]
pub(crate) struct Event {
    /// The tenant, or `*`.
    #[schema(value_type = words::Scope)]
    chain: String,
    position: i64,
    #[schema(pattern = "^[0-9a-f]{64}$")]
    link: String,
    #[schema(value_type = Object)]
    event: Box<RawValue>,
}

impl Event {
    /// The event as whoever holds the audit key can check it.
    pub(crate) fn of(entry: AuditEntry) -> Result<Self, Error> {
        Ok(Self {
            chain: entry.scope.to_string(),
            position: entry.position,
            link: hex(&entry.link),
            event: RawValue::from_string(entry.text).map_err(|e| Error::Internal(Box::new(e)))?,
        })
    }
}

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

/// One chain from its first event on, with its signed heads.
pub(crate) fn chain(export: AuditExport) -> Result<Body, Failure> {
    let first = First {
        format: FORMAT,
        chain: export.scope().to_string(),
        public_key: hex(export.public_key()),
    };
    Ok(streamed::beginning_with(lines(&[first])?, Some(export), |export| async move {
        let Some(mut export) = export else { return Ok(None) };
        match export.next_page().await? {
            Some(events) => {
                let events = events.into_iter().map(line).collect::<Result<Vec<_>, _>>()?;
                Ok(Some((lines(&events)?, Some(export))))
            }
            None => Ok(Some((heads(&export)?, None))),
        }
    }))
}

fn line(entry: AuditEntry) -> Result<EventLine, Failure> {
    let event = RawValue::from_string(entry.text).map_err(defect)?;
    Ok(EventLine { position: entry.position, link: hex(&entry.link), event })
}

fn heads(export: &AuditExport) -> Result<Bytes, Failure> {
    let line = |(head, signature): (String, Vec<u8>)| HeadLine { head, signature: hex(&signature) };
    lines(&export.heads().into_iter().map(line).collect::<Vec<_>>())
}

/// A line for each value.
pub(crate) fn lines(values: &[impl Serialize]) -> Result<Bytes, Failure> {
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
