//! `POST /console/tenants/{id}/cors/settings`: the old list, replaced as a whole.

use super::show::{self, Typed};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Visiting, page::see_other, tenants},
    extract::Path,
    failure::Failure,
};
use axum::extract::State;
use domain::cors::Setting;
use http::Response;
use service::cors::UpdateCorsSettings;

pub(in super::super::super) async fn update(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let id = tenants::id(&id)?;
    let before = app.service().show_cors(&visitor.caller, id).await?.setting;
    let (location, shared) = match before {
        Some(Setting { location, shared, .. }) => (location, shared),
        None => ("/".to_owned(), true),
    };
    let typed = form.text("value").to_owned();
    let value = form.lines("value").join(",");
    let update = UpdateCorsSettings { location, shared, value };
    match app.service().update_cors_settings(&visitor.caller, id, update).await {
        Ok(_) => Ok(see_other(&app, &format!("/console/tenants/{id}/cors?done=origins-replaced"))),
        Err(error) => {
            let faults = Faults::of_error(error, &[("value", "value")])?;
            let typed = Typed { value: Some(typed), faults, ..Typed::default() };
            show::render(&app, &visitor, id, typed).await
        }
    }
}
