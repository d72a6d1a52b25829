//! `GET` and `POST /console/tenants/{id}/key-policies/{type}`.

use super::{
    fields::{self, Fields},
    list::{self, Panel},
};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Visiting, Visitor, page::see_other},
    extract::Path,
    failure::Failure,
};
use axum::extract::State;
use domain::{
    id::Scope,
    key_policy::{EVERY_TYPE, KeyPolicy},
    key_type::KeyType,
};
use http::Response;
use service::Error;

pub(in super::super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response<Body>, Failure> {
    let scope = super::scope(&id)?;
    let policy = find(&app, &visitor, scope, &name).await?;
    let of_type = key_type(&app, &visitor, scope, &name)?;
    if policy.is_none() && of_type.is_none() && name != EVERY_TYPE {
        return Err(Error::NotFound.into());
    }
    let fields = Box::new(Fields::of(policy.as_ref()).for_type(of_type.as_ref()));
    let panel = Panel::Set { key_type: name, fields, faults: Faults::default() };
    list::render(&app, &visitor, scope, panel).await
}

pub(in super::super::super) async fn set(
    State(app): State<App>,
    visitor: Visiting,
    Path((id, name)): Path<(String, String)>,
    form: Form,
) -> Result<Response<Body>, Failure> {
    let scope = super::scope(&id)?;
    let fields = Fields::read(&form);
    let faults = match fields.wanted() {
        Ok(wanted) => {
            let caller = &visitor.caller;
            match app.service().set_key_policy(caller, scope, &name, wanted, |_| Ok(())).await {
                Ok(_) => {
                    let to = format!("/console/tenants/{scope}/key-policies?done=policy-set");
                    return Ok(see_other(&app, &to));
                }
                Err(Error::Invalid { field: "keyType", .. }) => {
                    return Err(Error::NotFound.into());
                }
                Err(error) => Faults::of_error(error, fields::KNOWN)?,
            }
        }
        Err(faults) => faults,
    };
    let of_type = key_type(&app, &visitor, scope, &name)?;
    let fields = Box::new(fields.for_type(of_type.as_ref()));
    let panel = Panel::Set { key_type: name, fields, faults };
    list::render(&app, &visitor, scope, panel).await
}

fn key_type(
    app: &App,
    visitor: &Visitor,
    scope: Scope,
    name: &str,
) -> Result<Option<KeyType>, Failure> {
    Ok(list::types(app, visitor, scope)?.into_iter().find(|of_type| of_type.name == name))
}

/// The policy of just this name, where there is one.
pub(super) async fn find(
    app: &App,
    visitor: &Visitor,
    scope: Scope,
    name: &str,
) -> Result<Option<KeyPolicy>, Failure> {
    match app.service().show_key_policy(&visitor.caller, scope, name).await {
        Ok(policy) => Ok(Some(policy)),
        // The list says whether the place itself is there.
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
