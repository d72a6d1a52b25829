//! `POST /console/tenants/{id}/cors`.

use super::show::{self, Typed};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Visiting, page::see_other, tenants},
    extract::Path,
    failure::Failure,
};
use axum::extract::State;
use http::Response;

pub(in super::super::super) async fn add(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let id = tenants::id(&id)?;
    let origin = form.text("origin").trim().to_owned();
    match app.service().create_cors_origin(&visitor.caller, id, &origin).await {
        Ok(_) => Ok(see_other(&app, &format!("/console/tenants/{id}/cors?done=origin-added"))),
        Err(error) => {
            let known = [("origin", "origin"), ("origins", "origin")];
            let faults = Faults::of_error(error, &known)?;
            let typed = Typed { origin, faults, ..Typed::default() };
            show::render(&app, &visitor, id, typed).await
        }
    }
}
