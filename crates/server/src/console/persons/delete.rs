//! `GET` and `POST /console/persons/{id}/delete`.

use super::show::{self, Panel};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Visiting, page::see_other},
    extract::Path,
    failure::Failure,
};
use axum::extract::State;
use http::Response;

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let panel = Panel::Delete(Faults::default());
    show::render(&app, &visitor, super::id(&id)?, panel).await
}

pub(in super::super) async fn delete(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let id = super::id(&id)?;
    let version = form.version();
    match app.service().delete_person(&visitor.caller, id, version).await {
        Ok(()) => Ok(see_other(&app, "/console/persons?done=person-deleted")),
        Err(error) => {
            let panel = Panel::Delete(Faults::of_error(error, &[])?);
            show::render(&app, &visitor, id, panel).await
        }
    }
}
