//! `GET /console/keys/{id}`: everything that is known of a key but its secret.

use super::{
    end::End,
    head::{Found, Head, Tab, find, is_unacknowledged},
    names, switch,
};
use crate::{
    answer::Body,
    app::App,
    console::{Section, Shell, Visiting, Visitor, page, places::Names, when::When},
    extract::Path,
    failure::Failure,
};
use askama::Template;
use axum::extract::State;
use domain::{
    key::Key,
    key_type::{Place, Reveal},
    right::{Deed, Right},
};
use http::Response;
use service::keys::may_acknowledge;

#[derive(Template)]
#[template(path = "console/keys/show.html")]
struct Page {
    shell: Shell,
    head: Head,
    details: Details,
}

/// A permission: what people call it, and its text.
struct Named {
    name: Option<&'static str>,
    text: String,
}

/// Entries of an allow-list of one kind.
struct Entries {
    label: &'static str,
    entries: Vec<String>,
}

struct Details {
    type_name: String,
    /// Whether a secret can be read again, in words.
    reveal: &'static str,
    tenant: String,
    permissions: Vec<Named>,
    hint: String,
    owner: Option<Owner>,
    limit: Option<String>,
    allow_list: Vec<Entries>,
    starts: Option<When>,
    /// Whether the start is still to come.
    waits: bool,
    expires: Option<When>,
    secret_ends: Option<When>,
    end: Option<End>,
    /// A revocation that is still to come.
    planned: Option<When>,
    reason: Option<String>,
    /// When it was said that the secret is stored.
    acknowledged: Option<When>,
    /// Whether that is said of keys of this type.
    acknowledges: bool,
    /// Whether the visitor is who can say so.
    may_acknowledge: bool,
    rotation: Option<Turns>,
    held: Option<When>,
    created: When,
    created_by: String,
    last_used: Option<When>,
    /// Where a caller presents it.
    presented: Vec<String>,
    may_extend: bool,
}

struct Owner {
    id: String,
    href: Option<String>,
}

/// A schedule of rotation in words.
struct Turns {
    text: String,
    due: When,
}

pub(in crate::console) async fn show(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let found = find(&app, &visitor, switch::id(&id)?).await?;
    let names = Names::of(&app, &visitor, [found.key.scope]).await?;
    let page = Page {
        shell: Shell::of(&app, &visitor, Section::Keys, found.key.name.clone()),
        head: Head::of(&found, Tab::Details, &visitor),
        details: Details::of(found, &names, &visitor),
    };
    Ok(page::show(&app, &page.shell, &page))
}

impl Details {
    fn of(found: Found, names: &Names, visitor: &Visitor) -> Self {
        let Found { key, of_type, last_used, .. } = found;
        let now = visitor.now;
        let when = |at| When::maybe(at, now);
        let unacknowledged = is_unacknowledged(&key, &of_type);
        let permission = |p: &domain::permission::Permission| Named {
            name: names::of_permission(p),
            text: p.as_str().to_owned(),
        };
        Self {
            reveal: match of_type.reveal {
                Reveal::Recoverable => "kept sealed: whoever has the right can read it again",
                Reveal::Once | Reveal::OnceAcknowledged => "shown once, when it is made",
            },
            tenant: names.name(key.scope),
            permissions: key.permissions.iter().map(permission).collect(),
            owner: key.owner.map(|owner| Owner {
                id: owner.to_string(),
                href: visitor
                    .holds(Right::PersonsManage)
                    .then(|| format!("/console/persons/{owner}")),
            }),
            limit: key.limit.map(|l| per(l.capacity(), l.frequency_s())),
            allow_list: entries(&key),
            starts: when(key.starts_at),
            waits: key.starts_at.is_some_and(|start| start > now),
            expires: when(key.expires_at),
            secret_ends: when(key.secret_ends_at),
            end: End::of(&key, now),
            planned: when(key.revoked_at.filter(|at| *at > now)),
            acknowledged: when(key.acknowledged_at),
            acknowledges: of_type.reveal != Reveal::Recoverable,
            may_acknowledge: unacknowledged && may_acknowledge(&visitor.caller, &key, &of_type),
            rotation: key.rotation.map(|rotation| Turns {
                text: turns(rotation.every_days, rotation.overlap_s),
                due: When::of(rotation.due_at, now),
            }),
            held: when(key.held_at),
            created: When::of(key.created_at, now),
            presented: of_type.presented_in.iter().map(presented).collect(),
            may_extend: of_type.settings.expiry && visitor.may(of_type.family, Deed::Update),
            type_name: key.key_type,
            hint: key.hint,
            reason: key.revoke_reason,
            created_by: key.created_by,
            last_used,
        }
    }
}

fn entries(key: &Key) -> Vec<Entries> {
    let list = &key.allow_list;
    let texts = |label, entries: Vec<String>| Entries { label, entries };
    let all = [
        texts("Origins", list.origins.iter().map(ToString::to_string).collect()),
        texts("Addresses", list.addresses.iter().map(ToString::to_string).collect()),
        texts("Methods", list.methods.clone()),
        texts("Paths", list.paths.clone()),
    ];
    all.into_iter().filter(|of| !of.entries.is_empty()).collect()
}

/// `120 requests per 60 s`.
fn per(capacity: u32, frequency_s: u32) -> String {
    let requests = if capacity == 1 { "request" } else { "requests" };
    format!("{capacity} {requests} per {frequency_s} s")
}

fn turns(every_days: u16, overlap_s: u32) -> String {
    let every =
        if every_days == 1 { "every day".to_owned() } else { format!("every {every_days} days") };
    match overlap_s {
        0 => format!("{every}, the old secret ends at once"),
        overlap => {
            format!("{every}, the old secret works on for {}", super::secrets::span(overlap))
        }
    }
}

fn presented(place: &Place) -> String {
    match place {
        Place::Header(name) => format!("{name}: <the key>"),
        Place::Bearer => "Authorization: Bearer <the key>".to_owned(),
        Place::Parameter(name) => format!("parameter {name}=<the key>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_and_schedules_read_as_people_say_them() {
        assert_eq!(per(120, 60), "120 requests per 60 s");
        assert_eq!(per(1, 5), "1 request per 5 s");
        assert_eq!(turns(30, 86_400), "every 30 days, the old secret works on for 1 day");
        assert_eq!(turns(1, 0), "every day, the old secret ends at once");
    }
}
