//! `GET` and `POST /console/persons/{id}/disable`: what it means is said first.

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
use service::persons::UpdatePerson;

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let panel = Panel::Disable(Faults::default());
    show::render(&app, &visitor, super::id(&id)?, panel).await
}

pub(in super::super) async fn disable(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    _: Form,
) -> Result<Response<Body>, Failure> {
    let id = super::id(&id)?;
    let update = UpdatePerson { enabled: Some(false), ..UpdatePerson::default() };
    match app.service().update_person(&visitor.caller, id, update, |_| Ok(())).await {
        Ok(_) => Ok(see_other(&app, &format!("/console/persons/{id}?done=person-disabled"))),
        Err(error) => {
            let panel = Panel::Disable(Faults::of_error(error, &[])?);
            show::render(&app, &visitor, id, panel).await
        }
    }
}
