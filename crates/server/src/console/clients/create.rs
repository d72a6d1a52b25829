//! `/console/clients/new`: a client, and its secret, which is shown once.

use super::{
    LIST,
    fields::{GRANTS, roles_hint},
    href,
    list::{ClientsView, behind},
    typed::{Typed, faults},
};
use crate::{
    answer::Body,
    app::App,
    console::{
        Faults, Form, Section, Shell, Visiting, page,
        places::{self, Choice},
        secret_page::{self, What},
    },
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::id::Scope;
use http::{Response, StatusCode};
use service::clients::WithSecret;

#[derive(Template)]
#[template(path = "console/clients/new.html")]
struct Page {
    shell: Shell,
    list: ClientsView,
    faults: Faults,
    typed: Typed,
    places: Vec<Choice>,
    /// Whether a client of the whole installation can be made here.
    whole: bool,
    roles_hint: String,
}

/// `GET`.
pub(in crate::console) async fn show(
    State(app): State<App>,
    visitor: Visiting,
) -> Result<Response<Body>, Failure> {
    render(&app, &visitor, (Faults::default(), Typed::default()), None).await
}

/// `POST /console/clients`.
pub(in crate::console) async fn create(
    State(app): State<App>,
    visitor: Visiting,
    mut form: Form,
) -> Result<Response<Body>, Failure> {
    let typed = Typed::of(&form);
    let scope = places::read(&visitor, Some(form.text("tenant")))?;
    let read = match typed.read() {
        Ok(read) => read,
        Err(faults) => return render(&app, &visitor, (faults, typed), Some(scope)).await,
    };
    let wanted = typed.clone().into_new(scope, read, form.take("secret"));
    match app.service().create_client(&visitor.caller, wanted).await {
        Ok(made) => Ok(told(&app, &visitor, &made, "Client created")),
        Err(error) => render(&app, &visitor, (faults(error)?, typed), Some(scope)).await,
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
    chosen: Option<Scope>,
) -> Result<Response<Body>, Failure> {
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let own = visitor.caller.own_scope().ok();
    let page = Page {
        shell: Shell::of(app, visitor, Section::Clients, "Add a client"),
        list: behind(app, visitor).await?,
        places: places::choices(app, visitor, chosen.or(own)).await?,
        whole: visitor.caller.is_cluster(),
        roles_hint: roles_hint(app, visitor, chosen.or(own)).await?,
        faults,
        typed,
    };
    Ok(page::show_as(app, status, &page.shell, &page))
}
