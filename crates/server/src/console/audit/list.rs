//! `GET /console/audit`: every event that the visitor may read, newest first.

use super::{
    EventView,
    asked::{ActionGroup, Asked, Chosen},
};
use crate::{
    answer::Body,
    app::App,
    console::{
        Faults, Section, Shell, Visiting, page,
        places::{self, Names, Places},
    },
    extract::Query,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::id::Scope;
use http::Response;
use service::Error;

/// Events of one page.
pub(in super::super) const PAGE: u32 = 25;
const PATH: &str = "/console/audit";

#[derive(Template)]
#[template(path = "console/audit/list.html")]
struct Page {
    shell: Shell,
    faults: Faults,
    asked: Asked,
    actions: Vec<ActionGroup>,
    /// The chains to choose from; empty where there is one.
    chains: Places,
    /// The filters, each to be taken away.
    chosen: Vec<Chosen>,
    events: Vec<EventView>,
    in_panel: bool,
    /// What is announced of the list.
    count: String,
    /// Where the list goes on, and where it began.
    older: Option<String>,
    newest: Option<String>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    visitor: Visiting,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    render(&app, &visitor, Asked::of(&mut query)).await
}

/// The list of what these filters leave, or what is wrong with them.
pub(super) async fn render(
    app: &App,
    visitor: &Visiting,
    mut asked: Asked,
) -> Result<Response<Body>, Failure> {
    let scope = places::find(app, visitor, &asked.tenant).await;
    let (scope, list) = match scope {
        Ok(scope) => (scope, asked.list(PAGE, scope)),
        Err(error) => (None, Err(of_error(error)?)),
    };
    let found = match list {
        Ok(list) => match app.service().list_audit(&visitor.caller, list).await {
            Ok(page) => Ok(page),
            Err(error) => Err(of_error(error)?),
        },
        Err(faults) => Err(faults),
    };
    let (faults, entries, next) = match found {
        Ok(page) => (Faults::default(), page.events, page.next),
        Err(faults) => (faults, Vec::new(), None),
    };
    let scopes: Vec<Scope> = entries.iter().map(|entry| entry.scope).chain(scope).collect();
    if faults.of("key").is_some() {
        asked.key.clear();
    }
    let names = Names::of(app, visitor, scopes).await?;
    let events = EventView::all(&entries, visitor, &names)?;
    let page = Page {
        shell: Shell::of(app, visitor, Section::Audit, "Audit"),
        actions: asked.actions(),
        chosen: asked.chosen(PATH, &scope.map_or_else(|| asked.tenant.clone(), |s| names.name(s))),
        chains: places::choices(app, visitor, scope).await?.or_typed(&asked.tenant, &faults),
        count: count(events.len(), next.is_some()),
        older: next.map(|cursor| asked.address(PATH, &[("cursor", &cursor)])),
        newest: asked.cursor.as_ref().map(|_| asked.address(PATH, &[])),
        in_panel: false,
        faults,
        asked,
        events,
    };
    Ok(page::show_as(app, page.faults.status(), &page.shell, &page))
}

/// A contact center that is not there for the visitor is the filter's fault, and no page that is gone.
fn of_error(error: Error) -> Result<Faults, Failure> {
    match error {
        Error::NotFound => Ok(Faults::one("tenant", "There is no such contact center.")),
        other => Faults::of_error(other, &[("tenant", "tenant")]),
    }
}

/// How many events a page has, in words.
pub(in super::super) fn count(events: usize, more: bool) -> String {
    match (events, more) {
        (0, true) => "No events among the newest, older ones follow".to_owned(),
        (0, false) => "No events".to_owned(),
        (1, false) => "1 event".to_owned(),
        (1, true) => "1 event shown, older ones follow".to_owned(),
        (n, false) => format!("{n} events"),
        (n, true) => format!("{n} events shown, older ones follow"),
    }
}
