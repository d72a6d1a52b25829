//! `/console/keys/{id}/reveal`: the secret of a key whose type is recoverable, once more. The person proves
//! themself again (SE-05), and each time is an event of the audit log.

use super::{
    KeysView, behind,
    delete::found,
    made::{self, Said},
    switch::beside,
};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Section, Shell, Visiting, page, step_up},
    extract::{Path, Query},
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{key::Key, key_type::Reveal, right::Deed};
use http::Response;
use service::Error;

#[derive(Template)]
#[template(path = "console/keys/reveal.html")]
struct Page {
    shell: Shell,
    list: KeysView,
    key: Key,
    faults: Faults,
    back: String,
}

/// `GET`.
pub(in crate::console) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let back = query.take_text("back").unwrap_or_default();
    render(&app, &visitor, (&id, &back), Faults::default()).await
}

/// `POST`.
pub(in crate::console) async fn reveal(
    State(app): State<App>,
    mut visitor: Visiting,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response<Body>, Failure> {
    let key = revealable(&app, &visitor, &id).await?;
    if let Err(faults) = step_up::prove(&app, &mut visitor, &mut form).await? {
        return render(&app, &visitor, (&id, form.text("back")), faults).await;
    }
    match app.service().reveal_key(&visitor.caller, key.id).await {
        Ok(revealed) => {
            let done = beside(form.text("back"));
            let said = Said { heading: "API key revealed", done: &done, ..Said::default() };
            made::show(&app, &visitor, &revealed, said)
        }
        Err(error) => {
            let faults = Faults::of_error(error, &[])?;
            render(&app, &visitor, (&id, form.text("back")), faults).await
        }
    }
}

/// The key, if its secret can be read again and the visitor may read it.
async fn revealable(app: &App, visitor: &Visiting, id: &str) -> Result<Key, Failure> {
    let (key, of_type) = found(app, visitor, id, Deed::Reveal).await?;
    if of_type.reveal != Reveal::Recoverable {
        return Err(Error::NotFound.into());
    }
    Ok(key)
}

async fn render(
    app: &App,
    visitor: &Visiting,
    (id, back): (&str, &str),
    faults: Faults,
) -> Result<Response<Body>, Failure> {
    let key = revealable(app, visitor, id).await?;
    let page = Page {
        shell: Shell::of(app, visitor, Section::Keys, "API keys"),
        list: behind(app, visitor, back).await?,
        key,
        faults,
        back: beside(back),
    };
    Ok(page::show_as(app, page.faults.status(), &page.shell, &page))
}
