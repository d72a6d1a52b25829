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
        roles::offered,
        secret_page::{self, What},
    },
    extract::Query,
    failure::Failure,
};
use axum::extract::State;
use domain::id::Scope;
use http::Response;
use service::persons::CreatePerson;

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    query: Query,
) -> Result<Response<Body>, Failure> {
    let tenant = query.0.get("tenant").unwrap_or_default().to_owned();
    let (scope, faults) = places::narrowed(&app, &visitor, &tenant).await?;
    let query = if faults.is_empty() { query } else { Query::default() };
    let scope = scope.map_or_else(|| visitor.caller.own_scope(), Ok)?;
    let roles = offered::all(&app, &visitor, scope).await?;
    let fields = Fields::of_new(&visitor, scope, &roles);
    let new = new(&app, &visitor, (fields, faults), (scope, tenant.as_str())).await?;
    list::render(&app, &visitor, query, Some(new)).await
}

/// The form in the panel. `tenant`: the place as it was named.
async fn new(
    app: &App,
    visitor: &Visiting,
    (fields, faults): (Fields, Faults),
    (scope, tenant): (Scope, &str),
) -> Result<New, Failure> {
    Ok(New {
        places: places::choices(app, visitor, Some(scope)).await?.or_typed(tenant, &faults),
        place: Names::of(app, visitor, [scope]).await?.name(scope),
        tenant: places::carried(scope, tenant, &faults),
        fields,
        faults,
        scope,
    })
}

pub(in super::super) async fn create(
    State(app): State<App>,
    visitor: Visiting,
    mut form: Form,
) -> Result<Response<Body>, Failure> {
    let tenant = form.text("tenant").to_owned();
    let (scope, unknown) = places::narrowed(&app, &visitor, &tenant).await?;
    let scope = scope.map_or_else(|| visitor.caller.own_scope(), Ok)?;
    let roles = offered::all(&app, &visitor, scope).await?;
    let (fields, named) = Fields::read(&form, &visitor, scope, &roles);
    if !unknown.is_empty() {
        let new = new(&app, &visitor, (fields, unknown), (scope, tenant.as_str())).await?;
        return list::render(&app, &visitor, Query::default(), Some(new)).await;
    }
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
            let faults = offered::refused(error, fields::KNOWN)?;
            let new = new(&app, &visitor, (fields, faults), (scope, tenant.as_str())).await?;
            list::render(&app, &visitor, Query::default(), Some(new)).await
        }
    }
}
