//! Pages of events: newest first, filtered, behind a place.
//!
//! Names of actors stand in the events' texts alone, and a database folds letters in its own way (`SQLite`
//! those of ASCII, `PostgreSQL` by its locale). So names are compared here, and of at most 32,000 events:
//! such a page may be short, with a place to go on from. A name that is not there must not hold a reader
//! for as long as reading the log takes.

use super::{StoredEvent, event};
use crate::{Error, tx::Read, value::Value};
use domain::{id::Scope, person::fold_username, time::Timestamp};
use serde::Deserialize;

/// Which events a list shows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AuditFilter {
    /// One chain; `None`: all.
    pub scope: Option<Scope>,
    /// `key.create`, …
    pub action: Option<String>,
    /// An actor, as `ActorKind` prints it: `person:…`, `client:…`, `key_…`, `system`, `anonymous`.
    pub actor: Option<String>,
    /// An actor's whole name, capitals or not.
    pub actor_name: Option<String>,
    /// A subject's kind.
    pub subject_kind: Option<String>,
    /// A subject's id.
    pub subject_id: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
    /// Behind this place (the list runs from the newest to the oldest), as [`Found::next`] has it.
    pub after: Option<i64>,
}

/// Part of the log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// What was found; may be fewer than asked for although there is more.
    pub events: Vec<StoredEvent>,
    /// The place where the list goes on: of one chain a `position`, of all of them a `seq`. `None`: this was
    /// the end.
    pub next: Option<i64>,
}

/// Where names are looked for: so many events at a time, so many times.
const BATCHES: (u32, u32) = (2_000, 16);

#[derive(Deserialize)]
struct Text {
    actor: Who,
}

#[derive(Deserialize)]
struct Who {
    name: String,
}

/// At most `limit` events that match, newest first.
///
/// # Errors
/// The database fails.
pub fn list(r: &mut Read, filter: &AuditFilter, limit: u32) -> Result<Found, Error> {
    list_in(r, filter, limit, BATCHES)
}

pub(crate) fn list_in(
    r: &mut Read,
    filter: &AuditFilter,
    limit: u32,
    batches: (u32, u32),
) -> Result<Found, Error> {
    let name = filter.actor_name.as_deref().map(fold_username);
    // One more than wanted tells whether there is a next page.
    let (batch, times) = if name.is_some() { batches } else { (limit.saturating_add(1), 1) };
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut found: Vec<StoredEvent> = Vec::new();
    let mut after = filter.after;
    for _ in 0..times {
        let read = part(r, filter, after, batch)?;
        let is_last = read.len() < usize::try_from(batch).unwrap_or(usize::MAX);
        after = read.last().map(|event| filter.place(event)).or(after);
        found.extend(read.into_iter().filter(|e| name.as_deref().is_none_or(|n| is_by(e, n))));
        if found.len() > wanted {
            found.truncate(wanted);
            let next = found.last().map(|event| filter.place(event)).or(filter.after);
            return Ok(Found { events: found, next });
        }
        if is_last {
            return Ok(Found { events: found, next: None });
        }
    }
    Ok(Found { events: found, next: after })
}

/// Whether the actor of this event has this name. A text that is no event is the business of the check.
fn is_by(event: &StoredEvent, folded: &str) -> bool {
    serde_json::from_str::<Text>(&event.text).is_ok_and(|t| fold_username(&t.actor.name) == folded)
}

impl AuditFilter {
    /// The column that counts the events of the list.
    const fn place_column(&self) -> &'static str {
        if self.scope.is_some() { "position" } else { "seq" }
    }

    const fn place(&self, event: &StoredEvent) -> i64 {
        if self.scope.is_some() { event.position } else { event.seq }
    }

    /// Within a chain both orders are one; each has its index: the events of one thing by `seq`.
    const fn order_column(&self) -> &'static str {
        if self.subject_id.is_some() { "seq" } else { self.place_column() }
    }
}

/// The next `limit` events that match but for the name.
fn part(
    r: &mut Read,
    filter: &AuditFilter,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<StoredEvent>, Error> {
    let mut args: Vec<Value> = Vec::new();
    let mut wanted: Vec<String> = Vec::new();
    let mut want = |condition: &str, value: Option<Value>| {
        if let Some(value) = value {
            args.push(value);
            wanted.push(format!("{condition} ${}", args.len()));
        }
    };
    want("scope =", filter.scope.map(Into::into));
    want("action =", filter.action.as_deref().map(Into::into));
    want("actor =", filter.actor.as_deref().map(Into::into));
    want("subject_kind =", filter.subject_kind.as_deref().map(Into::into));
    want("subject_id =", filter.subject_id.as_deref().map(Into::into));
    want("at >=", filter.from.map(Into::into));
    want("at <", filter.to.map(Into::into));
    want(&format!("{} <", filter.place_column()), after.map(Into::into));
    args.push(limit.into());
    let condition =
        if wanted.is_empty() { String::new() } else { format!("WHERE {}", wanted.join(" AND ")) };
    let sql = format!(
        "SELECT seq, scope, position, event, link FROM audit_events {condition}
         ORDER BY {} DESC LIMIT ${}",
        filter.order_column(),
        args.len()
    );
    r.query_dynamic(&sql, &args)?.iter().map(event).collect()
}
