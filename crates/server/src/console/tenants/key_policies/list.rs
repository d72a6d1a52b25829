//! `GET /console/tenants/{id}/key-policies`: one line for every type, and one for all the others.

use super::fields::{self, Fields};
use crate::{
    answer::Body,
    app::App,
    console::{
        Faults, Section, Shell, Visiting, Visitor,
        keys::names,
        page,
        tenants::head::{Head, Tab},
    },
    extract::Path,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{
    id::Scope,
    key_policy::{EVERY_TYPE, KeyPolicy},
    key_type::KeyType,
};
use http::{Response, StatusCode};
use service::{
    Error,
    by_name::{ListByName, MAX_PAGE},
};

/// What stands in the panel.
pub(super) enum Panel {
    None,
    Set { key_type: String, fields: Box<Fields>, faults: Faults },
    Delete { key_type: String, version: u32, faults: Faults },
}

impl Panel {
    /// What the page answers with.
    fn status(&self) -> StatusCode {
        match self {
            Self::None => StatusCode::OK,
            Self::Set { faults, .. } | Self::Delete { faults, .. } => faults.status(),
        }
    }
}

struct Row {
    /// The type's name, or `*`.
    name: String,
    /// What people call those keys.
    label: String,
    /// What its own policy says; `None`: it has none.
    said: Option<Vec<String>>,
}

#[derive(Template)]
#[template(path = "console/tenants/key_policies.html")]
struct Page {
    shell: Shell,
    head: Head,
    rows: Vec<Row>,
    panel: Panel,
}

pub(in super::super::super) async fn list(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let scope = super::scope(&id)?;
    render(&app, &visitor, scope, Panel::None).await
}

/// The page, with something in the panel.
pub(super) async fn render(
    app: &App,
    visitor: &Visitor,
    scope: Scope,
    panel: Panel,
) -> Result<Response<Body>, Failure> {
    let list = ListByName { scope: Some(scope), limit: MAX_PAGE, cursor: None };
    let policies = app.service().list_key_policies(&visitor.caller, scope, &list).await?.things;
    let head = match scope {
        Scope::Cluster => Head::of_installation(),
        Scope::Tenant(id) => {
            let tenant = app.service().show_tenant(&visitor.caller, id).await?;
            Head::of(&tenant, visitor, Tab::KeyPolicies)
        }
    };
    let page = Page {
        shell: Shell::of(app, visitor, Section::Tenants, head.name.clone()),
        head,
        rows: rows(&types(app, visitor, scope)?, &policies),
        panel,
    };
    Ok(page::show_as(app, page.panel.status(), &page.shell, &page))
}

/// The types that policies of this place may be for.
pub(super) fn types(app: &App, visitor: &Visitor, scope: Scope) -> Result<Vec<KeyType>, Failure> {
    let list = ListByName { scope: Some(scope), limit: MAX_PAGE, cursor: None };
    match app.service().list_key_types(&visitor.caller, &list) {
        Ok(page) => Ok(page.things),
        // Whoever may not see the types still sees the policies.
        Err(Error::NotAllowed { .. }) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

fn called(name: &str) -> String {
    let label = if name == EVERY_TYPE { "all other types" } else { names::of_type(name) };
    label.to_owned()
}

impl Page {
    /// What people call keys of the panel's type.
    fn called(&self, name: &str) -> String {
        called(name)
    }
}

fn rows(types: &[KeyType], policies: &[KeyPolicy]) -> Vec<Row> {
    let of = |name: &str| {
        let policy = policies.iter().find(|policy| policy.key_type == name);
        Row { name: name.to_owned(), label: called(name), said: policy.map(fields::in_words) }
    };
    let mut names: Vec<&str> = types.iter().map(|of_type| of_type.name.as_str()).collect();
    let others = policies.iter().map(|policy| policy.key_type.as_str());
    names.extend(others.filter(|name| *name != EVERY_TYPE));
    names.sort_unstable();
    names.dedup();
    std::iter::once(EVERY_TYPE).chain(names).map(of).collect()
}
