//! `GET /console/roles/{name}`: what a role allows, and in the panel what is done to it.

use super::{
    about::{self, Group},
    fields::Fields,
};
use crate::{
    answer::Body,
    app::App,
    browser::with_query,
    console::{Faults, Section, Shell, Visiting, Visitor, page, places::Names},
    extract::{Path, Query},
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{id::Scope, right::Role};
use http::{Response, StatusCode};

/// What stands in the panel.
pub(super) enum Panel {
    None,
    Edit(Fields, Faults),
    Delete(Faults),
}

impl Panel {
    /// What the page answers with.
    fn status(&self) -> StatusCode {
        match self {
            Self::None => StatusCode::OK,
            Self::Edit(_, faults) | Self::Delete(faults) => faults.status(),
        }
    }
}

#[derive(Template)]
#[template(path = "console/roles/show.html")]
struct Page {
    shell: Shell,
    role: Role,
    words: String,
    /// Whose it is.
    place: String,
    scope: Scope,
    groups: Vec<Group>,
    holders: String,
    /// Whether the visitor may change it.
    may_change: bool,
    panel: Panel,
}

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(name): Path<String>,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let scope = super::scope(&visitor, &mut query)?;
    let role = app.service().show_role(&visitor.caller, Some(scope), &name).await?;
    render(&app, &visitor, (role, scope), Panel::None).await
}

/// The page of a role, with something in the panel.
pub(super) async fn render(
    app: &App,
    visitor: &Visitor,
    (role, scope): (Role, Scope),
    panel: Panel,
) -> Result<Response<Body>, Failure> {
    let place = match role.is_seeded() {
        true => "Every installation has it".to_owned(),
        false => Names::of(app, visitor, [role.scope]).await?.name(role.scope),
    };
    let tenant = scope.to_string();
    let page = Page {
        shell: Shell::of(app, visitor, Section::Roles, role.name.clone()),
        words: about::in_words(&role),
        place,
        groups: about::groups(role.rights_in(scope), role.rights),
        holders: with_query("/console/persons", &[("tenant", &tenant), ("role", &role.name)]),
        may_change: !role.is_seeded() && visitor.caller.has(role.rights),
        role,
        scope,
        panel,
    };
    Ok(page::show_as(app, page.panel.status(), &page.shell, &page))
}
