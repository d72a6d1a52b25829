//! `GET` and `POST /console/persons/{id}/password`: another password, made here or typed. Whoever sets one
//! has just proved who they are (SE-05).

use super::{
    fields,
    show::{self, Panel},
};
use crate::{
    answer::Body,
    app::App,
    console::{
        Faults, Form, Section, Visiting,
        page::see_other,
        secret_page::{self, What},
        step_up,
    },
    extract::Path,
    failure::Failure,
};
use axum::extract::State;
use http::Response;
use service::persons::SetPassword;

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let panel = Panel::Password(true, Faults::default());
    show::render(&app, &visitor, super::id(&id)?, panel).await
}

pub(in super::super) async fn set(
    State(app): State<App>,
    mut visitor: Visiting,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response<Body>, Failure> {
    let id = super::id(&id)?;
    let must_change = form.is_on("mustChangePassword");
    let faults = match step_up::prove(&app, &mut visitor, &mut form).await? {
        Ok(()) => {
            let password = form.take("password");
            let set = SetPassword { password, must_change, if_version: None };
            match app.service().set_person_password(&visitor.caller, id, set).await {
                Ok(set) => {
                    let to = format!("/console/persons/{id}?done=password-set");
                    let Some(password) = &set.password else { return Ok(see_other(&app, &to)) };
                    let mut what = What::of("Password set", &set.person.username, password, &to);
                    what.called = "password";
                    return Ok(secret_page::show(&app, &visitor, Section::Persons, what));
                }
                Err(error) => Faults::of_error(error, fields::KNOWN)?,
            }
        }
        Err(faults) => faults,
    };
    let panel = Panel::Password(must_change, faults);
    show::render(&app, &visitor, id, panel).await
}
