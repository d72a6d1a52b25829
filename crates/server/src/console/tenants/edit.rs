//! `GET` and `POST /console/tenants/{id}/edit`.

use super::{
    fields::{self, Fields},
    show::{self, Panel},
};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Visiting, page::see_other},
    extract::Path,
    failure::Failure,
};
use axum::extract::State;
use http::Response;

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let tenant = app.service().show_tenant(&visitor.caller, super::id(&id)?).await?;
    let environments = fields::environments(&app, &visitor, tenant.environment).await?;
    let fields = Fields::of(&tenant, &environments);
    let panel = Panel::Edit(Box::new((fields, Faults::default())));
    show::render(&app, &visitor, tenant, panel).await
}

pub(in super::super) async fn edit(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let id = super::id(&id)?;
    let tenant = app.service().show_tenant(&visitor.caller, id).await?;
    let environments = fields::environments(&app, &visitor, tenant.environment).await?;
    let fields = Fields::read(&form, &environments);
    let faults = match fields.update(visitor.caller.is_cluster()) {
        Ok(update) => {
            match app.service().update_tenant(&visitor.caller, id, update, |_| Ok(())).await {
                Ok(_) => {
                    let to = format!("/console/tenants/{id}?done=tenant-changed");
                    return Ok(see_other(&app, &to));
                }
                Err(error) => Faults::of_error(error, fields::KNOWN)?,
            }
        }
        Err(faults) => faults,
    };
    let panel = Panel::Edit(Box::new((fields, faults)));
    show::render(&app, &visitor, tenant, panel).await
}
