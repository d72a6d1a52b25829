//! `GET /console/clients`: in the order of their ids.

use super::{LIST, href};
use crate::{
    answer::Body,
    app::App,
    console::{
        Section, Shell, Visiting, Visitor, page,
        places::{self, Choice, Names},
    },
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{
    client::{Client, Grant},
    id::Scope,
};
use http::Response;
use service::clients::ListClients;

/// Rows of a page.
const PAGE: u32 = 50;

/// What the address asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub(super) search: String,
    pub(super) tenant: Option<Scope>,
    pub(super) cursor: Option<String>,
}

/// A row.
pub(super) struct Row {
    pub(super) n: usize,
    pub(super) href: String,
    pub(super) client_id: String,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) place: String,
    pub(super) public: bool,
    pub(super) grants: String,
    pub(super) roles: String,
    pub(super) enabled: bool,
}

/// The list, with what stands above and below it.
pub(in crate::console) struct ClientsView {
    pub(super) asked: Asked,
    pub(super) rows: Vec<Row>,
    pub(super) count: String,
    pub(super) next: Option<String>,
    pub(super) first: Option<String>,
    pub(super) here: String,
    /// Places to choose among; none: there is but one.
    pub(super) places: Vec<Choice>,
}

impl ClientsView {
    pub(super) fn narrows(&self) -> bool {
        !self.asked.search.is_empty() || self.asked.tenant.is_some()
    }
}

#[derive(Template)]
#[template(path = "console/clients/page.html")]
struct Page {
    shell: Shell,
    list: ClientsView,
}

pub(in crate::console) async fn list(
    State(app): State<App>,
    visitor: Visiting,
) -> Result<Response<Body>, Failure> {
    let list = view(&app, &visitor, Asked::of(&visitor)).await?;
    let shell = Shell::of(&app, &visitor, Section::Clients, "Clients");
    let page = Page { shell, list };
    Ok(page::show(&app, &page.shell, &page))
}

/// The list behind an open panel.
pub(super) async fn behind(app: &App, visitor: &Visitor) -> Result<ClientsView, Failure> {
    view(app, visitor, Asked::default()).await
}

async fn view(app: &App, visitor: &Visitor, asked: Asked) -> Result<ClientsView, Failure> {
    let wanted = ListClients {
        scope: asked.tenant,
        search: places::optional(&asked.search),
        limit: Some(PAGE),
        cursor: asked.cursor.clone(),
    };
    let page = app.service().list_clients(&visitor.caller, wanted).await?;
    let names = Names::of(app, visitor, page.clients.iter().map(|client| client.scope)).await?;
    let rows: Vec<Row> = page
        .clients
        .into_iter()
        .enumerate()
        .map(|(at, client)| row(at + 1, client, &names))
        .collect();
    Ok(ClientsView {
        count: places::count(rows.len(), page.next.is_some(), "client", "clients"),
        next: page.next.as_deref().map(|cursor| asked.address(Some(cursor))),
        first: asked.cursor.as_ref().map(|_| asked.address(None)),
        here: asked.address(asked.cursor.as_deref()),
        places: places::choices(app, visitor, asked.tenant).await?,
        asked,
        rows,
    })
}

fn row(n: usize, client: Client, names: &Names) -> Row {
    Row {
        n,
        href: href(&client.client_id),
        place: names.name(client.scope),
        grants: client.grants.iter().map(|g| called(*g)).collect::<Vec<_>>().join(", "),
        roles: client.roles.join(", "),
        public: client.public,
        enabled: client.enabled,
        client_id: client.client_id,
        name: client.name,
        description: client.description,
    }
}

/// What people call a grant.
pub(super) const fn called(grant: Grant) -> &'static str {
    match grant {
        Grant::AuthorizationCode => "Sign-in in the browser",
        Grant::ClientCredentials => "As itself",
        Grant::Password => "Password of a person",
        Grant::RefreshToken => "Refresh",
    }
}

impl Asked {
    fn of(visitor: &Visitor) -> Self {
        let mut asked = Self::default();
        let query = visitor.address.query().unwrap_or_default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let value = value.trim();
            match &*name {
                "search" => value.clone_into(&mut asked.search),
                "tenant" => asked.tenant = Scope::parse(value).ok(),
                "cursor" if !value.is_empty() => asked.cursor = Some(value.to_owned()),
                _ => {}
            }
        }
        asked
    }

    fn address(&self, cursor: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.search.is_empty() {
            query.append_pair("search", &self.search);
        }
        if let Some(tenant) = self.tenant {
            query.append_pair("tenant", &tenant.to_string());
        }
        if let Some(cursor) = cursor {
            query.append_pair("cursor", cursor);
        }
        let query = query.finish();
        if query.is_empty() { LIST.to_owned() } else { format!("{LIST}?{query}") }
    }
}
