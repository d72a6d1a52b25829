//! `GET /v1/audit`: events newest first, each with its place and link, its text as the chain has it.

use crate::{
    answer::{self, Body},
    app::App,
    audit_lines::Event,
    document::{Operation, operation, schema},
    extract::{Caller, Query},
    failure::Failure,
};
use axum::extract::State;
use domain::{id::Scope, time::Timestamp};
use http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use service::audit::{AuditPage, ListAudit, MAX_PAGE};
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Page {
    events: Vec<Event>,
    next_cursor: Option<String>,
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

/// With the parameters and the answer of every list of events.
pub(in super::super) fn list_of_events(operation: Operation) -> Operation {
    let event = json!({
        "v": 1,
        "at": "2026-11-22T09:30:00.000Z",
        "action": "key.update",
        "subject": "key_0H7mQXr2vLk9TzB4cWfYpN",
    });
    let link = "5f0a6c1de2b34f7f8a9b0c1d2e3f40515f0a6c1de2b34f7f8a9b0c1d2e3f4051";
    let entry = json!({"chain": "*", "position": 12, "link": link, "event": event});
    operation
        .query("action", "Events of this kind alone.", schema::any_text(), "key.update")
        .query("actor", "Events of this actor alone: `person:` or `client:` and an id, a key's id, `system`, `anonymous`, or a whole name, capitals or not; a page for a name may be short, even empty, and go on.", schema::any_text(), "ops")
        .query("from", "From this instant on.", schema::instant(), "2026-11-01T00:00:00Z")
        .query("to", "Before this instant.", schema::instant(), "2026-12-01T00:00:00Z")
        .paged(MAX_PAGE)
        .answers::<Page>(200, "A page of events.", json!({"events": [entry], "nextCursor": null}))
}

pub(in super::super) fn doc() -> Operation {
    list_of_events(
        operation("List audit events")
            .about(
                "What was done, newest first, within what the caller may see. `event` is \
             the text that the chain was made over: whoever holds the audit key can \
             check `link` by it.",
            )
            .query("tenant", "One tenant's chain, or `*` for the cluster's.", schema::scope(), "*")
            .query(
                "subject",
                "Events about this thing alone: a key's id, a person's, …",
                schema::any_text(),
                "key_0H7mQXr2vLk9TzB4cWfYpN",
            ),
    )
}
