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
use http::Response;

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
) -> Result<Response<Body>, Failure> {
    let mut fields = Fields::of_new();
    fields.places_of(places::choices(&app, &visitor, None).await?);
    list::render(&app, &visitor, Some((fields, Faults::default()))).await
}

pub(in super::super) async fn create(
    State(app): State<App>,
    visitor: Visiting,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let mut fields = Fields::read(&form);
    let chosen = form.filled("tenant");
    let typed = chosen.unwrap_or_default();
    let (scope, of_place) = places::narrowed(&app, &visitor, &typed).await?;
    let scope = scope.or_else(|| visitor.caller.bound_to().map(Scope::Tenant));
    let places = places::choices(&app, &visitor, scope).await?;
    fields.places_of(places.or_typed(&typed, &of_place));
    let faults = match (scope, fields.wanted()) {
        (_, Err(faults)) => faults,
        (_, Ok(_)) if !of_place.is_empty() => of_place,
        (Some(Scope::Tenant(tenant)), Ok(wanted)) => {
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
    list::render(&app, &visitor, Some((fields, faults))).await
}
