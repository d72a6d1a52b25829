//! `POST /v1/keys/import`: keys that exist already, by NDJSON or CSV. The body is read batch by batch;
//! what became of each record is told once all of it was read, because a client that does not read
//! while it sends would wait for us, and we for it.

mod item;
mod records;

use crate::{
    answer::{self, Body},
    app::App,
    extract::{Caller, Query, body::Pieces, form::is_type},
    failure::Failure,
    route::documented,
    surfaces::native::filters,
};
use axum::extract::{Request, State};
use bytes::Bytes;
use domain::id::KeyId;
use http::{HeaderMap, Response, StatusCode};
use item::{Columns, Item, Read};
use records::{Record, Records};
use serde::Serialize;
use service::{
    Error,
    keys::{Import, Imported, MAX_BATCH},
};
use utoipa::{ToSchema, openapi::path::Operation};

/// The longest body.
pub(in super::super) const MAX_BODY_BYTES: usize = 64 * 1024 * 1024;
/// The most records of one body: each has a line in the answer.
const MAX_RECORDS: u64 = 250_000;
/// After so long no further batch is begun: the deadline of the whole request must not come in
/// between.
const MAX_NANOS: u64 = 20_000_000_000;

const NDJSON: &str = "application/x-ndjson";
const CSV: &str = "text/csv";

pub(in super::super) async fn import(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
    request: Request,
) -> Result<Response<Body>, Failure> {
    let dry_run = filters::switch(&mut query, "dryRun")?.unwrap_or(false);
    query.finish()?;
    let import = app.service().import_keys(&caller, dry_run)?;
    let form = Form::of(request.headers())?;
    let mut run = Run {
        import,
        form,
        answer: Vec::new(),
        summary: Summary { dry_run, complete: true, ..Summary::default() },
    };
    let began = app.service().now().mono_ns;
    let in_time = || app.service().now().mono_ns.saturating_sub(began) < MAX_NANOS;
    if let Err((line, failure)) = run.read(Pieces::of(request)?, in_time).await {
        if run.summary.records == 0 {
            return Err(failure);
        }
        // What was written so far is written: the answer says so, and where to go on.
        run.summary.complete = false;
        run.summary.stopped = Some(failure.code());
        run.summary.next_line = Some(line);
    }
    Ok(answer::with_type(StatusCode::OK, NDJSON, run.finish()))
}

/// How records are written down.
enum Form {
    Ndjson,
    /// `None`: the columns were not named yet.
    Csv(Option<Columns>),
}

impl Form {
    fn of(headers: &HeaderMap) -> Result<Self, Failure> {
        if is_type(headers, |essence| matches!(essence, NDJSON | "application/jsonl")) {
            return Ok(Self::Ndjson);
        }
        if is_type(headers, |essence| essence == CSV) {
            return Ok(Self::Csv(None));
        }
        Err(Failure::UnsupportedMediaType { wanted: "application/x-ndjson or text/csv" })
    }

    /// Reads a record; `None`: it named the columns.
    fn read(&mut self, text: &[u8]) -> Result<Option<Read>, Failure> {
        Ok(match self {
            Self::Ndjson => Some(Item::of_json(text)),
            Self::Csv(Some(columns)) => Some(columns.item(text)),
            Self::Csv(columns) => {
                *columns = Some(Columns::read(text)?);
                None
            }
        })
    }
}

/// An import and what is answered about it.
struct Run {
    import: Import,
    form: Form,
    answer: Vec<u8>,
    summary: Summary,
}

/// Where an import stopped, and why.
type Stopped = (u64, Failure);

impl Run {
    async fn read(&mut self, mut pieces: Pieces, in_time: impl Fn() -> bool) -> Result<(), Stopped> {
        let mut records = Records::new(matches!(self.form, Form::Csv(_)));
        let mut complete: Vec<Record> = Vec::new();
        let mut reached = 1;
        loop {
            let piece = pieces.next().await.map_err(|failure| (reached, failure))?;
            match &piece {
                Some(piece) => records.take(piece, &mut complete),
                None => records.finish(&mut complete),
            }
            while complete.len() >= MAX_BATCH || (piece.is_none() && !complete.is_empty()) {
                let rest = complete.split_off(complete.len().min(MAX_BATCH));
                let batch = std::mem::replace(&mut complete, rest);
                reached = batch.first().map_or(reached, |record| record.line);
                if !in_time() {
                    return Err((reached, Failure::Timeout));
                }
                if self.summary.records >= MAX_RECORDS {
                    return Err((reached, Failure::BodyTooLarge { max_bytes: MAX_BODY_BYTES }));
                }
                self.batch(batch).await.map_err(|failure| (reached, failure))?;
            }
            if piece.is_none() {
                return Ok(());
            }
            reached = complete.first().map_or(reached, |record| record.line);
        }
    }

