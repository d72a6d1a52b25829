//! `/console/keys/find`: whose key is this? A whole secret, sent by POST and never kept: the answer is the
//! key's page, or that there is none.

use super::{KeysView, LIST, behind};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Section, Shell, Visiting, page},
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::secret::Secret;
use http::Response;
use service::Error;

/// The field of the secret.
const FIELD: &str = "key";

#[derive(Template)]
#[template(path = "console/keys/find.html")]
struct Page {
    shell: Shell,
    list: KeysView,
    faults: Faults,
}

/// `GET`.
pub(in crate::console) async fn show(
    State(app): State<App>,
    visitor: Visiting,
) -> Result<Response<Body>, Failure> {
    render(&app, &visitor, Faults::default()).await
}

/// `POST`.
pub(in crate::console) async fn find(
    State(app): State<App>,
    visitor: Visiting,
    mut form: Form,
) -> Result<Response<Body>, Failure> {
    let trimmed = form.take(FIELD).map(|given| Secret::new(given.expose().trim().to_owned()));
    let Some(given) = trimmed.filter(|given| !given.expose().is_empty()) else {
        return render(&app, &visitor, Faults::one(FIELD, "Paste a whole key.")).await;
    };
    match app.service().find_key(&visitor.caller, &given).await {
        Ok(key) => Ok(page::see_other(&app, &format!("/console/keys/{}?done=key-found", key.id))),
        Err(Error::NotFound) => {
            let text = "No key that you may see has this secret. Check that it was pasted whole.";
            render(&app, &visitor, Faults::one(FIELD, text)).await
        }
        Err(error) => render(&app, &visitor, Faults::of_error(error, &[])?).await,
    }
}

async fn render(app: &App, visitor: &Visiting, faults: Faults) -> Result<Response<Body>, Failure> {
    let list = behind(app, visitor, LIST).await?;
    let shell = Shell::of(app, visitor, Section::Keys, "Find by key");
    let page = Page { shell, list, faults };
    Ok(page::show_as(app, page.faults.status(), &page.shell, &page))
}
