//! `GET /console/roles`: those that somebody of a place can hold.

use super::{about, fields::Fields};
use crate::{
    answer::Body,
    app::App,
    browser::with_query,
    console::{
        Faults, Section, Shell, Visiting, Visitor, page,
        places::{self, Names, Places},
    },
    extract::Query,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{id::Scope, right::Role};
use http::{Response, StatusCode};
use service::roles::ListRoles;

const PATH: &str = "/console/roles";
/// Roles of one page.
const PAGE: u32 = 100;

struct Row {
    href: String,
    words: String,
    role: Role,
    /// Where those are that hold it.
    holders: String,
}

#[derive(Template)]
#[template(path = "console/roles/list.html")]
struct Page {
    shell: Shell,
    rows: Vec<Row>,
    /// The places to choose among; empty where there is but one.
    places: Places,
    faults: Faults,
    scope: Scope,
    place: String,
    count: String,
    next: Option<String>,
    is_later: bool,
    /// The form in the panel.
    new: Option<(Fields, Faults)>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    visitor: Visiting,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let tenant = query.0.take_text("tenant").unwrap_or_default();
    let (scope, faults) = places::narrowed(&app, &visitor, &tenant).await?;
    let own = visitor.caller.own_scope()?;
    let mut page = found(&app, &visitor, scope.unwrap_or(own), query, None).await?;
    page.places = page.places.or_typed(&tenant, &faults);
    page.faults = faults;
    Ok(page::show_as(&app, page.faults.status(), &page.shell, &page))
}

/// The list, with the form for another one beside it.
pub(super) async fn render(
    app: &App,
    visitor: &Visitor,
    scope: Scope,
    query: Query,
    new: Option<(Fields, Faults)>,
) -> Result<Response<Body>, Failure> {
    let page = found(app, visitor, scope, query, new).await?;
    let status = page.new.as_ref().map_or(StatusCode::OK, |(_, faults)| faults.status());
    Ok(page::show_as(app, status, &page.shell, &page))
}

async fn found(
    app: &App,
    visitor: &Visitor,
    scope: Scope,
    mut query: Query,
    new: Option<(Fields, Faults)>,
) -> Result<Page, Failure> {
    let cursor = query.0.take_text("cursor");
    let is_later = cursor.is_some();
    let list = ListRoles { scope: Some(scope), limit: Some(PAGE), cursor };
    let found = app.service().list_roles(&visitor.caller, list).await?;
    let place = scope.to_string();
    let row = |role: Role| Row {
        href: super::path(&role, scope),
        words: about::in_words(&role),
        holders: with_query("/console/persons", &[("tenant", &place), ("role", &role.name)]),
        role,
    };
    let rows: Vec<Row> = found.roles.into_iter().map(row).collect();
    let next = found.next.map(|c| with_query(PATH, &[("tenant", &place), ("cursor", &c)]));
    let title = if new.is_some() { "New role" } else { "Roles" };
    Ok(Page {
        shell: Shell::of(app, visitor, Section::Roles, title),
        count: places::count(rows.len(), next.is_some(), "role", "roles"),
        rows,
        places: places::choices(app, visitor, Some(scope)).await?,
        faults: Faults::default(),
        place: Names::of(app, visitor, [scope]).await?.name(scope),
        scope,
        next,
        is_later,
        new,
    })
}
