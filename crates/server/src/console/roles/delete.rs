//! `GET` and `POST /console/roles/{name}/delete`: of a role that nobody holds.

use super::show::{self, Panel};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Visiting, page::see_other},
    extract::{Path, Query},
    failure::Failure,
};
use axum::extract::State;
use http::Response;

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(name): Path<String>,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let scope = super::scope(&visitor, &mut query)?;
    let role = app.service().show_role(&visitor.caller, Some(scope), &name).await?;
    super::require_made(&role)?;
    let panel = Panel::Delete(Faults::default());
    show::render(&app, &visitor, (role, scope), panel).await
}

pub(in super::super) async fn delete(
    State(app): State<App>,
    visitor: Visiting,
    Path(name): Path<String>,
    mut query: Query,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let scope = super::scope(&visitor, &mut query)?;
    let version = form.version();
    match app.service().delete_role(&visitor.caller, Some(scope), &name, version).await {
        Ok(()) => {
            let to = format!("/console/roles?tenant={scope}&done=role-deleted");
            Ok(see_other(&app, &to))
        }
        Err(error) => {
            let panel = Panel::Delete(Faults::of_error(error, &[])?);
            let role = app.service().show_role(&visitor.caller, Some(scope), &name).await?;
            show::render(&app, &visitor, (role, scope), panel).await
        }
    }
}
