//! `/console/setup`: how a key of each type is presented, where, and a call to try it. What is pasted for the
//! call is sent by POST, taken for a secret, and stands on no page afterwards.

mod call;
mod endpoints;

use self::{
    call::{Called, Given, TestCall},
    endpoints::Endpoint,
};
use super::{
    Form, Section, Shell, Visiting,
    keys::{
        choose::{every_type, in_link},
        names,
    },
    page,
    when::When,
};
use crate::{answer::Body, app::App, extract::Query, failure::Failure};
use askama::Template;
use axum::extract::State;
use domain::{
    id::{KeyId, Scope},
    key::Key,
    key_type::{KeyType, PERSONAL_TYPE, Place},
    right::{Deed, Family, Right},
};
use http::{Response, StatusCode};
use service::{
    Error,
    keys::{ALL_TYPES, KeyRef},
    tenants::OPENCONNECT_TYPE,
};
use std::collections::BTreeSet;

#[derive(Template)]
#[template(path = "console/setup.html")]
struct Setup {
    shell: Shell,
    /// The types to choose from: name, and what it is called.
    types: Vec<(String, String)>,
    /// The one that was chosen; `None`: there is none that the visitor may use.
    chosen: Option<Chosen>,
    guided: Option<Guided>,
    given: Given,
    called: Option<Called>,
}

/// The key that the guide is for.
struct Guided {
    key: Key,
    /// When its current secret was last used; `None`: its first request is awaited.
    last_used: Option<When>,
}

