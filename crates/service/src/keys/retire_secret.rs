//! Ends the secret before the current one, before its overlap does.

use super::{overlap::Running, require_no_escalation};
use crate::{Service, caller::Caller, error::Error};
use domain::{
    audit::{AuditEvent, Origin},
    id::KeyId,
    key::Key,
    right::Deed,
};
use store::{Committed, Tx};

/// Why the transaction changed nothing.
enum Stopped {
    Unchanged(Box<Key>),
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

impl Service {
    /// Ends the old secret of a key that was rotated: from now on the current one alone works. Where no
    /// old one works, nothing changes.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAllowed`] without the right to update, [`Error::Conflict`]
    /// where the type does not rotate or the key is revoked, [`Error::PreconditionFailed`].
    pub async fn retire_secret(
        &self,
        caller: &Caller,
        id: KeyId,
        if_version: Option<u32>,
    ) -> Result<Key, Error> {
        let found = self.find_for(caller, id, Deed::Update).await?;
        self.require_rotating(&found)?;
        require_no_escalation(caller, &found.permissions)?;
        let origin = caller.origin(self.now().wall);
        let service = self.clone();
        let written: Result<Key, Stopped> = self
            .store
            .write_urgent(move |tx: &mut Tx| -> Result<Committed<Key>, Stopped> {
                let now = || service.now().wall;
                let running = Running::of(tx, found.scope, id, if_version, now)?;
                let Running { before, current, old, at } = running;
                let origin = Origin { at, ..origin.clone() };
                let Some(_ended) = old else {
                    return Err(Stopped::Unchanged(Box::new(before)));
                };
                let after = Key { version: before.version.saturating_add(1), ..before.clone() };
                store::keys::update(tx, &after, origin.at)?;
                let (stored, digests) = service.secrets_and_digests(&before, current)?;
                store::keys::set_secrets(tx, id, &stored, &digests)?;
                let subject = ("key", id.to_string());
                let event =
                    AuditEvent::new("key.retire_secret", after.scope, origin.clone(), subject)
                        .before(before.facts())
                        .after(after.facts());
                Ok(tx.commit(event, after)?)
            })
            .await;
        match written {
            Ok(key) => Ok(key),
            Err(Stopped::Unchanged(key)) => Ok(*key),
            Err(Stopped::Failed(error)) => Err(error),
        }
    }
}
