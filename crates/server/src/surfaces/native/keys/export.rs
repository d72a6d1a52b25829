//! `GET /v1/keys/export`: everything but the secrets, as NDJSON or CSV, read while it goes out.

use super::wire::KeyBody;
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
use domain::{key::Key, time::Timestamp};
use http::{Response, StatusCode};
use serde_json::{Value, json};
use service::{Error, keys::Export};

const NDJSON: &str = "application/x-ndjson";
const CSV: &str = "text/csv";

/// The members in the order of the columns. A part of one is behind a dot here, and stands alone in the
/// first row, as an import reads it.
const COLUMNS: [&str; 23] = [
    "id",
    "keyType",
    "tenant",
    "name",
    "description",
    "owner",
    "permissions",
    "enabled",
    "startsAt",
    "expires",
    "revoked",
    "revokeReason",
    "availability",
    "limit.capacity",
    "limit.frequency",
    "allowList.origins",
    "allowList.addresses",
    "allowList.methods",
    "allowList.paths",
    "hint",
    "acknowledged",
    "created",
    "createdBy",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Ndjson,
    Csv,
}

pub(in super::super) async fn export(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let scope = filters::tenant(&mut query)?;
    let form = match query.0.take_text("format").as_deref() {
        None | Some("ndjson") => Form::Ndjson,
        Some("csv") => Form::Csv,
        Some(_) => return Err(filters::bad("format", "`ndjson` or `csv`")),
    };
    query.finish()?;
    let export = app.service().export_keys(&caller, scope).await?;
    let (media_type, head) = match form {
        Form::Ndjson => (NDJSON, Bytes::new()),
        Form::Csv => (CSV, csv_rows(&[COLUMNS.map(title).to_vec()])?),
    };
    let body = streamed::beginning_with(head, export, move |mut export: Export| async move {
        let Some((keys, now)) = export.next_page().await? else { return Ok(None) };
        Ok(Some((form.page(&keys, now)?, export)))
    });
    Ok(answer::with_type(StatusCode::OK, media_type, body))
}

impl Form {
    fn page(self, keys: &[Key], now: Timestamp) -> Result<Bytes, Failure> {
        let bodies = keys.iter().map(|key| KeyBody::of(key, now));
        match self {
            Self::Ndjson => {
                let mut lines = Vec::new();
                for body in bodies {
                    serde_json::to_writer(&mut lines, &body).map_err(defect)?;
                    lines.push(b'\n');
                }
                Ok(lines.into())
            }
            Self::Csv => {
                let row = |body: KeyBody<'_>| -> Result<Vec<String>, Failure> {
                    let value = serde_json::to_value(body).map_err(defect)?;
                    Ok(COLUMNS.iter().map(|column| cell(&value, column)).collect())
                };
                csv_rows(&bodies.map(row).collect::<Result<Vec<_>, _>>()?)
            }
        }
    }
}

fn title(column: &str) -> String {
    column.rsplit('.').next().unwrap_or(column).to_owned()
}

/// What stands in one column; several words with spaces between them, as an import reads them.
fn cell(key: &Value, column: &str) -> String {
    let value = column.split('.').try_fold(key, |value, name| value.get(name));
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
        }
        Some(other) => other.to_string(),
    }
}

fn csv_rows(rows: &[Vec<String>]) -> Result<Bytes, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(defect)?;
    }
    writer.into_inner().map(Bytes::from).map_err(defect)
}

fn defect(error: impl std::error::Error + Send + Sync + 'static) -> Failure {
    Failure::Service(Error::Internal(Box::new(error)))
}

pub(in super::super) fn doc() -> Operation {
    let line = r#"{"id":"key_0Ab1Cd2Ef3Gh4Ij5Kl6Mn7","keyType":"api","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"billing", …}"#;
    let row = "id,keyType,tenant,name, …\nkey_0Ab1Cd2Ef3Gh4Ij5Kl6Mn7,api,578ec98e-f07c-46ad-9675-f36c22f3ba9f,billing, …\n";
    let lines = Named::new("ExportedKeys", json!({"type": "string"}));
    let rows = Named::new("ExportedRows", json!({"type": "string"}));
    operation("Export keys")
        .about(
            "Every key that the caller may see, newest first, in one answer: without `secret`, otherwise \
             as `list_keys` shows it. A line holds one key (`format=ndjson`), or a row (`format=csv`, \
             the first row names the columns; lists are written with spaces between their entries).\n\n\
             The answer is read while it goes out. Keys that are made meanwhile may be missing from it. \
             That keys were exported is an event of the audit log, written before the first of them.",
        )
        .query("tenant", "One tenant's, or `*` for the cluster's.", schema::scope(), "*")
        .query("format", "How the keys are written down.", schema::word(&["ndjson", "csv"]), "ndjson")
        .answers_as(200, "The keys.", NDJSON, lines, json!(line))
        .answers_as(200, "The keys.", CSV, rows, json!(row))
        .fails([filters::bad("format", "`ndjson` or `csv`")])
}
