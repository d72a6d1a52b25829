//! `GET` and `POST /console/tenants/{id}/disable`: what it means is said first.

use super::show::{self, Panel};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Visiting, page::see_other},
    extract::Path,
    failure::Failure,
};
use axum::extract::State;
use http::Response;
use service::tenants::UpdateTenant;

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let tenant = app.service().show_tenant(&visitor.caller, super::id(&id)?).await?;
    let panel = Panel::Disable(Faults::default());
    show::render(&app, &visitor, tenant, panel).await
}

pub(in super::super) async fn disable(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    _: Form,
) -> Result<Response<Body>, Failure> {
    let id = super::id(&id)?;
    let update = UpdateTenant { enabled: Some(false), ..UpdateTenant::default() };
    match app.service().update_tenant(&visitor.caller, id, update, |_| Ok(())).await {
        Ok(_) => Ok(see_other(&app, &format!("/console/tenants/{id}?done=tenant-disabled"))),
        Err(error) => {
            let panel = Panel::Disable(Faults::of_error(error, &[])?);
            let tenant = app.service().show_tenant(&visitor.caller, id).await?;
            show::render(&app, &visitor, tenant, panel).await
        }
    }
}
