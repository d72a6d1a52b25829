//! Keys that are held back although no policy wants it any more: because it was deleted or loosened, or
//! because of a use that was not known yet.

use super::{FOUND_AT_ONCE, WRITTEN_AT_ONCE, hold::job, subject_key};
use crate::{Service, error::Error};
use domain::{
    audit::AuditEvent,
    id::{KeyId, Scope},
    key::Key,
    time::Timestamp,
};
use store::{Read, Tx};

impl Service {
    /// Releases keys that would not be held back now.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn release_keys(&self) -> Result<(), Error> {
        let at = self.now().wall;
        let types: Vec<(Scope, String)> = self
            .store
            .read(move |r: &mut Read| store::key_policies::list_held_types(r, at))
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        for (scope, key_type) in types {
            self.release_of(scope, key_type, at).await?;
        }
        Ok(())
    }

    async fn release_of(&self, scope: Scope, key_type: String, at: Timestamp) -> Result<(), Error> {
        loop {
            let name = key_type.clone();
            let found: Vec<KeyId> = self
                .store
                .read(move |r: &mut Read| {
                    let policy = store::key_policies::governing(r, scope, &name)?;
                    let since = policy.and_then(|policy| policy.unused_since(at));
                    store::key_policies::list_held(r, (scope, &name), since, at, FOUND_AT_ONCE)
                })
                .await
                .map_err(|e: store::Error| Error::from(e))?;
            let mut released = 0;
            for ids in found.chunks(WRITTEN_AT_ONCE) {
                released += self.change_each(scope, ids.to_vec(), at, release_one).await?;
            }
            if found.len() < usize::try_from(FOUND_AT_ONCE).unwrap_or(usize::MAX) || released == 0 {
                return Ok(());
            }
        }
    }
}

fn release_one(
    tx: &mut Tx,
    scope: Scope,
    id: KeyId,
    at: Timestamp,
) -> Result<Option<AuditEvent>, Error> {
    let Some(before) = store::keys::find_for_update(tx, Some(scope), id)? else {
        return Ok(None);
    };
    let policy = store::key_policies::governing(tx, scope, &before.key_type)?;
    let since = policy.and_then(|policy| policy.unused_since(at));
    let last = store::key_policies::last_activity(tx, id)?;
    let unused = since.is_some_and(|since| last.is_some_and(|last| last <= since));
    if before.held_at.is_none() || before.is_revoked(at) || unused {
        return Ok(None);
    }
    let version = before.version.saturating_add(1);
    let after = Key { held_at: None, version, ..before.clone() };
    store::keys::update(tx, &after, at)?;
    let event = AuditEvent::new("key.release", scope, job(at), subject_key(id))
        .before(before.facts())
        .after(after.facts());
    Ok(Some(event))
}
