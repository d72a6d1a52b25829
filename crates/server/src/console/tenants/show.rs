//! `GET /console/tenants/{id}`: all that is said of one, and in the panel what is done to it.

use super::{
    fields::{self, Fields},
    head::{Head, Tab},
};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Section, Shell, Visiting, Visitor, page, when::When},
    extract::Path,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{
    right::{Deed, Right},
    tenant::{Tenant, Unacknowledged},
};
use http::{Response, StatusCode};

/// What stands in the panel.
pub(super) enum Panel {
    None,
    Edit(Box<(Fields, Faults)>),
    Disable(Faults),
    /// The name as it was typed.
    Delete(String, Faults),
}

impl Panel {
    /// What the page answers with.
    fn status(&self) -> StatusCode {
        match self {
            Self::None => StatusCode::OK,
            Self::Edit(edited) => edited.1.status(),
            Self::Disable(faults) | Self::Delete(_, faults) => faults.status(),
        }
    }
}

#[derive(Template)]
#[template(path = "console/tenants/show.html")]
struct Page {
    shell: Shell,
    head: Head,
    tenant: Tenant,
    environment: Option<String>,
    unacknowledged: String,
    warning_days: String,
    created: When,
    links: Vec<(String, &'static str)>,
    panel: Panel,
}

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let tenant = app.service().show_tenant(&visitor.caller, super::id(&id)?).await?;
    render(&app, &visitor, tenant, Panel::None).await
}

/// The page of a contact center, with something in the panel.
pub(super) async fn render(
    app: &App,
    visitor: &Visitor,
    tenant: Tenant,
    panel: Panel,
) -> Result<Response<Body>, Failure> {
    let environments = fields::environments(app, visitor, tenant.environment).await?;
    let environment = environments.iter().find(|e| Some(e.id) == tenant.environment);
    let environment = environment.map(|e| e.name.clone());
    let days: Vec<String> = tenant.warning_days.iter().map(|day| day.to_string()).collect();
    let page = Page {
        shell: Shell::of(app, visitor, Section::Tenants, tenant.name.clone()),
        head: Head::of(&tenant, visitor, Tab::Details),
        environment: environment.or_else(|| tenant.environment.map(|id| id.to_string())),
        unacknowledged: in_words(tenant.unacknowledged),
        warning_days: days.join(", "),
        created: When::of(tenant.created_at, visitor.now),
        links: links(visitor, &tenant),
        tenant,
        panel,
    };
    Ok(page::show_as(app, page.panel.status(), &page.shell, &page))
}

fn in_words(policy: Unacknowledged) -> String {
    match policy {
        Unacknowledged::Live => "works all the same".to_owned(),
        Unacknowledged::Inactive => "does not work until somebody does".to_owned(),
        Unacknowledged::Lapse(1) => "works for 1 minute, then no more".to_owned(),
        Unacknowledged::Lapse(minutes) => format!("works for {minutes} minutes, then no more"),
    }
}

/// Lists of what belongs to it, as far as the visitor may open them.
fn links(visitor: &Visitor, tenant: &Tenant) -> Vec<(String, &'static str)> {
    let to = |list: &str| format!("/console/{list}?tenant={}", tenant.id);
    let audit = format!("/console/audit?tenant={}", tenant.id);
    [
        (visitor.may_some(Deed::See), to("keys"), "API keys"),
        (visitor.holds(Right::PersonsManage), to("persons"), "Persons"),
        (visitor.holds(Right::PersonsManage), to("roles"), "Roles"),
        (visitor.holds(Right::ClientsManage), to("clients"), "Clients"),
        (visitor.holds(Right::KeyTypesManage), to("key-types"), "Key types"),
        (visitor.holds(Right::AuditRead), audit, "Audit"),
    ]
    .into_iter()
    .filter(|(shown, ..)| *shown)
    .map(|(_, href, text)| (href, text))
    .collect()
}
