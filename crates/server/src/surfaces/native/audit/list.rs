//! `GET /v1/audit`: events newest first, each with its place and link, its text as the chain has it.

use crate::{
    answer::{self, Body},
    app::App,
    document::Operation,
    extract::{Caller, Query},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use domain::{id::Scope, time::Timestamp};
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::value::RawValue;
use service::{
    Error,
    audit::{AuditEntry, AuditPage, ListAudit, MAX_PAGE},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    events: Vec<Event>,
    next_cursor: Option<String>,
}

#[derive(Serialize)]
struct Event {
    /// The tenant, or `*`.
    chain: String,
    position: i64,
    link: String,
    event: Box<RawValue>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let scope =
        read(&mut query, "tenant", "must be a tenant's id or `*`", |text| Scope::parse(text).ok())?;
    let subject = query.0.take_text("subject");
    let list = ListAudit { scope, subject, ..filter(&mut query)? };
    query.finish()?;
    answer(app.service().list_audit(&caller, list).await?)
}

/// The parameters of every list of events.
pub(in super::super) fn filter(query: &mut Query) -> Result<ListAudit, Failure> {
    Ok(ListAudit {
        action: query.0.take_text("action"),
        actor: query.0.take_text("actor"),
        from: instant(query, "from")?,
        to: instant(query, "to")?,
        limit: query.parse("limit", &format!("1 to {MAX_PAGE}"))?,
        cursor: query.0.take_text("cursor"),
        ..ListAudit::default()
    })
}

/// A part of the log as the answer.
pub(in super::super) fn answer(page: AuditPage) -> Result<Response<Body>, Failure> {
    let events = page.events.into_iter().map(Event::of).collect::<Result<Vec<_>, _>>()?;
    Ok(answer::json(StatusCode::OK, &Page { events, next_cursor: page.next }))
}

fn instant(query: &mut Query, name: &'static str) -> Result<Option<Timestamp>, Failure> {
    let wanted = "must be an RFC 3339 instant such as 2026-12-31T23:59:59Z";
    read(query, name, wanted, |text| Timestamp::parse(text).ok())
}

fn read<T>(
    query: &mut Query,
    name: &'static str,
    wanted: &str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Failure> {
    let Some(text) = query.0.take_text(name) else { return Ok(None) };
    parse(&text).map(Some).ok_or_else(|| Failure::BadQuery {
        field: Some(name.to_owned()),
        detail: format!("`{name}` {wanted}"),
    })
}

impl Event {
    /// The text goes out byte for byte: whoever holds the audit key can check the link over it.
    fn of(entry: AuditEntry) -> Result<Self, Error> {
        Ok(Self {
            chain: entry.scope.to_string(),
            position: entry.position,
            link: entry.link.iter().map(|b| format!("{b:02x}")).collect(),
            event: RawValue::from_string(entry.text).map_err(|e| Error::Internal(Box::new(e)))?,
        })
    }
}

pub(in super::super) fn doc() -> Operation {
    documented("List audit events")
}
