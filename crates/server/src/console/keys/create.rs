//! `/console/keys/new` and `POST /console/keys`: a key of any type that the visitor may make. The type comes
//! first, for it decides what else is asked.

use super::{
    KeysView, LIST, behind,
    choose::{Choosing, Chosen, choose},
    fields::Fields,
    made::{self, Said},
    once::{self, Once},
    opened::Opened,
    read::faults_of,
    typed::{Typed, Values, is_odd},
};
use crate::{
    answer::Body,
    app::App,
    console::{Faults, Form, Section, Shell, Visiting, Visitor, page},
    extract::Query,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{id::KeyId, secret::Secret};
use http::{Response, StatusCode};
use service::keys::CreateKey;

/// The fields as they stand on the page.
pub(super) struct Filled {
    pub(super) fields: Fields,
    pub(super) typed: Typed,
    pub(super) faults: Faults,
    /// What names this filling of the form.
    pub(super) once: String,
    /// The version that is changed.
    pub(super) version: u32,
}

impl Filled {
    /// The overlaps to choose from, in seconds and in words.
    pub(super) fn overlaps(&self) -> Vec<(String, String, bool)> {
        let chosen = self.typed.overlap.as_str();
        let known = super::fields::OVERLAPS.into_iter();
        let mut all: Vec<_> = known
            .map(|(seconds, words)| (seconds.to_string(), words.to_owned()))
            .map(|(value, words)| (value.clone(), words, value == chosen))
            .collect();
        if is_odd(chosen) {
            all.push((chosen.to_owned(), format!("{chosen} seconds"), true));
        }
        all
    }

    /// Whether something behind *More settings* is filled or wrong.
    pub(super) fn opens_more(&self) -> bool {
        let Typed { starts, addresses, methods, paths, every_days, .. } = &self.typed;
        let filled = [starts, addresses, methods, paths, every_days];
        let wrong = ["starts", "addresses", "methods", "paths", "every-days", "overlap"];
        filled.into_iter().any(|text| !text.trim().is_empty())
            || wrong.into_iter().any(|field| self.faults.of(field).is_some())
    }
}

#[derive(Template)]
#[template(path = "console/keys/new.html")]
struct New {
    shell: Shell,
    list: KeysView,
    choosing: Option<Choosing>,
    filled: Option<Filled>,
    /// The key that is copied.
    copied: Option<KeyId>,
    action: String,
    title: &'static str,
    opened: Opened,
}

impl New {
    fn is_setup(&self) -> bool {
        self.opened == Opened::Setup
    }

    /// Whether what was typed stands here because it could not be done.
    fn was_refused(&self) -> bool {
        self.filled.as_ref().is_some_and(|filled| !filled.faults.is_empty())
    }

    /// The type that the guide is asked for.
    fn guided(&self) -> &str {
        self.filled.as_ref().map_or("openconnect", |filled| filled.fields.of_type.name.as_str())
    }
}

/// `GET /console/keys/new`.
pub(in crate::console) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let mut asked = |name: &str| query.take_text(name).unwrap_or_default();
    let (of_type, tenant, opened) = (asked("type"), asked("tenant"), Opened::of(&asked("from")));
    let of_type = if of_type.is_empty() { opened.own_type() } else { &of_type };
    let (choosing, chosen) = choose(&app, &visitor, opened, (of_type, &tenant)).await?;
    let filled = match chosen {
        Some((scope, of_type)) => {
            let fields = Fields::of_new(&app, &visitor, of_type, scope).await?;
            let typed = Typed::of_new(&fields);
            Some(blank(&app, fields, typed))
        }
        None => None,
    };
    let page = New { opened, ..new_page(&app, &visitor, Some(choosing), filled).await? };
    let status = page.choosing.as_ref().map_or(StatusCode::OK, |choosing| choosing.faults.status());
    Ok(page::show_as(&app, status, &page.shell, &page))
}

/// The form before it was sent.
pub(super) fn blank(app: &App, fields: Fields, typed: Typed) -> Filled {
    Filled { fields, typed, faults: Faults::default(), once: once::fresh(app), version: 0 }
}

async fn new_page(
    app: &App,
    visitor: &Visitor,
    choosing: Option<Choosing>,
    filled: Option<Filled>,
) -> Result<New, Failure> {
    let generates = filled.as_ref().is_some_and(|filled| filled.fields.generates());
    Ok(New {
        shell: Shell::of(app, visitor, Section::Keys, "API keys"),
        list: behind(app, visitor, LIST).await?,
        choosing,
        filled,
        copied: None,
        action: "/console/keys".to_owned(),
        title: if generates { "Generate new key" } else { "New API key" },
        opened: Opened::Plain,
    })
}

/// The form of a copy.
pub(super) async fn show_copy(
    app: &App,
    visitor: &Visitor,
    id: KeyId,
    filled: Filled,
    status: StatusCode,
) -> Result<Response<Body>, Failure> {
    let page = New {
        copied: Some(id),
        action: format!("/console/keys/{id}/copy"),
        title: "Make a copy of an API key",
        ..new_page(app, visitor, None, Some(filled)).await?
    };
    Ok(page::show_as(app, status, &page.shell, &page))
}

/// `POST /console/keys`.
pub(in crate::console) async fn create(
    State(app): State<App>,
    visitor: Visiting,
    mut form: Form,
) -> Result<Response<Body>, Failure> {
    let typed = Typed::of_form(&form);
    let (opened, asked) = (Opened::of(form.text("from")), (form.text("type"), form.text("tenant")));
    let (choosing, chosen) = choose(&app, &visitor, opened, asked).await?;
    let Some((scope, of_type)) = chosen else {
        let page = New { opened, ..new_page(&app, &visitor, Some(choosing), None).await? };
        return Ok(page::show_as(&app, StatusCode::UNPROCESSABLE_ENTITY, &page.shell, &page));
    };
    let fields = Fields::of_new(&app, &visitor, of_type.clone(), scope).await?;
    let fields = fields.with_owner(&app, &visitor, &typed.owner).await?;
    let faults = match typed.read(&fields, None, visitor.now) {
        Err(faults) => faults,
        Ok(values) => {
            let wanted = wanted((scope, of_type), values, form.take("secret"));
            let (service, caller) = (app.service().clone(), visitor.caller.clone());
            let work = async move { service.create_key(&caller, wanted).await };
            match once::once(&app, &visitor, "console_create_key", &form, work).await? {
                Once::Done(made) => {
                    let done = "/console/keys?done=key-created";
                    let heading = "API key created";
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
    let page = New { opened, ..new_page(&app, &visitor, Some(choosing), Some(filled)).await? };
    Ok(page::show_as(&app, StatusCode::UNPROCESSABLE_ENTITY, &page.shell, &page))
}

/// The key that the form wants.
pub(super) fn wanted(
    (scope, of_type): Chosen,
    values: Values,
    secret: Option<Secret>,
) -> CreateKey {
    CreateKey {
        key_type: of_type.name,
        scope,
        name: values.name,
        description: values.description,
        permissions: values.permissions,
        enabled: values.enabled,
        starts_at: values.starts_at,
        expires_at: values.expires_at,
        revoked_at: None,
        limit: values.limit,
        rotation: values.rotation,
        allow_list: values.allow_list,
        owner: values.owner,
        secret,
    }
}
