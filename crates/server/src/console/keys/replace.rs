//! What gives a key another secret, by hand: `/console/keys/{id}/rotate` lets the old one work on for a
//! while, `/console/keys/{id}/regenerate` ends it at once. The person proves themself again (SE-05).

use super::{
    KeysView, behind,
    delete::found,
    fields::OVERLAPS,
    made::{self, Said},
    once::{self, Once},
    switch::{back, beside},
};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Section, Shell, Visiting, page, step_up, when::When},
    extract::{Path, Query},
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{key::Key, right::Deed};
use http::Response;
use service::{
    Error,
    keys::{KeySecret, RotateKey},
};

/// For how long an old secret works on unless somebody says otherwise.
const USUAL_OVERLAP_S: u32 = 86_400;

#[derive(Template)]
#[template(path = "console/keys/rotate.html")]
struct Rotate {
    shell: Shell,
    list: KeysView,
    key: Key,
    faults: Faults,
    back: String,
    once: String,
    overlap_s: u32,
    /// A secret that still runs out from the last time, and when.
    running: Option<When>,
    /// Whether the current secret has ended, because nobody rotated in time.
    ended: bool,
}

impl Rotate {
    fn overlaps(&self) -> impl Iterator<Item = (u32, &'static str, bool)> {
        let most = self.key.rotation.map_or(u32::MAX, domain::key::Rotation::period_s);
        let fits = OVERLAPS.into_iter().filter(move |(seconds, _)| *seconds <= most);
        fits.map(|(seconds, words)| (seconds, words, seconds == self.overlap_s))
    }
}

#[derive(Template)]
#[template(path = "console/keys/regenerate.html")]
struct Regenerate {
    shell: Shell,
    list: KeysView,
    key: Key,
    faults: Faults,
    back: String,
    once: String,
}

/// `GET …/rotate`.
pub(in crate::console) async fn show_rotate(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let back = query.take_text("back").unwrap_or_default();
    rotation(&app, &visitor, (&id, &back), Faults::default(), USUAL_OVERLAP_S).await
}

