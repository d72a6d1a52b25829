//! `/console/clients/{id}/delete`: asks once.

use super::{
    LIST, href,
    list::{ClientsView, behind},
};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Section, Shell, Visiting, page},
    extract::Path,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::client::Client;
use http::Response;

#[derive(Template)]
#[template(path = "console/clients/delete.html")]
struct Page {
    shell: Shell,
    list: ClientsView,
    faults: Faults,
    client: Client,
    href: String,
}

/// `GET`.
pub(in crate::console) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    render(&app, &visitor, &id, Faults::default()).await
}

/// `POST`.
pub(in crate::console) async fn delete(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    match app.service().delete_client(&visitor.caller, &id, form.version()).await {
        Ok(()) => Ok(page::see_other(&app, &format!("{LIST}?done=client-deleted"))),
        Err(error) => render(&app, &visitor, &id, Faults::of_error(error, &[])?).await,
    }
}

async fn render(
    app: &App,
    visitor: &Visiting,
    id: &str,
    faults: Faults,
) -> Result<Response<Body>, Failure> {
    let client = app.service().show_client(&visitor.caller, id).await?;
    let page = Page {
        shell: Shell::of(app, visitor, Section::Clients, format!("Delete {}", client.name)),
        list: behind(app, visitor).await?,
        faults,
        href: href(&client.client_id),
        client,
    };
    Ok(page::show_as(app, page.faults.status(), &page.shell, &page))
}
