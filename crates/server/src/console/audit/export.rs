//! `GET /console/audit/export`: what the filters leave, as CSV or as lines of JSON; or one chain whole, as
//! `/v1/audit/export` has it, to be checked elsewhere.

use super::{EventView, asked::Asked, check, list};
use crate::{
    answer::{self, Body},
    app::App,
    audit_lines::{self, NDJSON},
    browser,
    console::{
        Visiting,
        places::{self, Names},
    },
    extract::Query,
    failure::Failure,
    streamed,
};
use axum::extract::State;
use bytes::Bytes;
use domain::id::Scope;
use http::{HeaderValue, Response, StatusCode, header};
use service::{
    Error,
    audit::{AuditEntry, ListAudit, MAX_PAGE},
};

const CSV: &str = "text/csv; charset=utf-8";

/// The files that there are.
#[derive(Clone, Copy)]
enum Format {
    Csv,
    Lines,
    Chain,
}

/// What a part of the file is made from.
struct Rest {
    app: App,
    visitor: Visiting,
    list: ListAudit,
    format: Format,
}

pub(in super::super) async fn export(
    State(app): State<App>,
    visitor: Visiting,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let asked = Asked::of(&mut query);
    let format = match query.take_text("format").as_deref() {
        Some("csv") => Format::Csv,
        Some("jsonl") => Format::Lines,
        Some("chain") => Format::Chain,
        _ => return Err(bad("format", "must be `csv`, `jsonl` or `chain`")),
    };
    let (scope, unknown) = places::narrowed(&app, &visitor, &asked.tenant).await?;
    if let Format::Chain = format {
        return match unknown.is_empty() {
            true => chain(&app, &visitor, scope).await,
            false => check::no_copy(&app, &visitor, &asked.tenant, unknown).await,
        };
    }
    let list = match asked.list(MAX_PAGE, scope) {
        Ok(list) if unknown.is_empty() => ListAudit { cursor: None, ..list },
        // What is wrong is said where it is mended.
        _ => return list::render(&app, &visitor, asked).await,
    };
    let (media, name) = match format {
        Format::Csv => (CSV, "keyward-audit.csv"),
        Format::Lines | Format::Chain => (NDJSON, "keyward-audit.jsonl"),
    };
    let rest = Rest { app: app.clone(), visitor, list, format };
    // The first part is read before the answer begins: what cannot be had is said as a page.
    let (first, rest) = rest.step(true).await?;
    let body = streamed::beginning_with(first, rest, |rest| async move {
        match rest {
            Some(rest) => rest.step(false).await.map(Some),
            None => Ok(None),
        }
    });
    Ok(file(&app, media, name, body))
}

async fn chain(
    app: &App,
    visitor: &Visiting,
    scope: Option<Scope>,
) -> Result<Response<Body>, Failure> {
    let export = app.service().export_audit(&visitor.caller, scope).await?;
    let body = audit_lines::chain(export)?;
    Ok(file(app, NDJSON, "keyward-audit-chain.jsonl", body))
}

/// An answer that a browser keeps as a file.
fn file(app: &App, media: &'static str, name: &str, body: Body) -> Response<Body> {
    let mut response = answer::with_type(StatusCode::OK, media, body);
    browser::dress(app, &mut response);
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

impl Rest {
    /// The next part, and what is left after it.
    async fn step(mut self, first: bool) -> Result<(Bytes, Option<Self>), Failure> {
        let list = self.list.clone();
        let page = self.app.service().list_audit(&self.visitor.caller, list).await?;
        let bytes = match self.format {
            Format::Csv => self.rows(&page.events, first)?,
            Format::Lines | Format::Chain => {
                let events = page.events.into_iter().map(audit_lines::Event::of);
                audit_lines::lines(&events.collect::<Result<Vec<_>, _>>()?)?
            }
        };
        self.list.cursor = page.next;
        let more = self.list.cursor.is_some();
        Ok((bytes, more.then_some(self)))
    }

    fn rows(&self, events: &[AuditEntry], first: bool) -> Result<Bytes, Failure> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        if first {
            writer.write_record(COLUMNS).map_err(defect)?;
        }
        for (entry, event) in
            events.iter().zip(EventView::all(events, &self.visitor, &Names::default())?)
        {
            let named = |of: &[super::value::Named]| {
                let one =
                    |named: &super::value::Named| format!("{}: {}", named.name, named.value.line());
                of.iter().map(one).collect::<Vec<_>>().join("\n")
            };
            let changes = event.changes.iter().map(|change| {
                format!("{}: {} -> {}", change.name, change.before.line(), change.after.line())
            });
            let fields = [
                event.when.iso.clone(),
                event.action,
                event.actor.id,
                event.actor.name,
                event.subject.kind,
                event.subject.id,
                event.subject.name.unwrap_or_default(),
                changes.collect::<Vec<_>>().join("\n"),
                named(&event.detail),
                event.address.unwrap_or_default(),
                event.request_id,
                entry.scope.to_string(),
                entry.position.to_string(),
            ];
            writer.write_record(fields.map(|field| plain(&field))).map_err(defect)?;
        }
        let rows = writer.into_inner().map_err(|e| defect(e.into_error().into()))?;
        Ok(rows.into())
    }
}

const COLUMNS: [&str; 13] = [
    "at",
    "action",
    "actor",
    "actor name",
    "thing",
    "thing id",
    "thing name",
    "changes",
    "detail",
    "address",
    "request id",
    "chain",
    "position",
];

/// What a spreadsheet may take for the beginning of a formula, the wide forms of some scripts included.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A field that no spreadsheet takes for a formula: names come from strangers.
fn plain(field: &str) -> String {
    match field.starts_with(FORMULA) {
        true => format!("'{field}"),
        false => field.to_owned(),
    }
}

fn bad(field: &str, wanted: &str) -> Failure {
    Failure::BadQuery { field: Some(field.to_owned()), detail: format!("`{field}` {wanted}") }
}

fn defect(error: csv::Error) -> Failure {
    Failure::Service(Error::Internal(Box::new(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_field_begins_a_formula() {
        for field in
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1"]
        {
            assert_eq!(plain(field), format!("'{field}"));
        }
        assert_eq!(plain("a=b"), "a=b");
    }
}
