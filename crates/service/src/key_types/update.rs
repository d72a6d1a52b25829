//! Changing a key type: what its keys are told by stays, for keys of it may exist anywhere.

use super::{check, require_over, subject};
use crate::{
    Service,
    caller::Caller,
    error::Error,
    unchanged::{Stopped, check_version, settled},
};
use domain::{
    audit::AuditEvent,
    id::Scope,
    key_type::{KeyType, Place, Settings},
    rate_limit::Limit,
};
use std::sync::Arc;
use store::{Committed, Tx};

/// The change; `None` leaves a value as it is, `Some(None)` takes it away.
#[derive(Clone, Debug, Default)]
pub struct UpdateKeyType {
    /// What it is for.
    pub description: Option<Option<String>>,
    /// Where its keys are presented.
    pub presented_in: Option<Vec<Place>>,
    /// The limit of a key whose creator names none, of keys to come.
    pub default_limit: Option<Option<Limit>>,
    /// Settings of its keys that may change.
    pub settings: Option<Settings>,
    /// Only if the type is still this version.
    pub if_version: Option<u32>,
}

impl Service {
    /// Changes a tenant's own key type. `agree` holds what else the caller said of it against what is
    /// stored.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAllowed`], [`Error::Invalid`], [`Error::Conflict`] for a type
    /// that every installation has, [`Error::PreconditionFailed`].
    pub async fn update_key_type(
        &self,
        caller: &Caller,
        (named, name): (Option<Scope>, &str),
        update: UpdateKeyType,
        agree: impl FnOnce(&KeyType) -> Result<(), Error>,
    ) -> Result<KeyType, Error> {
        let found = self.show_key_type(caller, named, name)?;
        let Some(tenant) = found.tenant else {
            let why = "a type that every installation has cannot change: make one of your own";
            return Err(Error::conflict("key_type", why));
        };
        require_over(caller, tenant)?;
        agree(&found)?;
        let (update, nodes) = (Arc::new(update), self.settings.nodes);
        let origin = caller.origin(self.now().wall);
        let name = found.name;
        let write = move |tx: &mut Tx| -> Result<Committed<KeyType>, Stopped<KeyType>> {
            let before =
                store::key_types::find_for_update(tx, tenant, &name)?.ok_or(Error::NotFound)?;
            check_version(update.if_version, before.version)?;
            let after = changed(&before, (*update).clone());
            if after == before {
                return Err(Stopped::Unchanged(Box::new(before)));
            }
            check(&after, nodes)?;
            let after = KeyType { version: before.version.saturating_add(1), ..after };
            store::key_types::update(tx, tenant, &after)?;
            let subject = subject(tenant, &after.name);
            let scope = Scope::Tenant(tenant);
            let event = AuditEvent::new("key_type.update", scope, origin.clone(), subject)
                .before(before.facts())
                .after(after.facts());
            Ok(tx.commit(event, after)?)
        };
        settled(self.store.write(write).await)
    }
}

fn changed(before: &KeyType, update: UpdateKeyType) -> KeyType {
    let before = before.clone();
    KeyType {
        description: update.description.unwrap_or(before.description),
        presented_in: update.presented_in.unwrap_or(before.presented_in),
        default_limit: update.default_limit.unwrap_or(before.default_limit),
        settings: update.settings.unwrap_or(before.settings),
        ..before
    }
}
