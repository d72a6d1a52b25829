//! `/console/clients/{id}/edit`: everything of a client but its id, its place and its secret.

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
    console::{Faults, Form, Section, Shell, Visiting, keys::switch::version, page},
    extract::Path,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{client::Client, id::Scope};
use http::{Response, StatusCode};

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
    roles_hint: String,
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
    let seen = version(&form);
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
    let (status, faults, typed, seen) = match again {
        Some((faults, typed, seen)) => (StatusCode::UNPROCESSABLE_ENTITY, faults, typed, seen),
        None => (StatusCode::OK, Faults::default(), Typed::stored(&client), None),
    };
    let page = Page {
        shell: Shell::of(app, visitor, Section::Clients, format!("Edit {}", client.name)),
        list: behind(app, visitor).await?,
        faults,
        href: href(&client.client_id),
        version: seen.unwrap_or(client.version),
        typed,
        whole: client.scope == Scope::Cluster,
        roles_hint: roles_hint(app, visitor, Some(client.scope)).await?,
        client,
    };
    Ok(page::show_as(app, status, &page.shell, &page))
}
