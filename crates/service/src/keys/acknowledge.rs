//! Records, once, that the creator of a key has stored its secret.

use super::holds_over;
use crate::{Service, caller::Caller, error::Error};
use domain::{
    audit::AuditEvent,
    id::KeyId,
    key::Key,
    key_type::{KeyType, Reveal},
    right::Deed,
};
use store::{Committed, Tx};

/// Why the transaction changed nothing.
enum Stopped {
    Before(Box<Key>),
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Whether the caller can say of the key, which is of this type, that its secret was stored.
#[must_use]
pub fn may_acknowledge(caller: &Caller, key: &Key, of_type: &KeyType) -> bool {
    of_type.reveal != Reveal::Recoverable
        && made(caller, key)
        && holds_over(caller, key, of_type.family, Deed::Create)
}

/// Whether the caller made the key. Nobody did of the first start's: whoever renewed its secret has it.
fn made(caller: &Caller, key: &Key) -> bool {
    key.created_by == *caller.principal.name() || key.created_by == crate::bootstrap::CREATOR
}

impl Service {
    /// Records that the secret was stored. A second time changes nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAllowed`] without the right to create,
    /// [`Error::Conflict`] for whoever did not make the key, and for a type whose secrets can be read
    /// again.
    pub async fn acknowledge_key(
        &self,
        caller: &Caller,
        id: KeyId,
        if_version: Option<u32>,
    ) -> Result<Key, Error> {
        let found = self.find_for(caller, id, Deed::Create).await?;
        let of_type = self.type_of(&found)?;
        if of_type.reveal == Reveal::Recoverable {
            let why = format!(
                "secrets of type `{}` can be read again: nothing has to be acknowledged",
                of_type.name
            );
            return Err(Error::conflict("key_type", why));
        }
        if !made(caller, &found) {
            let why = "only who made the key can say that its secret was stored";
            return Err(Error::conflict("creator", why));
        }
        let origin = caller.origin(self.now().wall);
        let written: Result<Key, Stopped> = self
            .store
            .write(move |tx: &mut Tx| -> Result<Committed<Key>, Stopped> {
                let before = store::keys::find_for_update(tx, Some(found.scope), id)?
                    .ok_or(Error::NotFound)?;
                if if_version.is_some_and(|wanted| wanted != before.version) {
                    return Err(Error::PreconditionFailed.into());
                }
                if before.acknowledged_at.is_some() {
                    return Err(Stopped::Before(Box::new(before)));
                }
                let after = Key {
                    version: before.version.saturating_add(1),
                    acknowledged_at: Some(origin.at),
                    ..before.clone()
                };
                store::keys::update(tx, &after, origin.at)?;
                let subject = ("key", id.to_string());
                let event =
                    AuditEvent::new("key.acknowledge", after.scope, origin.clone(), subject)
                        .before(before.facts())
                        .after(after.facts());
                Ok(tx.commit(event, after)?)
            })
            .await;
        match written {
            Ok(key) => Ok(key),
            Err(Stopped::Before(key)) => Ok(*key),
            Err(Stopped::Failed(error)) => Err(error),
        }
    }
}
