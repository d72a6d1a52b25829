//! Rotates keys whose schedule says so, and whose secrets can be read again: nobody has to ask.

use super::new_secret::{Drawn, Replacement};
use crate::{Service, error::Error};
use domain::{
    actor::Actor,
    audit::Origin,
    key::{Key, Rotation},
    key_type::Reveal,
};
use store::{Read, Tx, keys::DuePosition};

/// Keys that one look finds.
const AT_ONCE: u32 = 200;

impl Service {
    /// Gives a new secret to every key that is due for one. Whoever may reveal it fetches it, while the
    /// old one works on as the schedule says. Keys that are revoked, expired or deleted, or whose tenant
    /// is out of service, are left as they are.
    ///
    /// # Errors
    /// The store is unavailable, or a key could not be rotated: the others were.
    pub async fn rotate_due_keys(&self) -> Result<(), Error> {
        let at = self.now().wall;
        let mut outcome = Ok(());
        let mut after: Option<DuePosition> = None;
        loop {
            let due: Vec<Key> = self
                .store
                .read(move |r: &mut Read| store::keys::list_due(r, at, after, AT_ONCE))
                .await
                .map_err(|e: store::Error| Error::from(e))?;
            let Some(last) = due.last() else { return outcome };
            after = DuePosition::of(last);
            for key in &due {
                match self.rotate_due_key(key).await {
                    // Another node was first, or somebody changed it meanwhile.
                    Ok(()) | Err(Error::Conflict { .. } | Error::NotFound) => {}
                    // One key keeps no other from its turn.
                    Err(error) => outcome = Err(error),
                }
            }
        }
    }

    async fn rotate_due_key(&self, found: &Key) -> Result<(), Error> {
        let of_type = self.type_of(found)?;
        if of_type.reveal != Reveal::Recoverable || !of_type.actions.rotate {
            return Ok(());
        }
        let (id, scope) = (found.id, found.scope);
        let drawn = Drawn::of(&of_type, self.drawn_secret(&of_type, scope, id).await?);
        // Not when the round began, which may be long ago: the overlap counts from now.
        let at = self.now().wall;
        let origin = Origin {
            actor: Actor::system("scheduled rotation"),
            address: None,
            request_id: "job".to_owned(),
            at,
        };
        let service = self.clone();
        self.store
            .write(move |tx: &mut Tx| {
                let before =
                    store::keys::find_due_for_update(tx, id, at)?.ok_or(Error::NotFound)?;
                let how = Replacement {
                    action: "key.rotate",
                    overlap_s: before.rotation.map_or(0, |r: Rotation| r.overlap_s),
                    // By the schedule it is over by now.
                    end_overlap: true,
                    description: None,
                    scheduled: true,
                    if_version: None,
                };
                service.replaced(tx, &before, &drawn, &how, &origin)
            })
            .await
            .map(|_: Key| ())
    }
}
