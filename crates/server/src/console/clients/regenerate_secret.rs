//! `/console/clients/{id}/regenerate-secret`: another secret, made here and shown once, or one of the
//! visitor's choosing. The person proves themself again (SE-05).

use super::{
    LIST, create, href,
    list::{ClientsView, behind},
};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Section, Shell, Visiting, page, step_up},
    extract::Path,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::client::Client;
use http::Response;
use service::{Error, clients::UpdateClient};

#[derive(Template)]
#[template(path = "console/clients/regenerate_secret.html")]
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
pub(in crate::console) async fn regenerate_secret(
    State(app): State<App>,
    mut visitor: Visiting,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response<Body>, Failure> {
    if let Err(faults) = step_up::prove(&app, &mut visitor, &mut form).await? {
        return render(&app, &visitor, &id, faults).await;
    }
    let service = app.service();
    let seen = form.version();
    let Some(secret) = form.take("secret") else {
        return match service.regenerate_client_secret(&visitor.caller, &id, seen).await {
            Ok(made) => Ok(create::told(&app, &visitor, &made, "Client secret regenerated")),
            Err(error) => render(&app, &visitor, &id, refused(error)?).await,
        };
    };
    let change = UpdateClient { secret: Some(secret), if_version: seen, ..UpdateClient::default() };
    match service.update_client(&visitor.caller, &id, change, |_| Ok(())).await {
        Ok(client) => {
            let to = format!("{}?done=client-secret-set", href(&client.client_id));
            Ok(page::see_other(&app, &to))
        }
        Err(error) => render(&app, &visitor, &id, refused(error)?).await,
    }
}

/// What is wrong: with the secret that was typed, or with the whole.
fn refused(error: Error) -> Result<Faults, Failure> {
    Faults::of_error(error, &[("secret", "secret")])
}

async fn render(
    app: &App,
    visitor: &Visiting,
    id: &str,
    faults: Faults,
) -> Result<Response<Body>, Failure> {
    let client = app.service().show_client(&visitor.caller, id).await?;
    if client.public {
        return Err(Error::NotFound.into());
    }
    let page = Page {
        shell: Shell::of(app, visitor, Section::Clients, format!("New secret: {}", client.name)),
        list: behind(app, visitor).await?,
        faults,
        href: href(&client.client_id),
        client,
    };
    Ok(page::show_as(app, page.faults.status(), &page.shell, &page))
}
