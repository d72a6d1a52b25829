//! `GET /console/persons/new` and `POST /console/persons`. A password that is made here is shown once.

use super::{
    fields::{self, Fields},
    list::{self, New},
};
use crate::{
    answer::Body,
    app::App,
    console::{
        Faults, Form, Section, Visiting,
        page::see_other,
        places::{self, Names},
        secret_page::{self, What},
    },
    extract::Query,
    failure::Failure,
};
use axum::extract::State;
use http::{Response, StatusCode};
use service::persons::CreatePerson;

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    query: Query,
) -> Result<Response<Body>, Failure> {
    let scope = places::read(&visitor, query.0.get("tenant"))?;
    let roles = fields::roles(&app, &visitor, scope).await?;
    let new = New {
        fields: Fields::of_new(&visitor, scope, &roles),
        faults: Faults::default(),
        scope,
        place: Names::of(&app, &visitor, [scope]).await?.name(scope),
    };
    list::render(&app, &visitor, query, StatusCode::OK, Some(new)).await
}

pub(in super::super) async fn create(
    State(app): State<App>,
    visitor: Visiting,
    mut form: Form,
) -> Result<Response<Body>, Failure> {
    let scope = places::read(&visitor, Some(form.text("tenant")))?;
    let roles = fields::roles(&app, &visitor, scope).await?;
    let (fields, named) = Fields::read(&form, &visitor, scope, &roles);
    let wanted = CreatePerson {
        scope,
        username: fields.username.clone(),
        roles: named,
        enabled: fields.enabled,
        password: form.take("password"),
        must_change_password: fields.must_change,
        profile: fields.profile(),
    };
    match app.service().create_person(&visitor.caller, wanted).await {
        Ok(made) => {
            let to = format!("/console/persons/{}?done=person-created", made.person.id);
            let Some(password) = &made.password else { return Ok(see_other(&app, &to)) };
            let mut what = What::of("Person created", &made.person.username, password, &to);
            what.called = "password";
            Ok(secret_page::show(&app, &visitor, Section::Persons, what))
        }
        Err(error) => {
            let faults = fields::refused(error)?;
            let place = Names::of(&app, &visitor, [scope]).await?.name(scope);
            let new = Some(New { fields, faults, scope, place });
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            list::render(&app, &visitor, Query::default(), status, new).await
        }
    }
}
