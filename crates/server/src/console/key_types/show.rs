//! `GET /console/key-types/{name}`: what a type is; beside it, of one's own, the form that changes it.

use super::{Fields, TypeView};
use crate::{
    answer::Body,
    app::App,
    console::{
        Faults, Section, Shell, Visiting, Visitor, page,
        places::{Names, WHOLE},
    },
    extract::Path,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{id::Scope, key_type::KeyType};
use http::{Response, StatusCode};

#[derive(Template)]
#[template(path = "console/key_types/show.html")]
struct Page {
    shell: Shell,
    view: TypeView,
    place: String,
    changed: Option<(Fields, Faults)>,
}

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(name): Path<String>,
) -> Result<Response<Body>, Failure> {
    let key_type = find(&app, &visitor, &name)?;
    render(&app, &visitor, &key_type, None).await
}

/// The tenant that the address means; a tenant's own visitor needs to name none.
pub(super) fn named(visitor: &Visitor) -> Option<Scope> {
    let query = visitor.address.query().unwrap_or_default();
    let mut fields = form_urlencoded::parse(query.as_bytes());
    let tenant = fields.find(|(name, _)| name == "tenant");
    tenant.and_then(|(_, value)| Scope::parse(&value).ok())
}

/// The type that the address means.
pub(super) fn find(app: &App, visitor: &Visitor, name: &str) -> Result<KeyType, Failure> {
    Ok(app.service().show_key_type(&visitor.caller, named(visitor), name)?)
}

/// A type's page.
pub(super) async fn render(
    app: &App,
    visitor: &Visitor,
    key_type: &KeyType,
    changed: Option<(Fields, Faults)>,
) -> Result<Response<Body>, Failure> {
    let scope = key_type.tenant.map(Scope::Tenant);
    let names = Names::of(app, visitor, scope).await?;
    let view = TypeView::of(key_type, visitor);
    let page = Page {
        shell: Shell::of(app, visitor, Section::KeyTypes, view.title.clone()),
        place: scope.map_or_else(|| WHOLE.to_owned(), |scope| names.name(scope)),
        view,
        changed,
    };
    let status = page.changed.as_ref().map_or(StatusCode::OK, |(_, faults)| faults.status());
    Ok(page::show_as(app, status, &page.shell, &page))
}
