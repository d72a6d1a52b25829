//! `POST /v1/keys/import`: keys that exist already, by NDJSON or CSV. The body is read batch by batch;
//! what became of each record is told once all of it was read, because a client that does not read
//! while it sends would wait for us, and we for it.

mod item;
mod records;
mod told;

use crate::{
    answer::{self, Body},
    app::App,
    document::{Named, Operation, operation, schema},
    extract::{Caller, Query, body::Pieces, form::is_type},
    failure::Failure,
    surfaces::native::filters,
};
use axum::extract::{Request, State};
use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use item::{Columns, Item, Read};
use records::{Record, Records};
use serde::Serialize;
use serde_json::{Value, json};
use service::keys::{Import, MAX_BATCH};
use told::{Last, Outcome, ResultLine, Summary};

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
    let mut run = Run { import, form, answer: Vec::new(), summary: Summary::new(dry_run) };
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
    async fn read(
        &mut self,
        mut pieces: Pieces,
        in_time: impl Fn() -> bool,
    ) -> Result<(), Stopped> {
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

pub(in super::super) fn doc() -> Operation {
    let line = concat!(
        r#"{"keyType":"nexus","tenant":"578ec98e-f07c-46ad-9675-f36c22f3ba9f","name":"web chat","#,
        r#""secret":"3e3ef06e-2d41-4d1c-9d9f-0f8e0f8f8f7a","permissions":["nexus:consumer:chat"]}"#,
    );
    let row = "keyType,tenant,name,digest,permissions\n\
        api,578ec98e-f07c-46ad-9675-f36c22f3ba9f,billing,\
        sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad,orders:read\n";
    let answer = concat!(
        r#"{"line":1,"status":"created","id":"key_0Ab1Cd2Ef3Gh4Ij5Kl6Mn7"}"#,
        "\n",
        r#"{"summary":{"records":1,"created":1,"wouldCreate":0,"exists":0,"refused":0,"dryRun":false,"complete":true}}"#,
    );
    operation("Import keys")
        .about(
            "Takes over keys that exist already, so that they keep working: by the secret, or by its \
             SHA-256 (`digest`) where the type does not show secrets again. Callers of the whole cluster \
             alone may; each key needs the right to create of its type.\n\n\
             A line of `application/x-ndjson` is a key, or a row of `text/csv`, whose first row names the \
             columns. What became of each is a line of the answer, in order: `created`, `exists` (an \
             import brought it before), or `refused` with `code`, `field` and `detail`; the last line \
             counts. Nothing is undone for a refused key. A thousand keys are one transaction with its \
             audit events; where `complete` is false the import stopped (`stopped` says why) and goes on \
             when the same body is sent again, or the part from `nextLine` on.\n\n\
             `dryRun=true` checks everything and writes nothing. At most 250,000 records.",
        )
        .query("dryRun", "Check alone: write nothing.", schema::boolean(), true)
        .takes_as(NDJSON, Named::new("ImportLines", item_schema()), json!(line))
        .takes_as(CSV, Named::new("ImportRows", rows_schema()), json!(row))
        .answers_as(
            200,
            "What became of each record, and how many of each there were.",
            NDJSON,
            Named::new("ImportResults", json!({"type": "string"})),
            json!(answer),
        )
        .fails([Failure::BadJson {
            field: None,
            detail: "the first line must name columns, each once: not so number 1".to_owned(),
        }])
}

fn rows_schema() -> Value {
    json!({"description": "The first row names the columns; each further one is a key."})
}

/// The body is text; what one line of it is, is said in words.
fn item_schema() -> Value {
    json!({
        "description": "A JSON object on each line: `keyType`, `tenant`, `name` and one of `secret` and \
            `digest`; and where wanted `hint` (beside a digest), `description`, `permissions`, `enabled`, \
            `startsAt`, `expires`, `revoked`, `limit`, `allowList`, `created`, `createdBy`, `externalId`.",
    })
}