/// `POST …/rotate`.
pub(in crate::console) async fn rotate(
    State(app): State<App>,
    mut visitor: Visiting,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response<Body>, Failure> {
    let (key, of_type) = found(&app, &visitor, &id, Deed::Update).await?;
    if !of_type.actions.rotate {
        return Err(Error::NotFound.into());
    }
    let overlap_s = match form.filled("overlap").map(|text| text.parse()) {
        None => USUAL_OVERLAP_S,
        Some(Ok(seconds)) => seconds,
        Some(Err(_)) => {
            let faults = Faults::one("overlap", "Choose one of these.");
            let asked = (id.as_str(), form.text("back"));
            return rotation(&app, &visitor, asked, faults, USUAL_OVERLAP_S).await;
        }
    };
    if let Err(faults) = step_up::prove(&app, &mut visitor, &mut form).await? {
        return rotation(&app, &visitor, (&id, form.text("back")), faults, overlap_s).await;
    }
    let rotate =
        RotateKey { overlap_s, end_overlap: form.is_on("end-overlap"), if_version: form.version() };
    let (service, caller, key_id) = (app.service().clone(), visitor.caller.clone(), key.id);
    let work = async move { service.rotate_key(&caller, key_id, rotate).await };
    let ended = key.secret_ends_at.is_some_and(|end| end <= visitor.now);
    match once::once(&app, &visitor, "console_rotate_key", &form, work).await? {
        Once::Done(made) => {
            let ends =
                (overlap_s > 0 && !ended).then(|| visitor.now.plus_seconds(overlap_s.into()));
            let done = back(form.text("back"), "key-rotated");
            let said = Said {
                heading: "API key rotated",
                done: &done,
                is_new: true,
                ends_of_old: When::maybe(ends, visitor.now),
                old_ended: ends.is_none(),
            };
            made::show(&app, &visitor, &made, said)
        }
        Once::Repeated(id) => Ok(made::repeated(&app, &visitor, id, false)),
        Once::Underway => Ok(made::repeated(&app, &visitor, None, true)),
        Once::Refused(error) => {
            let faults = Faults::of_error(error, &[("overlapSeconds", "overlap")])?;
            rotation(&app, &visitor, (&id, form.text("back")), faults, overlap_s).await
        }
    }
}

async fn rotation(
    app: &App,
    visitor: &Visiting,
    (id, back): (&str, &str),
    faults: Faults,
    overlap_s: u32,
) -> Result<Response<Body>, Failure> {
    let (key, of_type) = found(app, visitor, id, Deed::Update).await?;
    if !of_type.actions.rotate {
        return Err(Error::NotFound.into());
    }
    let secrets = app.service().list_key_secrets(&visitor.caller, key.id).await?;
    let runs_out = |secret: &KeySecret| secret.ends_at.filter(|_| !secret.current);
    let running = When::maybe(secrets.iter().find_map(runs_out), visitor.now);
    let page = Rotate {
        shell: Shell::of(app, visitor, Section::Keys, "API keys"),
        list: behind(app, visitor, back).await?,
        ended: key.secret_ends_at.is_some_and(|end| end <= visitor.now),
        back: beside(back),
        once: once::fresh(app),
        key,
        faults,
        overlap_s,
        running,
    };
    Ok(page::show_as(app, page.faults.status(), &page.shell, &page))
}

/// `GET …/regenerate`.
pub(in crate::console) async fn show_regenerate(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let back = query.take_text("back").unwrap_or_default();
    regeneration(&app, &visitor, (&id, &back), Faults::default()).await
}

/// `POST …/regenerate`.
pub(in crate::console) async fn regenerate(
    State(app): State<App>,
    mut visitor: Visiting,
    Path(id): Path<String>,
    mut form: Form,
) -> Result<Response<Body>, Failure> {
    let (key, of_type) = found(&app, &visitor, &id, Deed::Update).await?;
    if !of_type.actions.regenerate {
        return Err(Error::NotFound.into());
    }
    if let Err(faults) = step_up::prove(&app, &mut visitor, &mut form).await? {
        return regeneration(&app, &visitor, (&id, form.text("back")), faults).await;
    }
    let (service, caller) = (app.service().clone(), visitor.caller.clone());
    let (key_id, if_version) = (key.id, form.version());
    let work = async move { service.regenerate_key(&caller, key_id, if_version).await };
    match once::once(&app, &visitor, "console_regenerate_key", &form, work).await? {
        Once::Done(made) => {
            let done = back(form.text("back"), "key-regenerated");
            let said = Said {
                heading: "API key regenerated",
                done: &done,
                is_new: true,
                ends_of_old: None,
                old_ended: true,
            };
            made::show(&app, &visitor, &made, said)
        }
        Once::Repeated(id) => Ok(made::repeated(&app, &visitor, id, false)),
        Once::Underway => Ok(made::repeated(&app, &visitor, None, true)),
        Once::Refused(error) => {
            let faults = Faults::of_error(error, &[])?;
            regeneration(&app, &visitor, (&id, form.text("back")), faults).await
        }
    }
}

async fn regeneration(
    app: &App,
    visitor: &Visiting,
    (id, back): (&str, &str),
    faults: Faults,
) -> Result<Response<Body>, Failure> {
    let (key, of_type) = found(app, visitor, id, Deed::Update).await?;
    if !of_type.actions.regenerate {
        return Err(Error::NotFound.into());
    }
    let page = Regenerate {
        shell: Shell::of(app, visitor, Section::Keys, "API keys"),
        list: behind(app, visitor, back).await?,
        back: beside(back),
        once: once::fresh(app),
        key,
        faults,
    };
    Ok(page::show_as(app, page.faults.status(), &page.shell, &page))
}
