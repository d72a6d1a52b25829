//! `GET /console/keys`: the list, which stays in view while a panel beside it is open.

use super::{LIST, asked::Asked, choose::every_type, names, row::Row, switch::carrying};
use crate::{
    answer::Body,
    app::App,
    console::{Section, Shell, Visiting, Visitor, page, places, status},
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{
    id::{Scope, TenantId},
    key::Standing,
    right::{Deed, Family, Right},
};
use http::{Response, StatusCode};
use service::{Error, keys::KeyPage};
use std::collections::{BTreeMap, BTreeSet};

/// Tenants that are offered by name; where there are more, one types.
const TENANTS: u32 = 100;

/// One of several that can be chosen.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

/// The list of keys, with all that stands above and below it. A page that shows it has it in a field
/// `list` and extends `console/keys/page.html`.
pub(in crate::console) struct KeysView {
    pub(super) asked: Asked,
    pub(super) rows: Vec<Row>,
    /// How many there are, in words.
    pub(super) count: String,
    /// Why nothing is shown: what the address asks for cannot be.
    pub(super) fault: Option<String>,
    /// Where the list goes on.
    pub(super) next: Option<String>,
    /// Where it begins, of a page further on.
    pub(super) first: Option<String>,
    /// This very list: where a switch comes back to.
    pub(super) here: String,
    /// What a row's links carry from which one comes back to this list: its first page, because each row pays
    /// for it. A script says the page, and says it of the other links, too.
    pub(super) carry: String,
    pub(super) types: Vec<Choice>,
    pub(super) permissions: Vec<Choice>,
    pub(super) statuses: Vec<Choice>,
    /// `None`: the visitor reaches one tenant alone.
    pub(super) tenants: Option<Vec<Choice>>,
    /// There are so many that one types.
    pub(super) many_tenants: bool,
    pub(super) may_create: bool,
    /// Keys of Experience Cloud.
    pub(super) may_generate: bool,
    pub(super) may_audit: bool,
}

impl KeysView {
    /// Whether the list is filtered.
    pub(super) fn narrows(&self) -> bool {
        self.asked.narrows()
    }
}

#[derive(Template)]
#[template(path = "console/keys/page.html")]
struct Page {
    shell: Shell,
    list: KeysView,
}

pub(in crate::console) async fn list(
    State(app): State<App>,
    visitor: Visiting,
) -> Result<Response<Body>, Failure> {
    let list = view(&app, &visitor, Asked::of(&visitor)).await?;
    let status = match &list.fault {
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
        None => StatusCode::OK,
    };
    let shell = Shell::of(&app, &visitor, Section::Keys, "API keys");
    let page = Page { shell, list };
    Ok(page::show_as(&app, status, &page.shell, &page))
}

/// The list behind an open panel that leads back to this page: as it was there, if that page is a list.
pub(in crate::console) async fn behind(
    app: &App,
    visitor: &Visitor,
    back: &str,
) -> Result<KeysView, Failure> {
    view(app, visitor, Asked::at(back)).await
}

/// The list that is asked for. What the address says wrongly is said in the place of the rows.
pub(in crate::console) async fn view(
    app: &App,
    visitor: &Visitor,
    asked: Asked,
) -> Result<KeysView, Failure> {
    let service = app.service();
    let caller = &visitor.caller;
    let (page, fault) = match read(app, visitor, &asked).await {
        Ok(page) => (page, None),
        Err(error) => (KeyPage { keys: Vec::new(), next: None }, Some(explained(error)?)),
    };
    let notes = service.note_keys(caller, &page.keys).await?;
    let several = caller.bound_to().is_none();
    let tenants = match several {
        true => {
            let ids = page.keys.iter().filter_map(|key| key.scope.tenant());
            service.names_of_tenants(caller, ids).await?
        }
        false => BTreeMap::new(),
    };
    let mut rows = Vec::with_capacity(page.keys.len());
    for (key, note) in page.keys.into_iter().zip(notes) {
        let of_type = service.key_type(key.scope, &key.key_type).ok_or(Error::NotFound)?;
        rows.push(Row::of(rows.len() + 1, key, (&of_type, note), &tenants, visitor));
    }
    let offered = if several { offered(app, visitor, &asked).await? } else { (None, false) };
    let may = |family| visitor.may(family, Deed::Create);
    let makes = [Family::Nexus, Family::Callback, Family::Native, Family::ExperienceCloud];
    let found = asked.address(None);
    Ok(KeysView {
        count: count(rows.len(), page.next.is_some(), asked.cursor.is_some()),
        next: page.next.as_deref().map(|cursor| asked.address(Some(cursor))),
        first: asked.cursor.as_ref().map(|_| asked.address(None)),
        carry: if found == LIST { String::new() } else { carrying(&found) },
        here: asked.address(asked.cursor.as_deref()),
        types: types(app, visitor, &asked)?,
        permissions: permissions(&asked),
        statuses: statuses(&asked),
        tenants: offered.0,
        many_tenants: offered.1,
        may_create: makes.into_iter().any(may),
        may_generate: may(Family::ExperienceCloud),
        may_audit: visitor.holds(Right::AuditRead),
        asked,
        rows,
        fault,
    })
}

async fn read(app: &App, visitor: &Visitor, asked: &Asked) -> Result<KeyPage, Error> {
    let service = app.service();
    let scope = match asked.tenant.as_str() {
        "" => None,
        text => match Scope::parse(text) {
            Ok(scope) => Some(scope),
            Err(_) => {
                let found = service.tenant_of_name(&visitor.caller, text).await?;
                Some(Scope::Tenant(found.ok_or_else(|| no_tenant(text))?))
            }
        },
    };
    let list = asked.list(scope)?;
    match service.list_keys(&visitor.caller, list).await {
        Err(Error::NotFound) => Err(no_tenant(&asked.tenant)),
        answer => answer,
    }
}

fn no_tenant(text: &str) -> Error {
    Error::invalid("tenant", format!("there is no one contact center named `{text}`"))
}

/// What is said in the place of the rows; what nobody can mend in the address stays a failure.
fn explained(error: Error) -> Result<String, Failure> {
    match error {
        Error::Invalid { field, detail } => {
            let of = match field {
                "cursor" => "page",
                "keyType" => "key type",
                "tenant" => "contact center",
                other => other,
            };
            Ok(format!("The {of} in the address: {detail}."))
        }
        other => Err(other.into()),
    }
}

fn count(rows: usize, more: bool, further: bool) -> String {
    let noun = if rows == 1 { "key" } else { "keys" };
    match (rows, more, further) {
        (rows, true, _) => format!("{rows} {noun} shown, more follow"),
        (0, false, _) => "No keys".to_owned(),
        (rows, false, true) => format!("{rows} more {noun}, the last ones"),
        (rows, false, false) => format!("{rows} {noun}"),
    }
}

/// The types whose keys the visitor may see. A name that two tenants gave stands once.
fn types(app: &App, visitor: &Visitor, asked: &Asked) -> Result<Vec<Choice>, Failure> {
    let all = every_type(app, visitor)?;
    let mut seen = BTreeSet::new();
    let mut choices: Vec<Choice> = all
        .iter()
        .filter(|of_type| visitor.may(of_type.family, Deed::See))
        .filter(|of_type| seen.insert(of_type.name.clone()))
        .map(|of_type| choice(&of_type.name, names::of_type(&of_type.name), &asked.key_type))
        .collect();
    keep_chosen(&mut choices, &asked.key_type);
    Ok(choices)
}

fn permissions(asked: &Asked) -> Vec<Choice> {
    let named = names::CHANNELS.iter();
    let mut choices: Vec<Choice> =
        named.map(|(label, text)| choice(text, label, &asked.permission)).collect();
    keep_chosen(&mut choices, &asked.permission);
    choices
}

fn statuses(asked: &Asked) -> Vec<Choice> {
    let choice = |standing: Standing| Choice {
        value: standing.as_str().to_owned(),
        label: status::in_words(standing).to_owned(),
        chosen: asked.status == Some(standing),
    };
    Standing::ALL.into_iter().rev().map(choice).collect()
}

/// The tenants to choose from; `true`: there are too many of them.
async fn offered(
    app: &App,
    visitor: &Visitor,
    asked: &Asked,
) -> Result<(Option<Vec<Choice>>, bool), Failure> {
    let known = app.service().tenants_in_reach(&visitor.caller, TENANTS + 1).await?;
    if known.len() > TENANTS as usize {
        return Ok((Some(Vec::new()), true));
    }
    let chosen = |id: &TenantId, name: &String| {
        let id = id.to_string();
        let by_name = *name == asked.tenant;
        Choice { chosen: by_name || id == asked.tenant, value: id, label: name.clone() }
    };
    let mut choices: Vec<Choice> = known.iter().map(|(id, name)| chosen(id, name)).collect();
    if visitor.caller.is_cluster() {
        choices.insert(0, choice("*", places::WHOLE, &asked.tenant));
    }
    Ok((Some(choices), false))
}

fn choice(value: &str, label: &str, asked: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), chosen: value == asked }
}

/// What the address asks for is shown as chosen, whether it is offered or not.
fn keep_chosen(choices: &mut Vec<Choice>, asked: &str) {
    if !asked.is_empty() && !choices.iter().any(|choice| choice.chosen) {
        choices.push(choice(asked, asked, asked));
    }
}
