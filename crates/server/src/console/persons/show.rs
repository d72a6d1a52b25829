//! `GET /console/persons/{id}`: all that is known of a person, and in the panel what is done to them.

use super::fields::Fields;
use crate::{
    answer::Body,
    app::App,
    console::{
        Faults, Section, Shell, Visiting, Visitor, page,
        places::Names,
        roles::{about, offered},
        status::{self, Chip},
        when::When,
    },
    extract::Path,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{actor::PrincipalId, id::PersonId, key::Key, person::Person, right::Right};
use http::{Response, StatusCode};

/// What stands in the panel.
pub(super) enum Panel {
    None,
    Edit(Fields, Faults),
    Password(bool, Faults),
    Disable(Faults),
    Delete(Faults),
}

impl Panel {
    /// What the page answers with.
    fn status(&self) -> StatusCode {
        match self {
            Self::None => StatusCode::OK,
            Self::Edit(_, faults)
            | Self::Password(_, faults)
            | Self::Disable(faults)
            | Self::Delete(faults) => faults.status(),
        }
    }
}

struct Held {
    name: String,
    words: String,
    /// Where the role's page is; `None`: there is no such role any more.
    href: Option<String>,
    /// Whether an issuer's claims gave it.
    mapped: bool,
}

struct Browser {
    id: String,
    agent: String,
    address: String,
    last_seen: When,
    since: When,
    ends: When,
    /// Whether this page is open there.
    is_this: bool,
}

struct OwnKey {
    key: Key,
    chip: Chip,
    created: When,
}

#[derive(Template)]
#[template(path = "console/persons/show.html")]
struct Page {
    shell: Shell,
    person: Person,
    place: String,
    chips: Vec<Chip>,
    locked: Option<When>,
    created: When,
    roles: Vec<Held>,
    sessions: Vec<Browser>,
    keys: Vec<OwnKey>,
    /// Whether the visitor may change them: holds all that they hold.
    may_change: bool,
    /// Whether the visitor is this person.
    is_self: bool,
    reads_audit: bool,
    panel: Panel,
}

pub(in super::super) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    render(&app, &visitor, super::id(&id)?, Panel::None).await
}

/// The page of a person, with something in the panel.
pub(super) async fn render(
    app: &App,
    visitor: &Visitor,
    id: PersonId,
    panel: Panel,
) -> Result<Response<Body>, Failure> {
    let (service, caller, now) = (app.service(), &visitor.caller, visitor.now);
    let person = service.show_person(caller, id).await?;
    let locked = service.list_person_locks(caller, std::slice::from_ref(&person)).await?;
    let locked = locked.into_iter().next().flatten();
    let roles = offered::all(app, visitor, person.scope).await?;
    let sessions = service.list_sessions(caller, id).await?;
    let keys = service.list_personal_keys(caller, id).await?;
    let may = service.may_change_persons(caller, std::slice::from_ref(&person)).await?;
    let page = Page {
        shell: Shell::of(app, visitor, Section::Persons, person.username.clone()),
        place: Names::of(app, visitor, [person.scope]).await?.name(person.scope),
        chips: super::chips(&person, locked, now),
        locked: When::maybe(locked, now),
        created: When::of(person.created_at, now),
        roles: held(&person, &roles),
        sessions: sessions.into_iter().map(|session| browser(session, visitor)).collect(),
        keys: keys.into_iter().map(|key| own_key(key, visitor)).collect(),
        may_change: may.first().copied().unwrap_or_default(),
        is_self: caller.principal.id == PrincipalId::Person(id),
        reads_audit: visitor.holds(Right::AuditRead),
        person,
        panel,
    };
    Ok(page::show_as(app, page.panel.status(), &page.shell, &page))
}

fn held(person: &Person, roles: &[domain::right::Role]) -> Vec<Held> {
    let of = |name: String| {
        let role = roles.iter().find(|role| role.name == name);
        Held {
            words: role.map(about::in_words).unwrap_or_default(),
            href: role.map(|_| format!("/console/roles/{name}?tenant={}", person.scope)),
            mapped: !person.roles.contains(&name),
            name,
        }
    };
    person.all_roles().into_iter().map(of).collect()
}

fn browser(session: domain::session::Session, visitor: &Visitor) -> Browser {
    let when = |at| When::of(at, visitor.now);
    Browser {
        is_this: session.id == visitor.session.id,
        id: session.id.to_string(),
        agent: session.agent.unwrap_or_else(|| "A browser that says nothing of itself".to_owned()),
        address: session.address.unwrap_or_default(),
        last_seen: when(session.last_seen_at),
        since: when(session.authenticated_at),
        ends: when(session.expires_at),
    }
}

fn own_key(key: Key, visitor: &Visitor) -> OwnKey {
    OwnKey {
        chip: status::of(&key, false, visitor.now),
        created: When::of(key.created_at, visitor.now),
        key,
    }
}
