//! `GET /console/key-types/new` and `POST /console/key-types`.

use super::{LIST, fields, fields::Fields, list};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Visiting, page::see_other, places},
    failure::Failure,
};
use axum::extract::State;
use domain::id::Scope;
use http::{Response, StatusCode};

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
) -> Result<Response<Body>, Failure> {
    let mut fields = Fields::of_new();
    fields.places_of(places::choices(&app, &visitor, None).await?);
    list::render(&app, &visitor, StatusCode::OK, Some((fields, Faults::default()))).await
}

pub(in super::super) async fn create(
    State(app): State<App>,
    visitor: Visiting,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let mut fields = Fields::read(&form);
    let chosen = form.filled("tenant");
    let scope = places::read(&visitor, chosen.as_deref());
    fields.places_of(places::choices(&app, &visitor, scope.as_ref().ok().copied()).await?);
    let faults = match (scope, fields.wanted()) {
        (_, Err(faults)) => faults,
        (Ok(Scope::Tenant(tenant)), Ok(wanted)) => {
            match app.service().create_key_type(&visitor.caller, wanted.of(tenant)).await {
                Ok(made) => {
                    let query = match visitor.caller.is_cluster() {
                        true => format!("tenant={tenant}&"),
                        false => String::new(),
                    };
                    let to = format!("{LIST}/{}?{query}done=key-type-created", made.name);
                    return Ok(see_other(&app, &to));
                }
                Err(error) => Faults::of_error(error, fields::KNOWN)?,
            }
        }
        _ => Faults::one("tenant", "Choose the contact center that it is for."),
    };
    list::render(&app, &visitor, StatusCode::UNPROCESSABLE_ENTITY, Some((fields, faults))).await
}
