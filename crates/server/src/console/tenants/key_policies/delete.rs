//! `GET` and `POST /console/tenants/{id}/key-policies/{type}/delete`.

use super::{
    list::{self, Panel},
    set,
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
use service::Error;

pub(in super::super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response<Body>, Failure> {
    let scope = super::scope(&id)?;
    let policy = set::find(&app, &visitor, scope, &name).await?.ok_or(Error::NotFound)?;
    let panel =
        Panel::Delete { key_type: name, version: policy.version, faults: Faults::default() };
    list::render(&app, &visitor, scope, panel).await
}

pub(in super::super::super) async fn delete(
    State(app): State<App>,
    visitor: Visiting,
    Path((id, name)): Path<(String, String)>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let scope = super::scope(&id)?;
    let version = form.version();
    match app.service().delete_key_policy(&visitor.caller, scope, &name, version).await {
        Ok(()) => {
            let to = format!("/console/tenants/{scope}/key-policies?done=policy-deleted");
            Ok(see_other(&app, &to))
        }
        Err(error) => {
            let faults = Faults::of_error(error, &[])?;
            let policy = set::find(&app, &visitor, scope, &name).await?.ok_or(Error::NotFound)?;
            let panel = Panel::Delete { key_type: name, version: policy.version, faults };
            list::render(&app, &visitor, scope, panel).await
        }
    }
}
