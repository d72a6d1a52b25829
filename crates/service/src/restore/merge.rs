//! Merges what ended after a backup, out of a newer database of the same installation.
//!
//! Only what takes away is merged: revocations, deletions, switches turned off, earlier ends, secrets
//! and passwords that were replaced, roles, rights and permissions that were withdrawn, limits that
//! were lowered, policies that were tightened. What was given after the backup stays lost: that is
//! what a restore is for. Each merged thing is an audit event.

use super::{ended::ended_key, restoring};
use crate::{Service, error::Error};
use domain::{
    audit::{AuditEvent, Fact, Facts, Origin},
    id::{ClientId, KeyId, PersonId, Scope, TenantId},
    key::Key,
    secret::SecretDigest,
};
use store::{Read, StoredSecret, Tx, audit::ChainHead, keys::secrets_of};

/// How many things were changed by a merge.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Merged {
    /// Keys that ended or lost something.
    pub keys: u64,
    /// Persons.
    pub persons: u64,
    /// Clients.
    pub clients: u64,
    /// Tenants.
    pub tenants: u64,
    /// Roles.
    pub roles: u64,
    /// Keys that were made after the backup; they are not in it.
    pub lost_keys: u64,
}

impl Merged {
    /// Both together; of the lost ones the newer database knows more.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            keys: self.keys + other.keys,
            persons: self.persons + other.persons,
            clients: self.clients + other.clients,
            tenants: self.tenants + other.tenants,
            roles: self.roles + other.roles,
            lost_keys: self.lost_keys.max(other.lost_keys),
        }
    }

    pub(super) fn facts(self) -> Facts {
        let count = |n| Fact::Int(i64::try_from(n).unwrap_or(i64::MAX));
        vec![
            ("keys", count(self.keys)),
            ("persons", count(self.persons)),
            ("clients", count(self.clients)),
            ("tenants", count(self.tenants)),
            ("roles", count(self.roles)),
            ("lostKeys", count(self.lost_keys)),
        ]
    }
}

impl Service {
    /// Takes over from `newer` what ended after the audit chains stood at `since`.
    ///
    /// # Errors
    /// One of the two stores is unavailable.
    pub async fn merge_ended(&self, newer: &Self, since: &[ChainHead]) -> Result<Merged, Error> {
        let since = since.to_vec();
        let changed =
            newer.store.read(move |r: &mut Read| store::restore::changed_since(r, &since)).await?;
        let mut merged = Merged::default();
        for (kind, id) in changed {
            match kind.as_str() {
                "key" => match KeyId::parse(&id) {
                    Ok(id) => self.merge_key(newer, id, &mut merged).await?,
                    Err(_) => continue,
                },
                "person" => match PersonId::parse(&id) {
                    Ok(id) => merged.persons += u64::from(self.merge_person(newer, id).await?),
                    Err(_) => continue,
                },
                "client" => match ClientId::parse(&id) {
                    Ok(id) => merged.clients += u64::from(self.merge_client(newer, id).await?),
                    Err(_) => continue,
                },
                "tenant" => match TenantId::parse(&id) {
                    Ok(id) => merged.tenants += u64::from(self.merge_tenant(newer, id).await?),
                    Err(_) => continue,
                },
                "role" => merged.roles += u64::from(self.merge_role(newer, &id).await?),
                _ => {}
            }
        }
        Ok(merged)
    }

    async fn merge_key(&self, newer: &Self, id: KeyId, merged: &mut Merged) -> Result<(), Error> {
        let find = move |r: &mut Read| -> Result<_, store::Error> {
            Ok((store::keys::find_by_id(r, None, id)?, secrets_of(r, id)?))
        };
        let (was, had) = self.store.read(find).await?;
        let (is, has) = newer.store.read(find).await?;
        let Some(was) = was else {
            merged.lost_keys += u64::from(is.is_some());
            return Ok(());
        };
        let at = self.now().wall;
        let origin = restoring(at);
        let Some(is) = is else {
            merged.keys += 1;
            return self
                .store
                .write(move |tx: &mut Tx| {
                    store::keys::delete(tx, &was, at)?;
                    let event = about("key.delete", was.scope, &origin, ("key", id.to_string()));
                    Ok(tx.commit(event.before(was.facts()), ())?)
                })
                .await;
        };
        let replaced = (had != has).then(|| newer.with_digests(&is, has));
        let Some(ended) = ended_key(&was, &is, replaced.is_some(), at) else { return Ok(()) };
        merged.keys += 1;
        self.store
            .write(move |tx: &mut Tx| {
                store::keys::update(tx, &ended, at)?;
                if let Some((secrets, digests)) = &replaced {
                    store::keys::set_secrets(tx, id, secrets, digests)?;
                }
                let event = about("key.update", ended.scope, &origin, ("key", id.to_string()));
                Ok(tx.commit(event.before(was.facts()).after(ended.facts()), ())?)
            })
            .await
    }

    /// Secrets with their digests; one that does not open is left out.
    fn with_digests(
        &self,
        key: &Key,
        secrets: Vec<StoredSecret>,
    ) -> (Vec<StoredSecret>, Vec<SecretDigest>) {
        secrets
            .into_iter()
            .filter_map(|secret| {
                let digest = self.digest_of(key, &secret).ok()?;
                Some((secret, digest))
            })
            .unzip()
    }
}

pub(super) fn about(
    action: &'static str,
    scope: Scope,
    origin: &Origin,
    subject: (&'static str, String),
) -> AuditEvent {
    AuditEvent::new(action, scope, origin.clone(), subject)
}
