//! Gives recoverable secrets back, where a published wire shows them. Each answer is one event in the
//! chain of every tenant concerned, with its count, and commits before the first byte leaves.

use crate::{Service, caller::Caller, error::Error};
use domain::{
    audit::{AuditEvent, Fact},
    id::{KeyId, Scope},
    key::Key,
    key_type::Reveal,
    right::{Deed, Family},
    secret::Secret,
};
use std::collections::BTreeMap;
use store::{Read, StoredSecret, Tx};

impl Service {
    /// The secrets of `keys`, in their order: `None` for a caller without the right, for a type whose
    /// secrets are shown once, and for a row that does not open.
    ///
    /// # Errors
    /// The reveal could not be audited: then nothing may be shown.
    pub async fn reveal(
        &self,
        caller: &Caller,
        keys: &[Key],
    ) -> Result<Vec<Option<Secret>>, Error> {
        let wanted: Vec<bool> = keys.iter().map(|key| self.may_reveal(caller, key)).collect();
        if !wanted.contains(&true) {
            return Ok(keys.iter().map(|_| None).collect());
        }
        let rows = self.current_secrets(keys, &wanted).await?;
        let secrets: Vec<Option<Secret>> =
            keys.iter().zip(rows).map(|(key, row)| self.opened(key, &row?)).collect();
        self.audit_reveal(caller, keys, &secrets).await?;
        Ok(secrets)
    }

    /// Lets a list of keys of these types begin, if the caller did not read too many that show secrets
    /// lately (CW-04).
    ///
    /// # Errors
    /// [`Error::Limited`].
    pub fn admit_revealing_list(&self, caller: &Caller, key_types: &[&str]) -> Result<(), Error> {
        let shows = |family: Family| caller.has(family.rights_for(Deed::Reveal));
        if self.families(key_types).into_iter().any(shows) {
            self.revealing_lists.take(caller, self.now().mono_ns)?;
        }
        Ok(())
    }

    /// The secret of one key, for a surface that gives it out when asked, and only then.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAllowed`] without the right to reveal, [`Error::Conflict`] for
    /// a type whose secrets are shown once, [`Error::Unauthenticated`] for a session whose person proved
    /// themself too long ago; the reveal could not be audited.
    pub async fn reveal_key(&self, caller: &Caller, id: KeyId) -> Result<super::Created, Error> {
        let key = self.find_for(caller, id, Deed::See).await?;
        let of_type = self.type_of(&key)?;
        if of_type.reveal != Reveal::Recoverable {
            let why = format!(
                "secrets of type `{}` are shown once, when they are made, and not kept: rotate or \
                 regenerate the key for another one",
                of_type.name
            );
            return Err(Error::conflict("key_type", why));
        }
        caller.require_rights(of_type.family.rights_for(Deed::Reveal))?;
        caller.require_fresh(self.now().wall)?;
        let secret = self.reveal(caller, std::slice::from_ref(&key)).await?.pop().flatten();
        match secret {
            Some(secret) => Ok(super::Created { key, secret }),
            None => Err(Error::Internal(Box::new(crate::seal::SealFailed))),
        }
    }

    fn may_reveal(&self, caller: &Caller, key: &Key) -> bool {
        self.key_type(key.scope, &key.key_type).is_some_and(|t| {
            t.reveal == Reveal::Recoverable
                && caller.reaches(key.scope)
                && caller.has(t.family.rights_for(Deed::Reveal))
        })
    }

    async fn current_secrets(
        &self,
        keys: &[Key],
        wanted: &[bool],
    ) -> Result<Vec<Option<StoredSecret>>, Error> {
        let ids: Vec<KeyId> =
            keys.iter().zip(wanted).filter_map(|(key, wanted)| wanted.then_some(key.id)).collect();
        let found = self
            .store
            .read(move |r: &mut Read| store::keys::current_secrets(r, &ids))
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let mut found = found.into_iter();
        Ok(wanted
            .iter()
            .map(|wanted| if *wanted { found.next().flatten() } else { None })
            .collect())
    }

    /// One row that does not open keeps nobody from the others; it is told to the operator.
    fn opened(&self, key: &Key, row: &StoredSecret) -> Option<Secret> {
        match self.keyring.open_secret(key, row) {
            Ok(secret) => Some(secret),
            Err(error) => {
                tracing::error!(key = %key.id, %error, "a secret could not be opened");
                None
            }
        }
    }

    async fn audit_reveal(
        &self,
        caller: &Caller,
        keys: &[Key],
        secrets: &[Option<Secret>],
    ) -> Result<(), Error> {
        let mut shown: BTreeMap<Scope, Vec<&Key>> = BTreeMap::new();
        for (key, _) in keys.iter().zip(secrets).filter(|(_, secret)| secret.is_some()) {
            shown.entry(key.scope).or_default().push(key);
        }
        let origin = caller.origin(self.now().wall);
        let events: Vec<AuditEvent> = shown
            .into_iter()
            .map(|(scope, keys)| {
                let subject = match keys.as_slice() {
                    [key] => ("key", key.id.to_string()),
                    _ => ("keys", scope.to_string()),
                };
                let count = i64::try_from(keys.len()).unwrap_or(i64::MAX);
                AuditEvent::new("key.reveal", scope, origin.clone(), subject)
                    .detail(vec![("count", Fact::Int(count))])
            })
            .collect();
        if events.is_empty() {
            return Ok(());
        }
        self.store
            .write(move |tx: &mut Tx| tx.commit_all(events.clone(), ()).map_err(Error::from))
            .await
    }
}
