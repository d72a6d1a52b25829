//! `/console/settings/psk`: the personal PSK, in the panel beside the settings. There is one a person: it is
//! made, gets another secret, or ends; the last two are confirmed.

use super::{
    super::{
        Faults, Form, Section, Visiting,
        keys::{
            made,
            once::{self, Once},
        },
        page::see_other,
        secret_page::{self, What},
        step_up,
    },
    show::{may_have_psk, psk, with_panel},
    view::{OwnKey, Panel, Psk, Wanted},
};
use crate::{answer::Body, app::App, failure::Failure};
use axum::extract::State;
use domain::right::Right;
use http::{Response, StatusCode};
use service::{
    Error,
    keys::{Created, may_acknowledge},
};

const DESCRIPTION: &str = "description";
/// What the confirmation carries besides, so that the panel before it is told from it.
const CONFIRMED: &str = "confirmed";
/// Where all of it leads back to.
const BACK: &str = "/console/settings";
/// Where whoever stored it is told that this is noted.
const STORED: &str = "/console/settings?done=psk-stored";

/// `GET`: offers to make one, or shows the one that there is.
pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
) -> Result<Response<Body>, Failure> {
    let wanted = wanted(&app, &visitor, None, Faults::default()).await?;
    let panel = match &wanted.key {
        Some(key) if !key.revoked => Panel::Show(wanted),
        Some(_) | None => Panel::Create(wanted),
    };
    with_panel(&app, &visitor, StatusCode::OK, panel).await
}

/// `POST …/create`.
pub(in super::super) async fn create(
    State(app): State<App>,
    mut visitor: Visiting,
    mut form: Form,
) -> Result<Response<Body>, Failure> {
    let description = form.filled(DESCRIPTION);
    let faults = match step_up::prove(&app, &mut visitor, &mut form).await? {
        Err(faults) => faults,
        Ok(()) => {
            let made = app.service().create_personal_key(&visitor.caller, description.clone());
            match made.await {
                Ok(made) => return Ok(shown_once(&app, &visitor, "PSK created", &made)),
                Err(error) => Faults::of_error(error, &[(DESCRIPTION, DESCRIPTION)])?,
            }
        }
    };
    let wanted = wanted(&app, &visitor, description, faults).await?;
    mend(&app, &visitor, Panel::Create(wanted)).await
}

/// `GET …/regenerate`.
pub(in super::super) async fn confirm_regenerate(
    State(app): State<App>,
    visitor: Visiting,
) -> Result<Response<Body>, Failure> {
    let wanted = serving(wanted(&app, &visitor, None, Faults::default()).await?)?;
    with_panel(&app, &visitor, StatusCode::OK, Panel::Regenerate(wanted)).await
}

/// `POST …/regenerate`: of the panel with the description first, then of its confirmation.
pub(in super::super) async fn regenerate(
    State(app): State<App>,
    mut visitor: Visiting,
    mut form: Form,
) -> Result<Response<Body>, Failure> {
    // One that was emptied is meant; without the field it stays as it is.
    let description = form.is_on(DESCRIPTION).then(|| form.text(DESCRIPTION).trim().to_owned());
    let asked = serving(wanted(&app, &visitor, description.clone(), Faults::default()).await?)?;
    if !form.is_on(CONFIRMED) {
        return with_panel(&app, &visitor, StatusCode::OK, Panel::Regenerate(asked)).await;
    }
    let faults = match step_up::prove(&app, &mut visitor, &mut form).await? {
        Err(faults) => faults,
        Ok(()) => {
            let (service, caller) = (app.service().clone(), visitor.caller.clone());
            let asked = description.clone();
            let work = async move { service.regenerate_personal_key(&caller, asked).await };
            match once::once(&app, &visitor, "console_regenerate_psk", &form, work).await? {
                Once::Done(made) => {
                    return Ok(shown_once(&app, &visitor, "PSK regenerated", &made));
                }
                Once::Repeated(id) => return Ok(made::repeated(&app, &visitor, id, false)),
                Once::Underway => return Ok(made::repeated(&app, &visitor, None, true)),
                Once::Refused(error) => Faults::of_error(error, &[(DESCRIPTION, DESCRIPTION)])?,
            }
        }
    };
    let wanted = wanted(&app, &visitor, description, faults).await?;
    // The description is mended where it was typed.
    let panel = match wanted.faults.of(DESCRIPTION) {
        Some(_) => Panel::Show(wanted),
        None => Panel::Regenerate(wanted),
    };
    mend(&app, &visitor, panel).await
}

