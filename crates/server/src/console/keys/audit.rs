//! `GET /console/keys/{id}/audit`: what was done to one key. Opened from the list, it stands in the panel beside
//! it; by itself, it is a tab of the key's page.

use super::{
    LIST,
    head::{Head, Tab, find},
    switch,
};
use crate::{
    answer::Body,
    app::App,
    console::{
        Section, Shell, Visiting,
        audit::{self, EventView},
        page,
        places::Names,
    },
    extract::{Path, Query},
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use http::{HeaderMap, HeaderName, HeaderValue, Response, header};
use service::audit::ListAudit;

const FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

#[derive(Template)]
#[template(path = "console/keys/audit.html")]
struct Page {
    shell: Shell,
    head: Head,
    events: Vec<EventView>,
    /// Whether the list's script asked, which wants the panel alone.
    in_panel: bool,
    list: &'static str,
    count: String,
    older: Option<String>,
    newest: Option<String>,
    /// The same in the page of all events, where they can be filtered and taken along.
    all: String,
}

pub(in crate::console) async fn audit(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    headers: HeaderMap,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let of = switch::id(&id)?;
    let found = find(&app, &visitor, of).await?;
    let cursor = query.take_text("cursor");
    let list =
        ListAudit { limit: Some(audit::PAGE), cursor: cursor.clone(), ..ListAudit::default() };
    let events = app.service().list_key_audit(&visitor.caller, of, list).await?;
    let names = Names::of(&app, &visitor, [found.key.scope]).await?;
    let head = Head::of(&found, Tab::Audit, &visitor);
    let page = Page {
        shell: Shell::of(&app, &visitor, Section::Keys, found.key.name.clone()),
        count: audit::count(events.events.len(), events.next.is_some()),
        older: events.next.map(|cursor| format!("{}?cursor={cursor}{}", head.here, head.more())),
        newest: cursor.map(|_| head.there()),
        all: format!("/console/audit?key={of}"),
        events: EventView::all(&events.events, &visitor, &names)?,
        in_panel: headers.get(FETCH_DEST).is_some_and(|dest| dest == "empty"),
        list: LIST,
        head,
    };
    let mut response = page::show(&app, &page.shell, &page);
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("sec-fetch-dest"));
    Ok(response)
}
