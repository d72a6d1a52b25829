//! `GET` and `POST /console/tenants/{id}/delete`: for good, and so its name is typed first.

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

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let tenant = app.service().show_tenant(&visitor.caller, super::id(&id)?).await?;
    let panel = Panel::Delete(String::new(), Faults::default());
    show::render(&app, &visitor, tenant, panel).await
}

pub(in super::super) async fn delete(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let id = super::id(&id)?;
    let tenant = app.service().show_tenant(&visitor.caller, id).await?;
    let typed = form.text("confirm").trim().to_owned();
    let faults = if typed == tenant.name.trim() {
        let version = form.version();
        match app.service().delete_tenant(&visitor.caller, id, version).await {
            Ok(()) => return Ok(see_other(&app, "/console/tenants?done=tenant-deleted")),
            Err(error) => Faults::of_error(error, &[])?,
        }
    } else {
        Faults::one("confirm", "This is not its name. Type the name as it stands above.")
    };
    let panel = Panel::Delete(typed, faults);
    show::render(&app, &visitor, tenant, panel).await
}
