//! Lets the secret before the current one work for longer.

use super::{MAX_OVERLAP_S, overlap::Running, require_no_escalation};
use crate::{Service, caller::Caller, error::Error};
use domain::{
    audit::{AuditEvent, Fact, Origin},
    id::KeyId,
    key::Key,
    right::Deed,
    time::Timestamp,
};
use store::{StoredSecret, Tx};

impl Service {
    /// Lets the old secret of a key that was rotated work for `overlap_s` seconds from now. One that has
    /// ended stays dead.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAllowed`] without the right to update, [`Error::Invalid`] for
    /// no time or more than 30 days, [`Error::Conflict`] where no old secret works, where it works for
    /// longer already, where its end would come after the next rotation is due, where the type does not
    /// rotate or the key is revoked, [`Error::PreconditionFailed`].
    pub async fn extend_overlap(
        &self,
        caller: &Caller,
        id: KeyId,
        overlap_s: u32,
        if_version: Option<u32>,
    ) -> Result<Key, Error> {
        if !(1..=MAX_OVERLAP_S).contains(&overlap_s) {
            let wanted = format!("must be 1 to {MAX_OVERLAP_S}, which is 30 days");
            return Err(Error::invalid("overlapSeconds", wanted));
        }
        let found = self.find_for(caller, id, Deed::Update).await?;
        self.require_rotating(&found)?;
        require_no_escalation(caller, &found.permissions)?;
        let origin = caller.origin(self.now().wall);
        let service = self.clone();
        self.store
            .write(move |tx: &mut Tx| {
                let now = || service.now().wall;
                let running = Running::of(tx, found.scope, id, if_version, now)?;
                let Running { before, current, old, at } = running;
                let origin = Origin { at, ..origin.clone() };
                let ends_at = origin.at.plus_seconds(overlap_s.into());
                let old = extended(&before, old, ends_at)?;
                let after = Key { version: before.version.saturating_add(1), ..before.clone() };
                store::keys::update(tx, &after, origin.at)?;
                let (stored, digests) = service
                    .secrets_and_digests(&before, [Some(old), current].into_iter().flatten())?;
                store::keys::set_secrets(tx, id, &stored, &digests)?;
                let subject = ("key", id.to_string());
                let event =
                    AuditEvent::new("key.extend_overlap", after.scope, origin.clone(), subject)
                        .before(before.facts())
                        .after(after.facts())
                        .detail(vec![
                            ("overlapSeconds", Fact::Int(overlap_s.into())),
                            ("secretEndsAt", Fact::Text(ends_at.to_string())),
                        ]);
                tx.commit(event, after).map_err(Error::from)
            })
            .await
    }
}

fn extended(
    key: &Key,
    old: Option<StoredSecret>,
    ends_at: Timestamp,
) -> Result<StoredSecret, Error> {
    let refused = |why: String| Err(Error::conflict("overlap", why));
    let Some(old) = old else {
        let why = "no secret before the current one works any more, and none comes back";
        return refused(why.to_owned());
    };
    if let Some(end) = old.ends_at.filter(|end| *end > ends_at) {
        return refused(format!("the old secret works until {end} already; retire it to end it"));
    }
    match key.rotation {
        Some(rotation) if ends_at > rotation.due_at => {
            let due = rotation.due_at;
            refused(format!("the next rotation is due at {due}: the old secret must end by then"))
        }
        _ => Ok(StoredSecret { ends_at: Some(ends_at), ..old }),
    }
}
