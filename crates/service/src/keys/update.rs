//! Changes a key's settings, switches it, revokes it. What is not named stays as it is.

use super::{
    KeyRef, allowed, require_allow_list, require_no_escalation,
    schedule::{check_running_overlap, rescheduled},
    tenant_of,
};
use crate::{Service, caller::Caller, error::Error, key_policies::govern::govern_change};
use domain::{
    allow_list::AllowList,
    audit::{AuditEvent, Fact, Origin},
    key::{Key, Schedule},
    key_policy::MAX_DAYS,
    key_type::KeyType,
    permission::Permission,
    rate_limit::{BadLimit, Limit},
    right::Deed,
    time::Timestamp,
};
use std::sync::Arc;
use store::Tx;

const DAY_S: i64 = 86_400;

/// What shall change; `None` leaves a value as it is, an inner `None` takes it away.
#[derive(Clone, Debug, Default)]
pub struct UpdateKey {
    /// The name shown.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<Option<String>>,
    /// The switch.
    pub enabled: Option<bool>,
    /// Whether it serves again, if it was held back because nobody used it.
    pub release: bool,
    /// Not valid before.
    pub starts_at: Option<Option<Timestamp>>,
    /// Not valid from then on; an expired key may be given more time.
    pub expires_at: Option<Option<Timestamp>>,
    /// So many days more than the key has, or from now on where it has ended.
    pub extend_days: Option<u32>,
    /// Revoked from then on; may be moved or taken back until that instant has passed.
    pub revoked_at: Option<Option<Timestamp>>,
    /// Revoked from now on; nothing happens to a key that is revoked already.
    pub revoke_now: bool,
    /// Why.
    pub revoke_reason: Option<String>,
    /// Its limit.
    pub limit: Option<LimitChange>,
    /// How often it is rotated.
    pub rotation: Option<Option<Schedule>>,
    /// From where, and for what, it is accepted.
    pub allow_list: Option<AllowList>,
    /// What it may do, where the type lets that change.
    pub permissions: Option<Vec<Permission>>,
    /// Only if the key is still this version.
    pub if_version: Option<u32>,
    /// What the audit log calls it, where it is an operation with a name of its own.
    pub action: Option<&'static str>,
}

/// A change of a key's limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LimitChange {
    /// No limit any more.
    Remove,
    /// These numbers; what is not named stays.
    Set {
        /// Units per interval.
        capacity: Option<u32>,
        /// The interval in seconds.
        frequency_s: Option<u32>,
    },
}

/// Why the transaction changed nothing.
enum Stopped {
    Unchanged(Box<Key>),
    Failed(Error),
}

