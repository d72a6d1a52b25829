//! `GET /console/clients/{id}`: all that is known of a client but its secret.

use super::{href, list::called};
use crate::{
    answer::Body,
    app::App,
    console::{Section, Shell, Visiting, page, places::Names, when::When},
    extract::Path,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{
    client::{ACCESS_TTL_S, Client, REALM_ACCESS_TTL_S},
    id::Scope,
};
use http::Response;

#[derive(Template)]
#[template(path = "console/clients/show.html")]
struct Page {
    shell: Shell,
    client: Client,
    href: String,
    place: String,
    grants: Vec<(&'static str, &'static str)>,
    rights: Vec<&'static str>,
    contact_centers: Vec<String>,
    access: String,
    refresh: String,
    created: When,
    /// Whether the visitor may change it: holds all that it holds.
    may_change: bool,
}

pub(in crate::console) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let client = app.service().show_client(&visitor.caller, &id).await?;
    let confined = client.contact_centers.iter().map(|id| Scope::Tenant(*id));
    let confined: Vec<Scope> = confined.collect();
    let named = confined.iter().copied().chain([client.scope]);
    let names = Names::of(&app, &visitor, named).await?;
    let access = match client.access_ttl_s {
        Some(seconds) => length(seconds),
        None => {
            format!("{}; {} in a realm", length(ACCESS_TTL_S), length(REALM_ACCESS_TTL_S))
        }
    };
    let may = app.service().may_change_clients(&visitor.caller, std::slice::from_ref(&client));
    let may_change = may.await?.first().copied().unwrap_or_default();
    let page = Page {
        shell: Shell::of(&app, &visitor, Section::Clients, client.name.clone()),
        href: href(&client.client_id),
        place: names.name(client.scope),
        grants: client.grants.iter().map(|grant| (called(*grant), grant.as_str())).collect(),
        rights: client.rights.iter().map(domain::right::Right::as_str).collect(),
        contact_centers: confined.iter().map(|scope| names.name(*scope)).collect(),
        access,
        refresh: length(client.refresh_ttl_s),
        created: When::of(client.created_at, visitor.now),
        may_change,
        client,
    };
    Ok(page::show(&app, &page.shell, &page))
}

/// So many seconds in the largest unit that fits.
fn length(seconds: u32) -> String {
    let (n, unit) = match seconds {
        s if s.is_multiple_of(86_400) => (s / 86_400, "day"),
        s if s.is_multiple_of(3_600) => (s / 3_600, "hour"),
        s if s.is_multiple_of(60) => (s / 60, "minute"),
        s => (s, "second"),
    };
    if n == 1 { format!("1 {unit}") } else { format!("{n} {unit}s") }
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn a_life_is_said_in_the_largest_unit_that_fits() {
        for (seconds, wanted) in
            [(2_592_000, "30 days"), (43_200, "12 hours"), (60, "1 minute"), (61, "61 seconds")]
        {
            assert_eq!(length(seconds), wanted);
        }
    }
}
