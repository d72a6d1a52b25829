//! `GET /console/key-types`: the types that every installation has, and those of tenants.

use super::{Fields, LIST, TypeView};
use crate::{
    answer::Body,
    app::App,
    console::{
        Faults, Section, Shell, Visiting, Visitor, page,
        places::{self, Names, Places},
    },
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{
    id::{Scope, TenantId},
    right::Right,
};
use http::Response;
use service::by_name::ListByName;

/// Types of a page; those that every installation has come first.
const PAGE: u32 = 100;

#[derive(Template)]
#[template(path = "console/key_types/list.html")]
struct Page {
    shell: Shell,
    seeded: Vec<TypeView>,
    own: Vec<Own>,
    places: Places,
    faults: Faults,
    may_manage: bool,
    next: Option<String>,
    is_later: bool,
    new: Option<(Fields, Faults)>,
}

/// A tenant's own type.
struct Own {
    view: TypeView,
    place: String,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    visitor: Visiting,
) -> Result<Response<Body>, Failure> {
    render(&app, &visitor, None).await
}

/// What the address asks for: a tenant, and where the list goes on.
fn asked(visitor: &Visitor) -> (String, Option<String>) {
    let query = visitor.address.query().unwrap_or_default();
    let (mut tenant, mut cursor) = (String::new(), None);
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "tenant" => tenant = value.into_owned(),
            "cursor" => cursor = Some(value.into_owned()),
            _ => {}
        }
    }
    (tenant, cursor)
}

/// The list, and beside it the form of a new type.
pub(super) async fn render(
    app: &App,
    visitor: &Visitor,
    new: Option<(Fields, Faults)>,
) -> Result<Response<Body>, Failure> {
    let (tenant, cursor) = match new {
        Some(_) => (String::new(), None),
        None => asked(visitor),
    };
    let (scope, faults) = places::narrowed(app, visitor, &tenant).await?;
    let is_later = cursor.is_some();
    let list = ListByName { scope, limit: PAGE, cursor };
    let found = app.service().list_key_types(&visitor.caller, &list)?;
    let scopes: Vec<Scope> =
        found.things.iter().filter_map(|t| t.tenant).map(Scope::Tenant).collect();
    let names = Names::of(app, visitor, scopes).await?;
    let next = found.next.map(|cursor| address(scope, &cursor));
    let (own, seeded): (Vec<_>, Vec<_>) =
        found.things.iter().partition(|key_type| key_type.tenant.is_some());
    let own = own.into_iter().map(|key_type| Own {
        place: key_type
            .tenant
            .map_or_else(String::new, |id: TenantId| names.name(Scope::Tenant(id))),
        view: TypeView::of(key_type, visitor),
    });
    let page = Page {
        shell: Shell::of(app, visitor, Section::KeyTypes, "Key types"),
        seeded: seeded.into_iter().map(|key_type| TypeView::of(key_type, visitor)).collect(),
        own: own.collect(),
        places: places::choices(app, visitor, scope).await?.or_typed(&tenant, &faults),
        faults,
        may_manage: visitor.holds(Right::KeyTypesManage),
        next,
        is_later,
        new,
    };
    let faults = page.new.as_ref().map_or(&page.faults, |(_, faults)| faults);
    Ok(page::show_as(app, faults.status(), &page.shell, &page))
}

fn address(scope: Option<Scope>, cursor: &str) -> String {
    let mut fields = form_urlencoded::Serializer::new(String::new());
    if let Some(scope) = scope {
        fields.append_pair("tenant", &scope.to_string());
    }
    fields.append_pair("cursor", cursor);
    format!("{LIST}?{}", fields.finish())
}
