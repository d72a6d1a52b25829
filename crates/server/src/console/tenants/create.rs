//! `GET /console/tenants/new` and `POST /console/tenants`.

use super::{fields, fields::Fields, list};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Visiting, page::see_other},
    extract::Query,
    failure::Failure,
};
use axum::extract::State;
use http::Response;

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    query: Query,
) -> Result<Response<Body>, Failure> {
    let environments = fields::environments(&app, &visitor, None).await?;
    let new = (Fields::of_new(&environments), Faults::default());
    list::render(&app, &visitor, query, Some(new)).await
}

pub(in super::super) async fn create(
    State(app): State<App>,
    visitor: Visiting,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let environments = fields::environments(&app, &visitor, None).await?;
    let fields = Fields::read(&form, &environments);
    let faults = match fields.wanted() {
        Ok(wanted) => match app.service().create_tenant(&visitor.caller, wanted).await {
            Ok(tenant) => {
                let to = format!("/console/tenants/{}?done=tenant-created", tenant.id);
                return Ok(see_other(&app, &to));
            }
            Err(error) => Faults::of_error(error, fields::KNOWN)?,
        },
        Err(faults) => faults,
    };
    list::render(&app, &visitor, Query::default(), Some((fields, faults))).await
}
