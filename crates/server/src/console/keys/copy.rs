//! `/console/keys/{id}/copy`: the form of a new key, filled with the settings of another one, under its
//! name with the next number. The secret is not copied.

use super::{
    create::{Filled, blank, show_copy, wanted},
    delete::found,
    fields::Fields,
    made::{self, Said},
    once::{self, Once},
    read::faults_of,
    typed::Typed,
};
use crate::{
    answer::Body,
    app::App,
    console::{Form, Visiting},
    extract::Path,
    failure::Failure,
};
use axum::extract::State;
use domain::right::Deed;
use http::{Response, StatusCode};

/// `GET`.
pub(in crate::console) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let (source, of_type) = found(&app, &visitor, &id, Deed::Create).await?;
    let name = app.service().name_of_copy(&visitor.caller, source.id).await?;
    let fields = Fields::of_new(&app, &visitor, of_type.clone(), source.scope).await?;
    let mut typed = Typed { name, ..Typed::of_key(&source) };
    if fields.fixed.is_some() {
        typed.permissions.clear();
    }
    // What has ended, or would outlast what the policy lets be, is chosen anew.
    let latest = fields.policy.as_ref().and_then(|p| p.latest_end(&of_type, visitor.now));
    let fits = |end| end > visitor.now && latest.is_none_or(|latest| end <= latest);
    if !source.expires_at.is_some_and(fits) {
        typed.life = if source.expires_at.is_some() { "date" } else { "never" }.to_owned();
        typed.expires.clear();
    }
    let filled = blank(&app, fields.with_choices_of(&source), typed);
    show_copy(&app, &visitor, source.id, filled, StatusCode::OK).await
}

/// `POST`.
pub(in crate::console) async fn copy(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response<Body>, Failure> {
    let (source, of_type) = found(&app, &visitor, &id, Deed::Create).await?;
    let (id, scope) = (source.id, source.scope);
    let fields = Fields::of_new(&app, &visitor, of_type.clone(), scope).await?;
    let typed = Typed::of_form(&form);
    let fields = fields.with_choices_of(&source).with_owner(&app, &visitor, &typed.owner).await?;
    let faults = match typed.read(&fields, None, visitor.now) {
        Err(faults) => faults,
        Ok(values) => {
            let wanted = wanted((scope, of_type), values, form.take("secret"));
            let (service, caller) = (app.service().clone(), visitor.caller.clone());
            let work = async move { service.copy_key_as(&caller, id, wanted).await };
            match once::once(&app, &visitor, "console_copy_key", &form, work).await? {
                Once::Done(made) => {
                    let done = "/console/keys?done=key-copied";
                    let heading = "API key copied";
                    let said = Said { heading, done, is_new: true, ..Said::default() };
                    return made::show(&app, &visitor, &made, said);
                }
                Once::Repeated(id) => return Ok(made::repeated(&app, &visitor, id, false)),
                Once::Underway => return Ok(made::repeated(&app, &visitor, None, true)),
                Once::Refused(error) => faults_of(error, &fields)?,
            }
        }
    };
    let filled = Filled { faults, ..blank(&app, fields, typed) };
    show_copy(&app, &visitor, id, filled, StatusCode::UNPROCESSABLE_ENTITY).await
}
