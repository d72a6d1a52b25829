//! `/console/clients/{id}/edit`: everything of a client but its id, its place and its secret.

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
    console::{Faults, Form, Section, Shell, Visiting, page, roles::offered::Offered},
    extract::Path,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{client::Client, id::Scope};
use http::Response;

#[derive(Template)]
#[template(path = "console/clients/edit.html")]
struct Page {
    shell: Shell,
    list: ClientsView,
    faults: Faults,
    client: Client,
    href: String,
    /// What the page showed first: whoever sends it changes that version.
    version: u32,
    typed: Typed,
    whole: bool,
    roles: Option<Vec<Offered>>,
}

/// `GET`.
pub(in crate::console) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    render(&app, &visitor, &id, None).await
}

/// `POST`.
pub(in crate::console) async fn edit(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let typed = Typed::of(&form);
    let seen = form.version();
    let read = match typed.read() {
        Ok(read) => read,
        Err(faults) => return render(&app, &visitor, &id, Some((faults, typed, seen))).await,
    };
    let change = typed.clone().into_change(read, seen);
    match app.service().update_client(&visitor.caller, &id, change, |_| Ok(())).await {
        Ok(client) => {
            let to = format!("{}?done=client-changed", href(&client.client_id));
            Ok(page::see_other(&app, &to))
        }
        Err(error) => render(&app, &visitor, &id, Some((faults(error)?, typed, seen))).await,
    }
}

async fn render(
    app: &App,
    visitor: &Visiting,
    id: &str,
    again: Option<(Faults, Typed, Option<u32>)>,
) -> Result<Response<Body>, Failure> {
    let client = app.service().show_client(&visitor.caller, id).await?;
    let (faults, typed, seen) =
        again.unwrap_or_else(|| (Faults::default(), Typed::stored(&client), None));
    let page = Page {
        shell: Shell::of(app, visitor, Section::Clients, format!("Edit {}", client.name)),
        list: behind(app, visitor).await?,
        faults,
        href: href(&client.client_id),
        version: seen.unwrap_or(client.version),
        roles: fields::roles(app, visitor, client.scope, &typed.roles).await?,
        typed,
        whole: client.scope == Scope::Cluster,
        client,
    };
    Ok(page::show_as(app, page.faults.status(), &page.shell, &page))
}
