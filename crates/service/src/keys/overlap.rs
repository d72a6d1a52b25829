//! A key in the time after a rotation in which both of its secrets work.

use crate::{Service, error::Error};
use domain::{
    id::{KeyId, Scope},
    key::Key,
    secret::SecretDigest,
    time::Timestamp,
};
use store::{StoredSecret, Tx};

/// A key that somebody wants to change the overlap of, locked, with its secrets.
pub(super) struct Running {
    pub(super) before: Key,
    pub(super) current: Option<StoredSecret>,
    /// The one before it, if it still works.
    pub(super) old: Option<StoredSecret>,
    /// When it was locked: what ended while somebody waited for that stays dead.
    pub(super) at: Timestamp,
}

impl Running {
    pub(super) fn of(
        tx: &mut Tx,
        scope: Scope,
        id: KeyId,
        if_version: Option<u32>,
        now: impl FnOnce() -> Timestamp,
    ) -> Result<Self, Error> {
        let before = store::keys::find_for_update(tx, Some(scope), id)?.ok_or(Error::NotFound)?;
        let at = now();
        if if_version.is_some_and(|wanted| wanted != before.version) {
            return Err(Error::PreconditionFailed);
        }
        if before.is_revoked(at) {
            let why = "the key is revoked for good: none of its secrets works";
            return Err(Error::conflict("revoked", why));
        }
        let (mut current, mut old) = (None, None);
        for secret in store::keys::secrets_of(tx, id)? {
            match secret.ends_at {
                None => current = Some(secret),
                Some(end) if end > at => old = Some(secret),
                Some(_) => {}
            }
        }
        Ok(Self { before, current, old, at })
    }
}

impl Service {
    /// Demands that keys of the type have overlaps at all.
    pub(super) fn require_rotating(&self, key: &Key) -> Result<(), Error> {
        let of_type = self.type_of(key)?;
        if of_type.actions.rotate {
            return Ok(());
        }
        let why = format!("keys of type `{}` have one secret: they are not rotated", of_type.name);
        Err(Error::conflict("key_type", why))
    }

    /// Stored secrets with the digests that memory is told of.
    pub(super) fn secrets_and_digests(
        &self,
        key: &Key,
        secrets: impl IntoIterator<Item = StoredSecret>,
    ) -> Result<(Vec<StoredSecret>, Vec<SecretDigest>), Error> {
        let with_digest =
            |secret: StoredSecret| self.digest_of(key, &secret).map(|digest| (secret, digest));
        secrets.into_iter().map(with_digest).collect()
    }
}