    /// Takes over what the records describe, and notes what became of each.
    async fn batch(&mut self, records: Vec<Record>) -> Result<(), Failure> {
        let (mut lines, mut keys) = (Vec::with_capacity(records.len()), Vec::new());
        for Record { line, text } in records {
            let read = match text {
                Some(text) => self.form.read(&text)?,
                None => Some(too_long()),
            };
            let Some(Read { external_id, key }) = read else { continue };
            let refused = match key {
                Ok(key) => {
                    keys.push(key);
                    None
                }
                Err(failure) => Some(failure),
            };
            lines.push((line, external_id, refused));
        }
        let mut outcomes = self.import.batch(keys).await?.into_iter();
        for (line, external_id, refused) in lines {
            let outcome = match refused {
                Some(failure) => Outcome::refused(&failure),
                None => outcomes.next().map_or_else(Outcome::lost, Outcome::of),
            };
            self.summary.add(&outcome);
            self.note(&ResultLine { line, external_id, outcome });
        }
        Ok(())
    }

    fn note(&mut self, line: &impl Serialize) {
        // Texts and numbers are always JSON.
        if serde_json::to_writer(&mut self.answer, line).is_ok() {
            self.answer.push(b'\n');
        }
    }

    fn finish(mut self) -> Bytes {
        let summary = std::mem::take(&mut self.summary);
        self.note(&Last { summary });
        self.answer.into()
    }
}

fn too_long() -> Read {
    let detail = "the record is too long".to_owned();
    Read { external_id: None, key: Err(Failure::BadJson { field: None, detail }) }
}

/// What became of one record: a line of the answer.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ResultLine {
    /// The line of the body that the record began on.
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    external_id: Option<String>,
    #[serde(flatten)]
    outcome: Outcome,
}

#[derive(Serialize, ToSchema, Default)]
struct Outcome {
    /// `created`, `exists`, `refused`; of a rehearsal `would-create`.
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

impl Outcome {
    fn of(imported: Imported) -> Self {
        let done = |status, id: Option<KeyId>| Self {
            status,
            id: id.map(|id| id.to_string()),
            ..Self::default()
        };
        match imported {
            Imported::Created(id) => done("created", Some(id)),
            Imported::WouldCreate => done("would-create", None),
            Imported::Exists(id) => done("exists", Some(id)),
            Imported::WouldExist => done("exists", None),
            Imported::Refused(error) => Self::refused(&Failure::Service(error)),
        }
    }

    fn refused(failure: &Failure) -> Self {
        let conflict = match failure {
            Failure::Service(Error::Conflict { what, .. }) => Some(*what),
            _ => None,
        };
        let detail = match failure {
            Failure::Service(Error::Invalid { detail, .. }) => detail.clone(),
            other => other.detail().into_owned(),
        };
        Self {
            status: "refused",
            id: None,
            code: Some(failure.code()),
            field: failure.field().or(conflict).map(str::to_owned),
            detail: Some(detail),
        }
    }

    /// A batch answers for each of its keys; this would be a defect.
    fn lost() -> Self {
        Self::refused(&Failure::Panic)
    }
}

/// The last line of the answer.
#[derive(Serialize, ToSchema)]
struct Last {
    summary: Summary,
}

#[derive(Serialize, ToSchema, Default)]
#[serde(rename_all = "camelCase")]
struct Summary {
    records: u64,
    created: u64,
    would_create: u64,
    exists: u64,
    refused: u64,
    dry_run: bool,
    /// Whether the whole body was read.
    complete: bool,
    /// Why not: a code of the errors.
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped: Option<&'static str>,
    /// The first line of which nothing was taken over.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_line: Option<u64>,
}

impl Summary {
    fn add(&mut self, outcome: &Outcome) {
        self.records += 1;
        let count = match outcome.status {
            "created" => &mut self.created,
            "would-create" => &mut self.would_create,
            "exists" => &mut self.exists,
            _ => &mut self.refused,
        };
        *count += 1;
    }
}

pub(in super::super) fn doc() -> Operation {
    documented("Import keys")
}
