//! `GET` and `POST /console/persons/{id}/edit`.

use super::{
    fields::{self, Fields},
    show::{self, Panel},
};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Visiting, page::see_other, roles::offered},
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
    let id = super::id(&id)?;
    let person = app.service().show_person(&visitor.caller, id).await?;
    let roles = offered::all(&app, &visitor, person.scope).await?;
    let panel = Panel::Edit(Fields::of(&person, &visitor, &roles), Faults::default());
    show::render(&app, &visitor, id, panel).await
}

pub(in super::super) async fn edit(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let id = super::id(&id)?;
    let person = app.service().show_person(&visitor.caller, id).await?;
    let roles = offered::all(&app, &visitor, person.scope).await?;
    let (fields, named) = Fields::read(&form, &visitor, person.scope, &roles);
    let update = fields.update(named);
    match app.service().update_person(&visitor.caller, id, update, |_| Ok(())).await {
        Ok(_) => Ok(see_other(&app, &format!("/console/persons/{id}?done=person-changed"))),
        Err(error) => {
            let panel = Panel::Edit(fields, offered::refused(error, fields::KNOWN)?);
            show::render(&app, &visitor, id, panel).await
        }
    }
}
