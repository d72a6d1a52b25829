//! `/console/clients/new`: a client, and its secret, which is shown once.

use super::{
    LIST,
    fields::{self, GRANTS},
    href,
    list::{ClientsView, behind},
    typed::{Typed, faults},
};
use crate::{
    answer::Body,
    app::App,
    console::{
        Faults, Form, Section, Shell, Visiting, page,
        places::{self, Names, Places},
        roles::offered::Offered,
        secret_page::{self, What},
    },
    extract::Query,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::id::Scope;
use http::Response;
use service::clients::WithSecret;

#[derive(Template)]
#[template(path = "console/clients/new.html")]
struct Page {
    shell: Shell,
    list: ClientsView,
    faults: Faults,
    typed: Typed,
    places: Places,
    /// Where the client will be, what the form carries of it, and what it is called.
    scope: Scope,
    tenant: String,
    place: String,
    whole: bool,
    roles: Option<Vec<Offered>>,
}

/// `GET`.
pub(in crate::console) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let tenant = query.take_text("tenant").unwrap_or_default();
    let (scope, faults) = places::narrowed(&app, &visitor, &tenant).await?;
    let scope = scope.map_or_else(|| visitor.caller.own_scope(), Ok)?;
    render(&app, &visitor, (faults, Typed::default()), (scope, tenant.as_str())).await
}

/// `POST /console/clients`.
pub(in crate::console) async fn create(
    State(app): State<App>,
    visitor: Visiting,
    mut form: Form,
) -> Result<Response<Body>, Failure> {
    let typed = Typed::of(&form);
    let tenant = form.text("tenant").to_owned();
    let (scope, unknown) = places::narrowed(&app, &visitor, &tenant).await?;
    let scope = scope.map_or_else(|| visitor.caller.own_scope(), Ok)?;
    let place = (scope, tenant.as_str());
    if !unknown.is_empty() {
        return render(&app, &visitor, (unknown, typed), place).await;
    }
    let read = match typed.read() {
        Ok(read) => read,
        Err(faults) => return render(&app, &visitor, (faults, typed), place).await,
    };
    let wanted = typed.clone().into_new(scope, read, form.take("secret"));
    match app.service().create_client(&visitor.caller, wanted).await {
        Ok(made) => Ok(told(&app, &visitor, &made, "Client created")),
        Err(error) => render(&app, &visitor, (faults(error)?, typed), place).await,
    }
}

/// The secret, where one was made; else the client's page.
pub(super) fn told(
    app: &App,
    visitor: &Visiting,
    made: &WithSecret,
    heading: &str,
) -> Response<Body> {
    let WithSecret { client, secret } = made;
    let done = href(&client.client_id);
    let Some(secret) = secret else {
        return page::see_other(app, &format!("{done}?done=client-created"));
    };
    let facts = vec![("Client id", client.client_id.clone())];
    let what = What {
        called: "client secret",
        facts,
        env_name: "CLIENT_SECRET".to_owned(),
        ..What::of(heading, &client.name, secret, &done)
    };
    secret_page::show(app, visitor, Section::Clients, what)
}

async fn render(
    app: &App,
    visitor: &Visiting,
    (faults, typed): (Faults, Typed),
    (scope, tenant): (Scope, &str),
) -> Result<Response<Body>, Failure> {
    let page = Page {
        shell: Shell::of(app, visitor, Section::Clients, "Add a client"),
        list: behind(app, visitor).await?,
        places: places::choices(app, visitor, Some(scope)).await?.or_typed(tenant, &faults),
        place: Names::of(app, visitor, [scope]).await?.name(scope),
        tenant: places::carried(scope, tenant, &faults),
        whole: scope.tenant().is_none(),
        roles: fields::roles(app, visitor, scope, &typed.roles).await?,
        scope,
        faults,
        typed,
    };
    Ok(page::show_as(app, page.faults.status(), &page.shell, &page))
}
