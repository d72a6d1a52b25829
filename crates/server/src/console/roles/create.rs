//! `GET /console/roles/new` and `POST /console/roles`.

use super::{
    fields::{self, Fields},
    list,
};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Visiting, page::see_other, places},
    extract::Query,
    failure::Failure,
};
use axum::extract::State;
use http::Response;
use service::roles::CreateRole;

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let scope = super::scope(&visitor, &mut query)?;
    let new = (Fields::of_new(&visitor, scope), Faults::default());
    list::render(&app, &visitor, scope, query, Some(new)).await
}

pub(in super::super) async fn create(
    State(app): State<App>,
    visitor: Visiting,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let scope = places::read(&visitor, Some(form.text("tenant")))?;
    let (fields, rights) = Fields::read(&form, &visitor, scope);
    let faults = match rights {
        Ok(rights) => {
            let name = fields.name.clone();
            let wanted = CreateRole { scope: Some(scope), name, rights, cluster_only: None };
            match app.service().create_role(&visitor.caller, wanted).await {
                Ok(role) => {
                    let to = format!("{}&done=role-created", super::path(&role, scope));
                    return Ok(see_other(&app, &to));
                }
                Err(error) => fields::refused(error)?,
            }
        }
        Err(faults) => faults,
    };
    list::render(&app, &visitor, scope, Query::default(), Some((fields, faults))).await
}
