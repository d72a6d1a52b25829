//! What the audit log says: one event for every change and every reveal.

use crate::{actor::Actor, id::Scope, time::Timestamp};
use std::net::IpAddr;

/// A value in `before` and `after`. Never a secret.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fact {
    /// Not set.
    Null,
    /// A switch.
    Bool(bool),
    /// A number.
    Int(i64),
    /// A text.
    Text(String),
    /// Several texts.
    List(Vec<String>),
}

/// Named values in a fixed order.
pub type Facts = Vec<(&'static str, Fact)>;

/// Where a request came from, as far as the audit log keeps it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    /// Who acted.
    pub actor: Actor,
    /// The client's address, if there was one.
    pub address: Option<IpAddr>,
    /// The request's id, as the log line and the answer's header carry it.
    pub request_id: String,
    /// When the request was decided.
    pub at: Timestamp,
}

/// One audit event. `action` is `<thing>.<verb>`, the operation's name with a dot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditEvent {
    /// `key.create`, `person.sign_in_failed`, …
    pub action: &'static str,
    /// The chain it belongs to: a tenant's, or the cluster's.
    pub scope: Scope,
    /// Who, when, from where.
    pub origin: Origin,
    /// What it was done to: a kind (`key`, `person`, …) and an id that may be shown.
    pub subject: (&'static str, String),
    /// The subject's values before the change; empty for a creation.
    pub before: Facts,
    /// The subject's values after it; empty for a deletion.
    pub after: Facts,
    /// What else belongs to it: counts, grants, warnings.
    pub detail: Facts,
}

impl AuditEvent {
    /// An event with nothing before, after or besides.
    #[must_use]
    pub const fn new(
        action: &'static str,
        scope: Scope,
        origin: Origin,
        subject: (&'static str, String),
    ) -> Self {
        Self {
            action,
            scope,
            origin,
            subject,
            before: Vec::new(),
            after: Vec::new(),
            detail: Vec::new(),
        }
    }

    /// Adds the values before.
    #[must_use]
    pub fn before(mut self, facts: Facts) -> Self {
        self.before = facts;
        self
    }

    /// Adds the values after.
    #[must_use]
    pub fn after(mut self, facts: Facts) -> Self {
        self.after = facts;
        self
    }

    /// Adds what else belongs to it.
    #[must_use]
    pub fn detail(mut self, facts: Facts) -> Self {
        self.detail = facts;
        self
    }
}
