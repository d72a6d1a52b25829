//! `POST /console/persons/{id}/unlock`.

use crate::{
    answer::Body,
    app::App,
    console::{Form, Visiting, page::see_other},
    extract::Path,
    failure::Failure,
};
use axum::extract::State;
use http::Response;

pub(in super::super) async fn unlock(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    _: Form,
) -> Result<Response<Body>, Failure> {
    let id = super::id(&id)?;
    app.service().unlock_person(&visitor.caller, id).await?;
    Ok(see_other(&app, &format!("/console/persons/{id}?done=person-unlocked")))
}
