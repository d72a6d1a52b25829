//! The audit chain: one a tenant and one for the cluster, written in the transaction of the change.
//!
//! `link = HMAC-SHA-256(audit key, previous link ‖ event's text)`; what stands before the first
//! event is 32 zero bytes. The head is read and written last, so that a failed operation leaves no
//! gap and a hot tenant's head is locked for the shortest time. Chaining after the commit was
//! rejected: it leaves a tail that nothing protects.

use crate::{Error, event_text, tx::Read, value::Value};
use domain::{audit::AuditEvent, id::Scope};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::collections::BTreeMap;

/// The number of the audit key; it counts when one day there is a second.
pub(crate) const KEY_GENERATION: i64 = 1;

/// The key of every link, made ready once.
#[derive(Clone)]
pub(crate) struct AuditKey(Hmac<Sha256>);

/// Position and link of a chain's last event.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) position: i64,
    pub(crate) link: [u8; 32],
}

impl Head {
    /// Before the first event.
    pub(crate) const START: Self = Self { position: 0, link: [0; 32] };
}

impl AuditKey {
    pub(crate) fn new(key: &[u8; 32]) -> Result<Self, Error> {
        Hmac::new_from_slice(key)
            .map(Self)
            .map_err(|_| Error::unavailable("the audit key has a wrong length"))
    }

    pub(crate) fn link(&self, previous: &[u8; 32], text: &str) -> [u8; 32] {
        let mut mac = self.0.clone();
        mac.update(previous);
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

const FIND_HEAD: &str = "SELECT position, link FROM audit_heads WHERE scope = $1 FOR UPDATE";
/// A chain's first event. Two first events at once: the second waits here for the first.
const START_HEAD: &str = "INSERT INTO audit_heads (scope, position, link) VALUES ($1, $2, $3)
    ON CONFLICT (scope) DO NOTHING";
const MOVE_HEAD: &str = "UPDATE audit_heads SET position = $2, link = $3 WHERE scope = $1";
const INSERT_EVENT: &str = "INSERT INTO audit_events
    (scope, position, key_generation, link, event, at, action, actor, subject_kind, subject_id)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

/// Appends the events to their chains. Heads are locked in the order of their scopes, so that two
/// transactions cannot wait for each other.
pub(crate) fn append(r: &mut Read, events: &[AuditEvent]) -> Result<(), Error> {
    if events.is_empty() {
        return Ok(());
    }
    let key = key(r)?;
    let mut chains: BTreeMap<Scope, Vec<&AuditEvent>> = BTreeMap::new();
    for event in events {
        chains.entry(event.scope).or_default().push(event);
    }
    let mut statements: Vec<(&str, Vec<Value>)> = Vec::with_capacity(events.len() + chains.len());
    r.driver.audit_begins();
    for (scope, events) in chains {
        let mut head = lock_head(r, scope)?;
        for event in events {
            let text = event_text::write(event)?;
            head = Head { position: head.position + 1, link: key.link(&head.link, &text) };
            statements.push((INSERT_EVENT, row(event, &head, text)));
        }
        statements.push((MOVE_HEAD, vec![scope.into(), head.position.into(), head.link.into()]));
    }
    r.driver.execute_all(&statements)
}

/// The key of the links.
pub(crate) fn key(r: &Read) -> Result<AuditKey, Error> {
    match r.live.get() {
        Some(live) => Ok(live.audit_key.clone()),
        None => Err(Error::unavailable("the audit key is not at hand yet")),
    }
}

/// Holds a chain as it is until the end of the write.
pub(crate) fn lock(r: &mut Read, scope: Scope) -> Result<(), Error> {
    find_head(r, scope).map(|_| ())
}

fn lock_head(r: &mut Read, scope: Scope) -> Result<Head, Error> {
    if let Some(head) = find_head(r, scope)? {
        return Ok(head);
    }
    let start = Head::START;
    r.driver.execute(START_HEAD, &[scope.into(), start.position.into(), start.link.into()])?;
    find_head(r, scope)?.ok_or_else(|| Error::corrupt("an audit chain has no head"))
}

fn find_head(r: &mut Read, scope: Scope) -> Result<Option<Head>, Error> {
    let row = r.query_one(FIND_HEAD, &[scope.into()])?;
    row.map(|row| Ok(Head { position: row.int(0)?, link: row.bytes(1)? })).transpose()
}

fn row(event: &AuditEvent, head: &Head, text: String) -> Vec<Value> {
    vec![
        event.scope.into(),
        head.position.into(),
        KEY_GENERATION.into(),
        head.link.into(),
        text.into(),
        event.origin.at.into(),
        event.action.into(),
        event.origin.actor.kind.to_string().into(),
        event.subject.0.into(),
        event.subject.1.as_str().into(),
    ]
}
