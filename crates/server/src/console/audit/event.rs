//! An audit event as a page shows it. The log's text is read here and nowhere else in the console; what it
//! says of things that no longer are may be of any release.

use super::{
    actions,
    value::{Change, Named, changes},
};
use crate::console::{Visitor, clients, places::Names, when::When};
use domain::{
    id::PersonId,
    right::{Deed, Right},
    time::Timestamp,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use service::{Error, audit::AuditEntry};

/// An event.
#[derive(Debug)]
pub(in super::super) struct EventView {
    /// What its instant is known by on the page.
    pub(in super::super) anchor: String,
    pub(in super::super) action: String,
    /// The action in words.
    pub(in super::super) words: String,
    pub(in super::super) when: When,
    pub(in super::super) actor: Who,
    pub(in super::super) subject: Thing,
    /// The settings that it changed, in a line; empty where it changed none.
    pub(in super::super) summary: String,
    pub(in super::super) address: Option<String>,
    pub(in super::super) request_id: String,
    /// The chain in words.
    pub(in super::super) chain: String,
    pub(in super::super) position: i64,
    /// What differs between before and after.
    pub(in super::super) changes: Vec<Change>,
    /// What stands in both, alike.
    pub(in super::super) same: Vec<Named>,
    pub(in super::super) detail: Vec<Named>,
    /// Whether there is something before and something after.
    pub(in super::super) is_change: bool,
}

/// Who acted.
#[derive(Debug)]
pub(in super::super) struct Who {
    pub(in super::super) kind: &'static str,
    pub(in super::super) name: String,
    /// As the filter wants it.
    pub(in super::super) id: String,
    pub(in super::super) href: Option<String>,
}

/// What it was done to.
#[derive(Debug)]
pub(in super::super) struct Thing {
    pub(in super::super) kind: String,
    pub(in super::super) id: String,
    /// What people call it, where the event says so.
    pub(in super::super) name: Option<String>,
    /// What stands in a line about the event: the name, or an id that people know; nothing where the line
    /// says it anyhow.
    pub(in super::super) label: String,
    pub(in super::super) href: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Text {
    action: String,
    at: String,
    actor: TextActor,
    address: Option<String>,
    #[serde(default)]
    request_id: String,
    subject: TextSubject,
    #[serde(default)]
    before: Map<String, Value>,
    #[serde(default)]
    after: Map<String, Value>,
    #[serde(default)]
    detail: Map<String, Value>,
}

#[derive(Deserialize)]
struct TextActor {
    kind: String,
    id: Option<String>,
    name: String,
}

#[derive(Deserialize)]
struct TextSubject {
    kind: String,
    id: String,
}

impl EventView {
    /// The events of a page.
    pub(in super::super) fn all(
        entries: &[AuditEntry],
        visitor: &Visitor,
        names: &Names,
    ) -> Result<Vec<Self>, Error> {
        let numbered = entries.iter().enumerate();
        let one = |(number, entry)| Self::of(entry, number, visitor, names);
        numbered.map(one).collect()
    }

    fn of(
        entry: &AuditEntry,
        number: usize,
        visitor: &Visitor,
        names: &Names,
    ) -> Result<Self, Error> {
        let text: Text =
            serde_json::from_str(&entry.text).map_err(|e| Error::Internal(Box::new(e)))?;
        let at = Timestamp::parse(&text.at).unwrap_or(visitor.now);
        let (changed, same) = changes(&text.before, &text.after);
        let is_change = !text.before.is_empty() && !text.after.is_empty();
        let summary = match is_change {
            true => changed
                .iter()
                .filter(|change| change.name != "Version")
                .map(|change| change.name.clone())
                .collect::<Vec<_>>()
                .join(", "),
            false => String::new(),
        };
        Ok(Self {
            anchor: format!("event-{number}"),
            words: actions::words(&text.action).to_owned(),
            when: When::of(at, visitor.now),
            actor: who(text.actor, visitor),
            subject: thing(&text.action, text.subject, [&text.after, &text.before], visitor),
            action: text.action,
            summary,
            address: text.address,
            request_id: text.request_id,
            chain: names.name(entry.scope),
            position: entry.position,
            changes: changed,
            same,
            detail: text.detail.iter().map(|(name, value)| Named::of(name, value)).collect(),
            is_change,
        })
    }
}

fn who(actor: TextActor, visitor: &Visitor) -> Who {
    let TextActor { kind, id, name } = actor;
    let id = id.unwrap_or_default();
    let (kind, filter, href) = match kind.as_str() {
        "person" => ("person", format!("person:{id}"), person(&id, visitor)),
        "client" => ("client", format!("client:{id}"), client(&name, visitor)),
        "key" => ("key", id.clone(), key(&id, visitor)),
        "system" => ("Keyward itself", "system".to_owned(), None),
        _ => ("nobody known", "anonymous".to_owned(), None),
    };
    Who { kind, name, id: filter, href }
}

fn thing(
    action: &str,
    subject: TextSubject,
    said: [&Map<String, Value>; 2],
    visitor: &Visitor,
) -> Thing {
    let TextSubject { kind, id } = subject;
    let called = |member: &str| {
        let text = said.iter().find_map(|facts| facts.get(member)).and_then(Value::as_str);
        text.map(str::to_owned)
    };
    let name = match kind.as_str() {
        "person" => called("username"),
        "client" => called("clientId"),
        _ => called("name"),
    };
    let gone = action.ends_with(".delete") || action.ends_with(".purge");
    let href = match kind.as_str() {
        _ if gone => None,
        "key" => key(&id, visitor),
        "person" => person(&id, visitor),
        "client" => name.as_deref().and_then(|name| client(name, visitor)),
        "tenant" => visitor.holds(Right::TenantsManage).then(|| format!("/console/tenants/{id}")),
        _ => None,
    };
    let name = name.filter(|name| *name != id);
    let label = match &name {
        Some(name) => name.clone(),
        None if PersonId::parse(&id).is_ok() => String::new(),
        None => id.clone(),
    };
    Thing { kind: actions::kind(&kind).to_owned(), id, name, label, href }
}

fn key(id: &str, visitor: &Visitor) -> Option<String> {
    let shown = id.starts_with("key_") && visitor.may_some(Deed::See);
    shown.then(|| format!("/console/keys/{id}"))
}

fn person(id: &str, visitor: &Visitor) -> Option<String> {
    visitor.holds(Right::PersonsManage).then(|| format!("/console/persons/{id}"))
}

fn client(client_id: &str, visitor: &Visitor) -> Option<String> {
    visitor.holds(Right::ClientsManage).then(|| clients::href(client_id))
}
