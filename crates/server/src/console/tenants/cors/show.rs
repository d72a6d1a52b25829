//! `GET /console/tenants/{id}/cors`.

use crate::{
    answer::Body,
    app::App,
    console::{
        Faults, Section, Shell, Visiting, Visitor, page,
        tenants::{
            self,
            head::{Head, Tab},
        },
    },
    extract::Path,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::id::TenantId;
use http::Response;

/// What was typed into one of the forms, and what is wrong with it.
#[derive(Default)]
pub(super) struct Typed {
    pub(super) origin: String,
    /// The old list; `None`: as it is.
    pub(super) value: Option<String>,
    pub(super) faults: Faults,
}

#[derive(Template)]
#[template(path = "console/tenants/cors.html")]
struct Page {
    shell: Shell,
    head: Head,
    origins: Vec<String>,
    count: String,
    origin: String,
    /// The old list, as it was posted.
    value: String,
    /// Whether it is the one that counts.
    old_counts: bool,
    faults: Faults,
}

pub(in super::super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let id = tenants::id(&id)?;
    render(&app, &visitor, id, Typed::default()).await
}

/// The page, with what was typed.
pub(super) async fn render(
    app: &App,
    visitor: &Visitor,
    id: TenantId,
    typed: Typed,
) -> Result<Response<Body>, Failure> {
    let tenant = app.service().show_tenant(&visitor.caller, id).await?;
    let cors = app.service().show_cors(&visitor.caller, id).await?;
    let origins: Vec<String> = cors.origins.iter().map(ToString::to_string).collect();
    let old = cors.setting.map(|setting| setting.value).unwrap_or_default();
    let count = match origins.len() {
        0 => "No origins".to_owned(),
        1 => "1 origin".to_owned(),
        n => format!("{n} origins"),
    };
    let page = Page {
        shell: Shell::of(app, visitor, Section::Tenants, tenant.name.clone()),
        head: Head::of(&tenant, visitor, Tab::Cors),
        old_counts: origins.is_empty() && !old.trim().is_empty(),
        origins,
        count,
        origin: typed.origin,
        value: typed.value.unwrap_or(old),
        faults: typed.faults,
    };
    Ok(page::show_as(app, page.faults.status(), &page.shell, &page))
}
