//! Lists audit events, newest first.

use crate::{
    Service,
    caller::Caller,
    cursor::{ListId, filter_digest},
    error::Error,
};
use domain::{
    actor::PrincipalId,
    id::{KeyId, Scope},
    right::{Right, Rights},
    time::Timestamp,
};
use store::{Read, audit::AuditFilter};

/// The longest page.
pub const MAX_PAGE: u32 = 200;
const ROUTE: &str = "list_audit";

/// Which events.
#[derive(Clone, Debug, Default)]
pub struct ListAudit {
    /// The chain; `None`: all that the caller reaches.
    pub scope: Option<Scope>,
    /// `key.create`, …
    pub action: Option<String>,
    /// Who: `person:<id>`, `client:<id>`, a key's id, `system`, `anonymous`; anything else is a name.
    pub actor: Option<String>,
    /// To what: an id, or kind and id as `key:<id>`.
    pub subject: Option<String>,
    /// Not before.
    pub from: Option<Timestamp>,
    /// Before.
    pub to: Option<Timestamp>,
    /// How many at most; `None`: [`MAX_PAGE`].
    pub limit: Option<u32>,
    /// Where an earlier page ended.
    pub cursor: Option<String>,
}

/// An event as its chain holds it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditEntry {
    /// The chain.
    pub scope: Scope,
    /// The place in its chain, from 1, without gaps.
    pub position: i64,
    /// Canonical JSON: exactly what the link covers.
    pub text: String,
    /// HMAC over the link before it and the text.
    pub link: [u8; 32],
}

/// A part of the log.
#[derive(Debug)]
pub struct AuditPage {
    /// The events, newest first; may be fewer than asked for, even none, although there is more.
    pub events: Vec<AuditEntry>,
    /// Where the list goes on; `None`: this was the end.
    pub next: Option<String>,
}

impl Service {
    /// Lists audit events: a tenant's caller sees its own chain, the cluster all of them or one. A name is
    /// looked for among so many events a page (`store::audit::list`).
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without `Audit.canRead`, [`Error::NotFound`] for a chain out of reach,
    /// [`Error::Invalid`] for a limit out of range or a cursor of another list.
    pub async fn list_audit(&self, caller: &Caller, list: ListAudit) -> Result<AuditPage, Error> {
        let needed: Rights = [Right::AuditRead].into_iter().collect();
        caller.require_rights(needed)?;
        let scope = self.listed_scope(caller, list.scope)?;
        let limit = list.limit.unwrap_or(MAX_PAGE);
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(Error::invalid("limit", format!("must be 1 to {MAX_PAGE}")));
        }
        let id = ListId { route: ROUTE, scope, filter: list.digest() };
        let after = match &list.cursor {
            Some(text) => Some(i64::from_be_bytes(self.read_cursor(&id, text)?)),
            None => None,
        };
        let filter = list.into_filter(scope);
        // Of all chains the number that counts them together; of one the place in it: the other number
        // would tell a tenant how busy the others are (EN-05).
        let found = self
            .store
            .read(move |r: &mut Read| {
                store::audit::list(r, &AuditFilter { after, ..filter }, limit)
            })
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let next = found.next.map(|at| self.sign_cursor(&id, &at.to_be_bytes()));
        let events = found
            .events
            .into_iter()
            .map(|e| AuditEntry {
                scope: e.scope,
                position: e.position,
                text: e.text,
                link: e.link,
            })
            .collect();
        Ok(AuditPage { events, next })
    }
}

impl ListAudit {
    fn digest(&self) -> [u8; 32] {
        let text = |t: &Option<String>| t.as_deref().map_or_else(String::new, |t| format!("={t}"));
        let instant = |t: Option<Timestamp>| t.map_or_else(String::new, |t| t.to_string());
        filter_digest(&[
            &text(&self.action),
            &text(&self.actor),
            &text(&self.subject),
            &instant(self.from),
            &instant(self.to),
        ])
    }

    fn into_filter(self, scope: Option<Scope>) -> AuditFilter {
        let (subject_kind, subject_id) = match self.subject {
            Some(subject) => match subject.split_once(':') {
                Some((kind, id)) => (Some(kind.to_owned()), Some(id.to_owned())),
                // The index begins with the kind.
                None if KeyId::parse(&subject).is_ok() => (Some("key".to_owned()), Some(subject)),
                None => (None, Some(subject)),
            },
            None => (None, None),
        };
        let (actor, actor_name) = match self.actor {
            Some(text) if is_actor(&text) => (Some(text), None),
            name => (None, name),
        };
        AuditFilter {
            scope,
            action: self.action,
            actor,
            actor_name,
            subject_kind,
            subject_id,
            from: self.from,
            to: self.to,
            after: None,
        }
    }
}

/// Whether this is an actor as the log writes it, and no name.
fn is_actor(text: &str) -> bool {
    matches!(text, "system" | "anonymous")
        || PrincipalId::parse(text).is_ok()
        || KeyId::parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn an_actor_is_what_the_log_writes_or_a_name() {
        let filter = |actor: &str| {
            ListAudit { actor: Some(actor.to_owned()), ..ListAudit::default() }.into_filter(None)
        };
        let id = "person:1b080433-352d-46de-97e8-3fb8ef975940";
        assert_eq!(filter(id).actor.as_deref(), Some(id));
        assert_eq!(filter("system").actor_name, None);
        assert_eq!(filter("vera").actor_name.as_deref(), Some("vera"));
        assert_eq!(filter("person:vera").actor_name.as_deref(), Some("person:vera"));
        assert_eq!(filter("vera").actor, None);
    }

    #[test]
    fn a_subject_is_an_id_or_a_kind_and_an_id() {
        let filter = |subject: &str| {
            ListAudit { subject: Some(subject.to_owned()), ..ListAudit::default() }
                .into_filter(None)
        };
        assert_eq!(filter("key_1").subject_id.as_deref(), Some("key_1"));
        assert_eq!(filter("key_1").subject_kind, None);
        assert_eq!(filter("key_0H7mQXr2vLk9TzB4cWfYpN").subject_kind.as_deref(), Some("key"));
        assert_eq!(filter("person:7").subject_kind.as_deref(), Some("person"));
        assert_eq!(filter("person:7").subject_id.as_deref(), Some("7"));
    }
}
