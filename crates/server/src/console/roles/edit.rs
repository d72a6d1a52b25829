//! `GET` and `POST /console/roles/{name}/edit`.

use super::{
    fields::{self, Fields},
    show::{self, Panel},
};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Visiting, page::see_other},
    extract::{Path, Query},
    failure::Failure,
};
use axum::extract::State;
use http::Response;
use service::roles::UpdateRole;

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(name): Path<String>,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let scope = super::scope(&visitor, &mut query)?;
    let role = app.service().show_role(&visitor.caller, Some(scope), &name).await?;
    super::require_made(&role)?;
    let panel = Panel::Edit(Fields::of(&role, &visitor, scope), Faults::default());
    show::render(&app, &visitor, (role, scope), panel).await
}

pub(in super::super) async fn edit(
    State(app): State<App>,
    visitor: Visiting,
    Path(name): Path<String>,
    mut query: Query,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let scope = super::scope(&visitor, &mut query)?;
    let role = app.service().show_role(&visitor.caller, Some(scope), &name).await?;
    let (fields, rights) = Fields::read(&form, &visitor, scope);
    let faults = match rights {
        Ok(rights) => {
            let if_version = fields.version.parse().ok();
            let update = UpdateRole { rights: Some(rights), if_version };
            let (caller, place) = (&visitor.caller, Some(scope));
            match app.service().update_role(caller, place, &name, update, |_| Ok(())).await {
                Ok(role) => {
                    let to = format!("{}&done=role-changed", super::path(&role, scope));
                    return Ok(see_other(&app, &to));
                }
                Err(error) => fields::refused(error)?,
            }
        }
        Err(faults) => faults,
    };
    let panel = Panel::Edit(Fields { name, ..fields }, faults);
    show::render(&app, &visitor, (role, scope), panel).await
}
