//! `POST /console/persons/{id}/enable`.

use crate::{
    answer::Body,
    app::App,
    console::{Form, Visiting, page::see_other},
    extract::Path,
    failure::Failure,
};
use axum::extract::State;
use http::Response;
use service::persons::UpdatePerson;

pub(in super::super) async fn enable(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    _: Form,
) -> Result<Response<Body>, Failure> {
    let id = super::id(&id)?;
    let update = UpdatePerson { enabled: Some(true), ..UpdatePerson::default() };
    app.service().update_person(&visitor.caller, id, update, |_| Ok(())).await?;
    Ok(see_other(&app, &format!("/console/persons/{id}?done=person-enabled")))
}
