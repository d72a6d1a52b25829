//! `GET /console/settings`, and the same page around each panel of the personal PSK.

use super::{
    super::{Section, Shell, Visiting, page, when::When},
    view::{OwnKey, Panel, Psk, SessionLine, Settings},
};
use crate::{answer::Body, app::App, failure::Failure};
use axum::extract::State;
use domain::{id::Scope, person::Person, right::Right};
use http::{Response, StatusCode};
use service::Error;

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
) -> Result<Response<Body>, Failure> {
    with_panel(&app, &visitor, StatusCode::OK, Panel::Closed).await
}

/// The page with a panel.
pub(super) async fn with_panel(
    app: &App,
    visitor: &Visiting,
    status: StatusCode,
    panel: Panel,
) -> Result<Response<Body>, Failure> {
    let person = app.service().show_own_person(&visitor.caller).await?;
    let principal = &visitor.caller.principal;
    let page = Settings {
        shell: Shell::of(app, visitor, Section::Settings, "Settings"),
        full_name: full_name(&person),
        created: When::of(person.created_at, visitor.now),
        roles: principal.roles().to_vec(),
        rights: principal.rights().iter().collect(),
        managed_at: visitor
            .holds(Right::PersonsManage)
            .then(|| format!("/console/persons/{}/edit", person.id)),
        psk: psk(app, visitor).await?,
        sessions: sessions(app, visitor, &person).await?,
        person,
        panel,
    };
    Ok(page::show_as(app, status, &page.shell, &page))
}

/// The visitor's PSK, if they may have one.
pub(super) async fn psk(app: &App, visitor: &Visiting) -> Result<Psk, Failure> {
    if !may_have_psk(visitor) {
        return Ok(Psk::NotTheirs);
    }
    match app.service().show_personal_key(&visitor.caller).await {
        Ok(found) => Ok(Psk::One(Box::new(OwnKey::of(found, visitor.now)))),
        Err(Error::NotFound) => Ok(Psk::None),
        Err(error) => Err(Failure::Service(error)),
    }
}

/// Whether they may have a PSK: with the right, and of a tenant, whose roles say what it may do.
pub(super) fn may_have_psk(visitor: &Visiting) -> bool {
    visitor.holds(Right::PersonalKeysUse) && visitor.caller.scope() != Scope::Cluster
}

/// Where they are signed in: here first, then by when each was seen.
async fn sessions(
    app: &App,
    visitor: &Visiting,
    person: &Person,
) -> Result<Vec<SessionLine>, Failure> {
    let mut found = app.service().list_sessions(&visitor.caller, person.id).await?;
    let this = visitor.session.id;
    found.sort_by_key(|session| {
        (session.id != this, std::cmp::Reverse(session.last_seen_at.as_millis()))
    });
    Ok(found.into_iter().map(|session| SessionLine::of(session, visitor)).collect())
}

fn full_name(person: &Person) -> String {
    let profile = &person.profile;
    let names = [profile.given_name.as_deref(), profile.family_name.as_deref()];
    names.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