/// One type, and how its keys are used.
struct Chosen {
    name: String,
    label: String,
    about: Option<String>,
    /// Where a key is presented, as a line of a request shows it, and what that is.
    places: Vec<(String, &'static str)>,
    endpoints: Vec<Endpoint>,
    /// Whether the parameters of an event are asked for.
    is_openconnect: bool,
    /// Where one is made, by whoever may.
    add_at: Option<String>,
    /// What the link there says.
    add: String,
}

/// `GET`.
pub(super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let asked = query.take_text("type");
    let key = find(&app, &visitor, query.take_text("key").as_deref()).await?;
    let origins = key.iter().flat_map(|of| &of.key.allow_list.origins);
    let origin = origins.map(ToString::to_string).next().unwrap_or_default();
    let given = Given { origin: origin.replace("://*.", "://www."), ..Given::usual() };
    render(&app, &visitor, (asked, key), given, None)
}

/// `POST`: the test call.
pub(super) async fn call(
    State(app): State<App>,
    visitor: Visiting,
    mut form: Form,
) -> Result<Response<Body>, Failure> {
    let key = find(&app, &visitor, form.filled("key").as_deref()).await?;
    let asked = form.filled("type");
    let (secret, given) = (form.take("secret"), Given::of(&form));
    let types = offered(&app, &visitor)?;
    let of_type = types.iter().find(|of_type| Some(&of_type.name) == asked.as_ref());
    let of_type = of_type.ok_or(Error::NotFound)?;
    let endpoints = endpoints::of(&app, &visitor, of_type);
    let wanted = endpoints.iter().find(|endpoint| endpoint.id == given.endpoint);
    let endpoint = wanted.or_else(|| endpoints.first()).ok_or(Error::NotFound)?;
    let called = TestCall { app: &app, visitor: &visitor, endpoint, given: &given };
    let called = called.send(secret).await?;
    render(&app, &visitor, (asked, key), given, Some(called))
}

fn render(
    app: &App,
    visitor: &Visiting,
    (asked, guided): (Option<String>, Option<Guided>),
    given: Given,
    called: Option<Called>,
) -> Result<Response<Body>, Failure> {
    let types = offered(app, visitor)?;
    let by_name = |name: &str| types.iter().find(|of_type| of_type.name == name);
    let chosen = asked
        .as_deref()
        .or_else(|| guided.as_ref().map(|of| of.key.key_type.as_str()))
        .and_then(by_name)
        .or_else(|| by_name(OPENCONNECT_TYPE))
        .or_else(|| types.first());
    let status = match &called {
        Some(Called { fault: Some(_), .. }) => StatusCode::UNPROCESSABLE_ENTITY,
        Some(_) | None => StatusCode::OK,
    };
    let page = Setup {
        shell: Shell::of(app, visitor, Section::Setup, "Setup integration"),
        chosen: chosen.map(|of_type| Chosen::of(app, visitor, of_type)),
        types: types.iter().map(|t| (t.name.clone(), names::of_type(&t.name).to_owned())).collect(),
        guided,
        given,
        called,
    };
    Ok(page::show_as(app, status, &page.shell, &page))
}

/// The types of which the visitor may see or make keys. A name that two tenants gave stands once.
fn offered(app: &App, visitor: &Visiting) -> Result<Vec<KeyType>, Failure> {
    let mut types = every_type(app, visitor)?;
    let mut known = BTreeSet::new();
    types.retain(|of_type| uses(visitor, of_type) && known.insert(of_type.name.clone()));
    Ok(types)
}

fn uses(visitor: &Visiting, of_type: &KeyType) -> bool {
    let own = of_type.name == PERSONAL_TYPE
        && visitor.holds(Right::PersonalKeysUse)
        && visitor.caller.scope() != Scope::Cluster;
    own || [Deed::See, Deed::Create].into_iter().any(|deed| visitor.may(of_type.family, deed))
}

/// The key of this id, if the visitor may see it.
async fn find(app: &App, visitor: &Visiting, id: Option<&str>) -> Result<Option<Guided>, Failure> {
    let Some(id) = id.and_then(|text| KeyId::parse(text).ok()) else { return Ok(None) };
    let (service, caller) = (app.service(), &visitor.caller);
    let key = match service.show_key(caller, KeyRef::Id(id), ALL_TYPES).await {
        Ok(key) => key,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let secrets = service.list_key_secrets(caller, id).await?;
    let used = secrets.into_iter().find(|secret| secret.current).and_then(|s| s.last_used);
    Ok(Some(Guided { key, last_used: When::maybe(used, visitor.now) }))
}

impl Chosen {
    fn of(app: &App, visitor: &Visiting, of_type: &KeyType) -> Self {
        let add_at = match of_type.family {
            Family::Personal if visitor.caller.scope() == Scope::Cluster => None,
            Family::Personal => {
                visitor.holds(Right::PersonalKeysUse).then(|| "/console/settings/psk".to_owned())
            }
            family => visitor.may(family, Deed::Create).then(|| {
                format!("/console/keys/new?type={}&from=setup", in_link(visitor, of_type))
            }),
        };
        let label = names::of_type(&of_type.name).to_owned();
        Self {
            name: of_type.name.clone(),
            add: match of_type.family {
                Family::Personal => "Personal PSK".to_owned(),
                Family::ExperienceCloud => format!("Generate {} {label} key", article(&label)),
                Family::Nexus | Family::Callback | Family::Native => {
                    "Add a key of this type".to_owned()
                }
            },
            label,
            about: of_type.description.clone(),
            places: of_type.presented_in.iter().map(presented).collect(),
            endpoints: endpoints::of(app, visitor, of_type),
            is_openconnect: of_type.tenant.is_none() && of_type.name == OPENCONNECT_TYPE,
            add_at,
        }
    }
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['A', 'E', 'I', 'O', 'U']) { "an" } else { "a" }
}

/// A place as a line of a request shows it.
fn presented(place: &Place) -> (String, &'static str) {
    match place {
        Place::Header(name) => {
            (format!("{}: YOUR-API-KEY", endpoints::field(name)), "a header field of its own")
        }
        Place::Bearer => {
            ("Authorization: Bearer YOUR-API-KEY".to_owned(), "the usual header field")
        }
        Place::Parameter(name) => (
            format!("{name}=YOUR-API-KEY"),
            "a parameter of the query or of a form; addresses end up in logs, so prefer the form",
        ),
    }
}