/// `GET …/delete`.
pub(in super::super) async fn confirm_delete(
    State(app): State<App>,
    visitor: Visiting,
) -> Result<Response<Body>, Failure> {
    let wanted = wanted(&app, &visitor, None, Faults::default()).await?;
    if wanted.key.is_none() {
        return Err(Error::NotFound.into());
    }
    with_panel(&app, &visitor, StatusCode::OK, Panel::Delete(wanted)).await
}

/// `POST …/delete`.
pub(in super::super) async fn delete(
    State(app): State<App>,
    visitor: Visiting,
    _: Form,
) -> Result<Response<Body>, Failure> {
    app.service().delete_personal_key(&visitor.caller).await?;
    Ok(see_other(&app, "/console/settings?done=psk-deleted"))
}

/// What the panel is about; `typed`: the description, where one was.
async fn wanted(
    app: &App,
    visitor: &Visiting,
    typed: Option<String>,
    faults: Faults,
) -> Result<Wanted, Failure> {
    if !may_have_psk(visitor) {
        let right = (!visitor.holds(Right::PersonalKeysUse)).then_some(Right::PersonalKeysUse);
        return Err(Error::NotAllowed { right }.into());
    }
    let key: Option<OwnKey> = match psk(app, visitor).await? {
        Psk::One(key) => Some(*key),
        Psk::None | Psk::NotTheirs => None,
    };
    let known = key.as_ref().filter(|key| !key.revoked).map(|key| key.description.clone());
    Ok(Wanted {
        description: typed.or(known).unwrap_or_default(),
        faults,
        permissions: permissions(visitor),
        once: once::fresh(app),
        key,
    })
}

/// What such a key may do, by its owner's roles as they are now.
fn permissions(visitor: &Visiting) -> Vec<String> {
    let roles = visitor.caller.principal.roles();
    roles.iter().filter_map(|role| Some(format!("nx1:{}", role.strip_prefix("nx1_")?))).collect()
}

/// There has to be one that was not revoked.
fn serving(wanted: Wanted) -> Result<Wanted, Failure> {
    match &wanted.key {
        Some(key) if !key.revoked => Ok(wanted),
        Some(_) | None => Err(Error::NotFound.into()),
    }
}

async fn mend(app: &App, visitor: &Visiting, panel: Panel) -> Result<Response<Body>, Failure> {
    with_panel(app, visitor, StatusCode::UNPROCESSABLE_ENTITY, panel).await
}

fn shown_once(app: &App, visitor: &Visiting, heading: &str, made: &Created) -> Response<Body> {
    let regenerated = made.key.version > 1;
    let description = made.key.description.as_deref().filter(|text| !text.is_empty());
    // An administrator may have made this one.
    let of_type = app.service().key_type(made.key.scope, &made.key.key_type);
    let may_say = of_type.is_some_and(|t| may_acknowledge(&visitor.caller, &made.key, &t));
    let url = format!("{}/api/data", app.config().public_url.trim_end_matches('/'));
    let what = What {
        called: "PSK",
        facts: description.map(|text| ("Description", text.to_owned())).into_iter().collect(),
        env_name: "PERSONAL_PSK".to_owned(),
        curl: Some(format!("curl \"{url}\" \\\n  --header \"Authorization-PSK: $PERSONAL_PSK\"")),
        curl_hint: "The header that the NexusOne API takes it in. Put the address in that you call:",
        old_ended: regenerated,
        seen: Some(made.key.id),
        acknowledge: may_say.then(|| format!("/console/keys/{}/acknowledge", made.key.id)),
        ..What::of(heading, "Personal PSK", &made.secret, if may_say { STORED } else { BACK })
    };
    secret_page::show(app, visitor, Section::Settings, what)
}
