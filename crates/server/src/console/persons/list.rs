//! `GET /console/persons`: in the order of their user names.

use super::fields::Fields;
use crate::{
    answer::Body,
    app::App,
    browser::with_query,
    console::{
        Faults, Section, Shell, Visiting, Visitor, page,
        places::{self, Choice, Names, Places},
        roles::offered,
        status::Chip,
    },
    extract::Query,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{id::Scope, person::Person};
use http::Response;
use service::persons::ListPersons;

const PATH: &str = "/console/persons";
/// Persons of one page.
const PAGE: u32 = 50;

struct Row {
    person: Person,
    place: String,
    roles: String,
    chips: Vec<Chip>,
    /// Whether the visitor may change them.
    may_change: bool,
}

/// The form for another person.
pub(super) struct New {
    pub(super) fields: Fields,
    pub(super) faults: Faults,
    pub(super) scope: Scope,
    /// What the form carries of it.
    pub(super) tenant: String,
    pub(super) place: String,
    pub(super) places: Places,
}

#[derive(Template)]
#[template(path = "console/persons/list.html")]
struct Page {
    shell: Shell,
    rows: Vec<Row>,
    /// The places to choose among; empty where there is but one.
    places: Places,
    search: String,
    roles: Vec<Choice>,
    faults: Faults,
    enabled: Vec<Choice>,
    is_filtered: bool,
    count: String,
    next: Option<String>,
    first: Option<String>,
    /// The address of the form for another one.
    add: String,
    /// The form in the panel.
    new: Option<New>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    visitor: Visiting,
    query: Query,
) -> Result<Response<Body>, Failure> {
    render(&app, &visitor, query, None).await
}

/// What the address asks for.
struct Asked {
    tenant: String,
    scope: Option<Scope>,
    /// What is wrong with it.
    faults: Faults,
    search: String,
    role: String,
    enabled: String,
    cursor: Option<String>,
}

impl Asked {
    async fn read(app: &App, visitor: &Visitor, query: &mut Query) -> Result<Self, Failure> {
        let mut text = |name: &str| query.0.take_text(name).unwrap_or_default();
        let tenant = text("tenant");
        let (scope, faults) = places::narrowed(app, visitor, &tenant).await?;
        let mut text = |name: &str| query.0.take_text(name).unwrap_or_default();
        Ok(Self {
            tenant,
            scope,
            faults,
            search: text("search"),
            role: text("role").trim().to_owned(),
            enabled: text("enabled"),
            cursor: query.0.take_text("cursor"),
        })
    }

    fn list(&self) -> ListPersons {
        ListPersons {
            scope: self.scope,
            search: places::optional(&self.search),
            role: places::optional(&self.role),
            enabled: match self.enabled.as_str() {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            },
            limit: Some(PAGE),
            cursor: self.cursor.clone(),
        }
    }

    /// The address of this list, at this place of it.
    fn href(&self, cursor: Option<&str>) -> String {
        let scope = self.scope.map(|scope| scope.to_string()).unwrap_or_default();
        let all = [
            ("tenant", scope.as_str()),
            ("search", &self.search),
            ("role", &self.role),
            ("enabled", &self.enabled),
            ("cursor", cursor.unwrap_or_default()),
        ];
        let said: Vec<(&str, &str)> = all.into_iter().filter(|(_, v)| !v.is_empty()).collect();
        with_query(PATH, &said)
    }

    fn is_filtered(&self) -> bool {
        let Self { tenant, search, role, enabled, .. } = self;
        [tenant, search, role, enabled].iter().any(|text| !text.is_empty())
    }
}

/// The list, with the form for another one beside it.
pub(super) async fn render(
    app: &App,
    visitor: &Visitor,
    mut query: Query,
    new: Option<New>,
) -> Result<Response<Body>, Failure> {
    let asked = Asked::read(app, visitor, &mut query).await?;
    let (persons, next) = match asked.faults.is_empty() {
        true => {
            let found = app.service().list_persons(&visitor.caller, asked.list()).await?;
            (found.persons, found.next)
        }
        false => (Vec::new(), None),
    };
    let rows = rows(app, visitor, persons).await?;
    let next = next.map(|cursor| asked.href(Some(&cursor)));
    let add = asked.scope.map(|scope| scope.to_string()).unwrap_or_default();
    let states = [("", "Enabled or not"), ("true", "Enabled"), ("false", "Disabled")];
    let title = if new.is_some() { "New person" } else { "Persons" };
    let page = Page {
        shell: Shell::of(app, visitor, Section::Persons, title),
        count: places::count(rows.len(), next.is_some(), "person", "persons"),
        rows,
        roles: roles(app, visitor, &asked).await?,
        places: places::choices(app, visitor, asked.scope)
            .await?
            .or_typed(&asked.tenant, &asked.faults),
        enabled: Choice::among(&states, &asked.enabled),
        is_filtered: asked.is_filtered(),
        next,
        first: asked.cursor.as_ref().map(|_| asked.href(None)),
        add: match add.as_str() {
            "" => format!("{PATH}/new"),
            scope => with_query("/console/persons/new", &[("tenant", scope)]),
        },
        search: asked.search,
        faults: asked.faults,
        new,
    };
    let faults = page.new.as_ref().map_or(&page.faults, |new| &new.faults);
    Ok(page::show_as(app, faults.status(), &page.shell, &page))
}

/// The roles that the filter offers: of the place that is looked at; the one that is asked for is among them.
async fn roles(app: &App, visitor: &Visitor, asked: &Asked) -> Result<Vec<Choice>, Failure> {
    let scope = asked.scope.map_or_else(|| visitor.caller.own_scope(), Ok)?;
    let known = offered::all(app, visitor, scope).await?;
    let mut names: Vec<&str> = known.iter().map(|role| role.name.as_str()).collect();
    if !asked.role.is_empty() && !names.contains(&asked.role.as_str()) {
        names.push(&asked.role);
    }
    let all: Vec<(&str, &str)> =
        std::iter::once(("", "Any role")).chain(names.into_iter().map(|n| (n, n))).collect();
    Ok(Choice::among(&all, &asked.role))
}

async fn rows(app: &App, visitor: &Visitor, persons: Vec<Person>) -> Result<Vec<Row>, Failure> {
    let locks = app.service().list_person_locks(&visitor.caller, &persons).await?;
    let names = Names::of(app, visitor, persons.iter().map(|person| person.scope)).await?;
    let may = app.service().may_change_persons(&visitor.caller, &persons).await?;
    let row = |((person, locked), may_change): ((Person, _), bool)| Row {
        may_change,
        place: names.name(person.scope),
        roles: person.all_roles().join(", "),
        chips: super::chips(&person, locked, visitor.now),
        person,
    };
    Ok(persons.into_iter().zip(locks).zip(may).map(row).collect())
}
