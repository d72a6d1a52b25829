//! `GET /console/tenants`: oldest first, found by name, realm or domain.

use super::fields::Fields;
use crate::{
    answer::Body,
    app::App,
    browser::with_query,
    console::{
        Faults, Section, Shell, Visiting, Visitor, numbers::grouped, page, places, status::Chip,
    },
    extract::Query,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{id::TenantId, right::Deed, tenant::Tenant};
use http::{Response, StatusCode};
use service::tenants::ListTenants;
use std::collections::BTreeMap;

const PATH: &str = "/console/tenants";
/// Contact centers of one page.
const PAGE: u32 = 50;

struct Row {
    tenant: Tenant,
    environment: Option<String>,
    chip: Chip,
    /// How many keys it has; `None`: the visitor sees none.
    keys: Option<String>,
}

#[derive(Template)]
#[template(path = "console/tenants/list.html")]
struct Page {
    shell: Shell,
    rows: Vec<Row>,
    search: String,
    /// Where the list goes on.
    next: Option<String>,
    /// Whether this is not its beginning.
    is_later: bool,
    count: String,
    of_cluster: bool,
    sees_keys: bool,
    /// The form in the panel.
    new: Option<(Fields, Faults)>,
}

pub(in super::super) async fn list(
    State(app): State<App>,
    visitor: Visiting,
    query: Query,
) -> Result<Response<Body>, Failure> {
    render(&app, &visitor, query, None).await
}

/// The list, with the form for another one beside it.
pub(super) async fn render(
    app: &App,
    visitor: &Visitor,
    mut query: Query,
    new: Option<(Fields, Faults)>,
) -> Result<Response<Body>, Failure> {
    let search = query.0.take_text("search").unwrap_or_default();
    let cursor = query.0.take_text("cursor");
    let is_later = cursor.is_some();
    let list = ListTenants {
        route: "console_tenants",
        search: places::optional(&search),
        limit: PAGE,
        cursor,
    };
    let found = app.service().list_tenants(&visitor.caller, list).await?;
    let environments = super::fields::environments(app, visitor, None).await?;
    let named = |tenant: &Tenant| {
        let of = environments.iter().find(|e| Some(e.id) == tenant.environment);
        of.map(|e| e.name.clone())
    };
    let counts = keys(app, visitor, &found.tenants).await?;
    let count = |tenant: &Tenant| {
        counts.as_ref().map(|counts| grouped(counts.get(&tenant.id).copied().unwrap_or(0)))
    };
    let row = |tenant: Tenant| Row {
        environment: named(&tenant),
        chip: Chip::switched(tenant.enabled),
        keys: count(&tenant),
        tenant,
    };
    let rows: Vec<Row> = found.tenants.into_iter().map(row).collect();
    let next = found.next.map(|cursor| {
        let mut fields = vec![("cursor", cursor.as_str())];
        fields.extend((!search.is_empty()).then_some(("search", search.as_str())));
        with_query(PATH, &fields)
    });
    let count = places::count(rows.len(), next.is_some(), "contact center", "contact centers");
    let title = if new.is_some() { "New contact center" } else { "Contact centers" };
    let page = Page {
        shell: Shell::of(app, visitor, Section::Tenants, title),
        rows,
        search,
        next,
        is_later,
        count,
        of_cluster: visitor.caller.is_cluster(),
        sees_keys: counts.is_some(),
        new,
    };
    let status = page.new.as_ref().map_or(StatusCode::OK, |(_, faults)| faults.status());
    Ok(page::show_as(app, status, &page.shell, &page))
}

/// How many keys each of them has, for whoever may see keys.
async fn keys(
    app: &App,
    visitor: &Visitor,
    tenants: &[Tenant],
) -> Result<Option<BTreeMap<TenantId, u64>>, Failure> {
    if !visitor.may_some(Deed::See) {
        return Ok(None);
    }
    let ids = tenants.iter().map(|tenant| tenant.id).collect();
    Ok(Some(app.service().count_keys_of_tenants(&visitor.caller, ids).await?))
}
