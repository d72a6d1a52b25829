//! `GET /console/clients`: in the order of their ids.

use super::{LIST, href};
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
use domain::client::{Client, Grant};
use http::Response;
use service::clients::{ClientPage, ListClients};

/// Rows of a page.
const PAGE: u32 = 50;

/// What the address asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    pub(super) search: String,
    /// A contact center: its id or its name.
    pub(super) tenant: String,
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
    /// Whether the visitor may change it.
    pub(super) may_change: bool,
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
    pub(super) places: Places,
    pub(super) faults: Faults,
}

impl ClientsView {
    pub(super) fn narrows(&self) -> bool {
        !self.asked.search.is_empty() || !self.asked.tenant.is_empty()
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
    Ok(page::show_as(&app, page.list.faults.status(), &page.shell, &page))
}

/// The list behind an open panel.
pub(super) async fn behind(app: &App, visitor: &Visitor) -> Result<ClientsView, Failure> {
    view(app, visitor, Asked::default()).await
}

async fn view(app: &App, visitor: &Visitor, asked: Asked) -> Result<ClientsView, Failure> {
    let (scope, faults) = places::narrowed(app, visitor, &asked.tenant).await?;
    let wanted = ListClients {
        scope,
        search: places::optional(&asked.search),
        limit: Some(PAGE),
        cursor: asked.cursor.clone(),
    };
    let page = match faults.is_empty() {
        true => app.service().list_clients(&visitor.caller, wanted).await?,
        false => ClientPage { clients: Vec::new(), next: None },
    };
    let names = Names::of(app, visitor, page.clients.iter().map(|client| client.scope)).await?;
    let may = app.service().may_change_clients(&visitor.caller, &page.clients).await?;
    let rows: Vec<Row> = page
        .clients
        .into_iter()
        .zip(may)
        .enumerate()
        .map(|(at, (client, may_change))| row(at + 1, client, may_change, &names))
        .collect();
    Ok(ClientsView {
        count: places::count(rows.len(), page.next.is_some(), "client", "clients"),
        next: page.next.as_deref().map(|cursor| asked.address(Some(cursor))),
        first: asked.cursor.as_ref().map(|_| asked.address(None)),
        here: asked.address(asked.cursor.as_deref()),
        places: places::choices(app, visitor, scope).await?.or_typed(&asked.tenant, &faults),
        faults,
        asked,
        rows,
    })
}

fn row(n: usize, client: Client, may_change: bool, names: &Names) -> Row {
    Row {
        n,
        may_change,
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
                "tenant" => value.clone_into(&mut asked.tenant),
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
        if !self.tenant.is_empty() {
            query.append_pair("tenant", &self.tenant);
        }
        if let Some(cursor) = cursor {
            query.append_pair("cursor", cursor);
        }
        let query = query.finish();
        if query.is_empty() { LIST.to_owned() } else { format!("{LIST}?{query}") }
    }
}
