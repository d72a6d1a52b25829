//! `GET` and `POST /console/key-types/{name}/edit`: what may change of a type of one's own.

use super::{LIST, fields, fields::Fields, show};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Visiting, page::see_other},
    extract::Path,
    failure::Failure,
};
use axum::extract::State;
use http::Response;
use service::Error;

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(name): Path<String>,
) -> Result<Response<Body>, Failure> {
    let key_type = show::find(&app, &visitor, &name)?;
    if key_type.tenant.is_none() {
        // There is no such page: nothing of these types can change.
        return Err(Failure::Service(Error::NotFound));
    }
    let fields = Fields::of(&key_type);
    show::render(&app, &visitor, &key_type, Some((fields, Faults::default()))).await
}

pub(in super::super) async fn edit(
    State(app): State<App>,
    visitor: Visiting,
    Path(name): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let key_type = show::find(&app, &visitor, &name)?;
    let fields = Fields::read(&form);
    let named = show::named(&visitor);
    let faults = match fields.update() {
        Err(faults) => faults,
        Ok(update) => {
            let caller = &visitor.caller;
            let changing =
                app.service().update_key_type(caller, (named, &name), update, |_| Ok(()));
            match changing.await {
                Ok(changed) => {
                    let tenant = named.map_or_else(String::new, |scope| format!("tenant={scope}&"));
                    let to = format!("{LIST}/{}?{tenant}done=key-type-changed", changed.name);
                    return Ok(see_other(&app, &to));
                }
                Err(error) => Faults::of_error(error, fields::KNOWN)?,
            }
        }
    };
    show::render(&app, &visitor, &key_type, Some((fields, faults))).await
}