impl From<store::Error> for Stopped {
    fn from(error: store::Error) -> Self {
        match error {
            // The row was locked when it was read; this is the net below that.
            store::Error::Conflict("version") => Self::Failed(Error::PreconditionFailed),
            other => Self::Failed(other.into()),
        }
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Service {
    /// Changes the key that `reference` names and returns it as it is then. `agree` may compare what
    /// can never change with what the wire said of it, before anything else is judged.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the right to update, [`Error::NotFound`], [`Error::Invalid`] for
    /// a value that cannot be, [`Error::Conflict`] where the key's type or its revocation stands
    /// against it, [`Error::TooManyKeys`] for an expired one that there is no room for any more,
    /// [`Error::PreconditionFailed`] when it was changed meanwhile.
    pub async fn update_key(
        &self,
        caller: &Caller,
        reference: KeyRef<'_>,
        key_types: &[&str],
        update: UpdateKey,
        agree: impl FnOnce(&Key) -> Result<(), Error>,
    ) -> Result<Key, Error> {
        self.require_deed(caller, key_types, Deed::Update)?;
        let found = self.find_reachable(caller, &reference, key_types, Deed::Update).await?;
        agree(&found)?;
        require_no_escalation(caller, &found.permissions)?;
        if let Some(permissions) = &update.permissions {
            require_no_escalation(caller, permissions)?;
        }
        let change = Arc::new(Change {
            of_type: self.type_of(&found)?,
            nodes: self.settings.nodes,
            update,
            origin: caller.origin(self.now().wall),
        });
        let service = self.clone();
        let id = found.id;
        let ends = change.update.revoke_now || change.update.enabled == Some(false);
        let write = move |tx: &mut Tx| {
            let before = store::keys::find_for_update(tx, None, id)?.ok_or(Error::NotFound)?;
            let change = change.at(service.now().wall);
            let after = change.apply(&before)?;
            check_running_overlap(tx, &before, &after, change.origin.at)?;
            if after == before {
                return Err(Stopped::Unchanged(Box::new(before)));
            }
            // A key that was open before the tenant wanted otherwise may still change in other ways.
            if after.allow_list != before.allow_list {
                let tenant = tenant_of(tx, after.scope)?.flatten();
                require_allow_list(&change.of_type, &after, tenant.as_ref())?;
            }
            let at = change.origin.at;
            govern_change(tx, &change.of_type, (&before, &after), at)?;
            let after = Key { version: before.version.saturating_add(1), ..after };
            store::keys::update(tx, &after, at)?;
            let switched_on = after.enabled && !before.enabled;
            if switched_on || (before.held_at.is_some() && after.held_at.is_none()) {
                store::key_policies::set_unused_since(tx, id, at)?;
            }
            Ok(tx.commit(change.event(&before, &after), after)?)
        };
        // Whatever ends a key's service goes before the other writes.
        let written =
            if ends { self.store.write_urgent(write).await } else { self.store.write(write).await };
        match written {
            Ok(key) => Ok(key),
            Err(Stopped::Unchanged(key)) => Ok(*key),
            Err(Stopped::Failed(error)) => Err(error),
        }
    }
}

/// An update with all that judging it needs; the transaction may run it more than once.
#[derive(Clone)]
struct Change {
    of_type: KeyType,
    nodes: u32,
    update: UpdateKey,
    origin: Origin,
}

impl Change {
    /// The same at the instant of the transaction: it may have waited, and what ended meanwhile stays so.
    fn at(&self, at: Timestamp) -> Self {
        Self { origin: Origin { at, ..self.origin.clone() }, ..self.clone() }
    }

    /// The key as it would be, or why it cannot be so.
    fn apply(&self, before: &Key) -> Result<Key, Error> {
        let update = &self.update;
        if update.if_version.is_some_and(|wanted| wanted != before.version) {
            return Err(Error::PreconditionFailed);
        }
        let after = self.changed(before)?;
        allowed::check_values(&after.name, after.description.as_deref())?;
        allowed::check_reason(update.revoke_reason.as_deref())?;
        allowed::check_update(&self.of_type, before, &after)?;
        if after.limit != before.limit {
            allowed::check_limit(after.limit, self.nodes)?;
        }
        if before.is_revoked(self.origin.at) {
            allowed::check_revoked(before, update, &after)?;
        }
        Ok(after)
    }

    fn changed(&self, before: &Key) -> Result<Key, Error> {
        let update = &self.update;
        let mut after = before.clone();
        if let Some(name) = &update.name {
            after.name.clone_from(name);
        }
        if let Some(description) = &update.description {
            after.description.clone_from(description);
        }
        after.enabled = update.enabled.unwrap_or(before.enabled);
        after.held_at = before.held_at.filter(|_| !update.release);
        after.starts_at = update.starts_at.unwrap_or(before.starts_at);
        after.expires_at = update.expires_at.unwrap_or(before.expires_at);
        if let Some(days) = update.extend_days {
            after.expires_at = Some(extended(before, days, self.origin.at)?);
        }
        after.revoked_at = update.revoked_at.unwrap_or(before.revoked_at);
        if update.revoke_now && !before.is_revoked(self.origin.at) {
            after.revoked_at = Some(self.origin.at);
        }
        if after.revoked_at != before.revoked_at {
            after.revoke_reason.clone_from(&update.revoke_reason);
        }
        if let Some(list) = &update.allow_list {
            after.allow_list.clone_from(list);
        }
        if let Some(wanted) = &update.permissions {
            after.permissions = self.of_type.grant(before.scope, wanted).map_err(|_| {
                Error::invalid("permissions", "one of them is not open to keys of this type")
            })?;
        }
        after.limit = new_limit(before.limit, update.limit)?;
        match update.rotation {
            Some(wanted) => rescheduled(&self.of_type, before, after, wanted, self.origin.at),
            None => Ok(after),
        }
    }

    fn event(&self, before: &Key, after: &Key) -> AuditEvent {
        let at = self.origin.at;
        let revokes = after.is_revoked(at) && !before.is_revoked(at);
        let action = if revokes { "key.revoke" } else { "key.update" };
        let action = self.update.action.unwrap_or(action);
        let over = |key: &Key| key.expires_at.is_some_and(|end| end <= at);
        let subject = ("key", after.id.to_string());
        let event = AuditEvent::new(action, after.scope, self.origin.clone(), subject)
            .before(before.facts())
            .after(after.facts());
        if over(before) && !over(after) {
            return event.detail(vec![("expiredKeyExtended", Fact::Bool(true))]);
        }
        event
    }
}

/// The end of a key that gets so many days more.
fn extended(before: &Key, days: u32, at: Timestamp) -> Result<Timestamp, Error> {
    let Some(end) = before.expires_at else {
        return Err(Error::conflict("never_ends", "the key has no end that could be moved"));
    };
    let after = end.max(at).plus_seconds(i64::from(days) * DAY_S);
    if days == 0 || after > at.plus_seconds(i64::from(MAX_DAYS) * DAY_S) {
        let why = format!("must be 1 or more, and the end at most {MAX_DAYS} days from now");
        return Err(Error::invalid("validityDays", why));
    }
    Ok(after)
}

fn new_limit(before: Option<Limit>, change: Option<LimitChange>) -> Result<Option<Limit>, Error> {
    match change {
        None => Ok(before),
        Some(LimitChange::Remove) => Ok(None),
        Some(LimitChange::Set { capacity, frequency_s }) => {
            let capacity = capacity.or_else(|| before.map(Limit::capacity));
            let frequency_s = frequency_s.or_else(|| before.map(Limit::frequency_s));
            let missing = |field| Error::invalid(field, "is needed, the key has no limit so far");
            let capacity = capacity.ok_or_else(|| missing("capacity"))?;
            let frequency_s = frequency_s.ok_or_else(|| missing("frequency"))?;
            Limit::new(capacity, frequency_s).map(Some).map_err(bad_limit)
        }
    }
}

/// Says which number of a limit is out of range.
#[must_use]
pub fn bad_limit(bad: BadLimit) -> Error {
    match bad {
        BadLimit::Capacity => Error::invalid("capacity", "must be 1 to 1000000"),
        BadLimit::Frequency => Error::invalid("frequency", "must be 1 to 86400 seconds"),
    }
}
