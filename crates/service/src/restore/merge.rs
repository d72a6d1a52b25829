//! Merges what ended after a backup, out of a newer database of the same installation.
//!
//! Only what takes away is merged: revocations, deletions, switches turned off, earlier ends, secrets
//! and passwords that were replaced, roles, rights and permissions that were withdrawn, limits that
//! were lowered, policies that were tightened (of keys' lives and number, too), origins that were taken
//! away, rules of the gateway that went or changed, signing keys that were retired. What was given after the backup stays lost: that is what a restore is for. Each
//! merged thing is an audit event.

use super::{ended::ended_key, restoring};
use crate::{Service, error::Error};
use domain::{
    audit::{AuditEvent, Fact, Facts, Origin},
    id::{ClientId, KeyId, PersonId, Scope, TenantId},
    key::Key,
    secret::SecretDigest,
    time::Timestamp,
};
use std::collections::HashSet;
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
    /// Tenants, lists of origins, and keys that realms sign with.
    pub tenants: u64,
    /// Roles.
    pub roles: u64,
    /// Policies and routes of the gateway, issuers outside, and policies for keys.
    pub rules: u64,
    /// Keys that were made or imported after the backup; they are not in it.
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
            rules: self.rules + other.rules,
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
            ("rules", count(self.rules)),
            ("lostKeys", count(self.lost_keys)),
        ]
    }
}

/// What a newer state did to a key.
enum Change {
    /// Took something from it.
    Ended,
    /// Made it after the backup.
    Lost,
    Nothing,
}

impl Service {
    /// Takes over from `newer` what ended after the audit chains stood at `since`.
    ///
    /// # Errors
    /// One of the two stores is unavailable.
    pub async fn merge_ended(&self, newer: &Self, since: &[ChainHead]) -> Result<Merged, Error> {
        let since = since.to_vec();
        let find = move |r: &mut Read| -> Result<_, store::Error> {
            let changed = store::restore::changed_since(r, &since)?;
            Ok((changed, store::restore::imported_since(r, &since)?))
        };
        let (changed, imported) = newer.store.read(find).await?;
        let mut merged = Merged::default();
        // A batch is one transaction with its event, so none of its keys is in the backup; one that
        // was changed since has events of its own too, and counts once.
        let mut lost: HashSet<KeyId> = imported.into_iter().collect();
        for (kind, id) in changed {
            match kind.as_str() {
                "key" => match KeyId::parse(&id) {
                    Ok(id) => match self.merge_key(newer, id).await? {
                        Change::Ended => merged.keys += 1,
                        Change::Lost => drop(lost.insert(id)),
                        Change::Nothing => {}
                    },
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
                "cors" => match TenantId::parse(&id) {
                    Ok(id) => merged.tenants += u64::from(self.merge_cors(newer, id).await?),
                    Err(_) => continue,
                },
                "role" => merged.roles += u64::from(self.merge_role(newer, &id).await?),
                kind => merged.rules += u64::from(self.merge_rule(newer, kind, &id).await?),
            }
        }
        merged.tenants += self.merge_signing_keys(newer).await?;
        merged.lost_keys = u64::try_from(lost.len()).unwrap_or(u64::MAX);
        Ok(merged)
    }

    /// Says whether a rule, an issuer or a policy for keys is another one now.
    async fn merge_rule(&self, newer: &Self, kind: &str, id: &str) -> Result<bool, Error> {
        match kind {
            "issuer" => self.merge_issuer(newer, id).await,
            "policy" => self.merge_policy(newer, id).await,
            "gateway_route" => self.merge_gateway_route(newer, id).await,
            "key_policy" => self.merge_key_policy(newer, id).await,
            _ => Ok(false),
        }
    }

    async fn merge_key(&self, newer: &Self, id: KeyId) -> Result<Change, Error> {
        let find = move |r: &mut Read| -> Result<_, store::Error> {
            Ok((store::keys::find_by_id(r, None, id)?, secrets_of(r, id)?))
        };
        let (was, had) = self.store.read(find).await?;
        let (is, has) = newer.store.read(find).await?;
        let Some(was) = was else {
            return Ok(if is.is_some() { Change::Lost } else { Change::Nothing });
        };
        let at = self.now().wall;
        let origin = restoring(at);
        let Some(is) = is else {
            return self
                .store
                .write(move |tx: &mut Tx| {
                    store::keys::delete(tx, &was, at)?;
                    let event = about("key.delete", was.scope, &origin, ("key", id.to_string()));
                    Ok(tx.commit(event.before(was.facts()), Change::Ended)?)
                })
                .await;
        };
        // Compared open: what was only sealed anew since is the same.
        let same = self.all_opened(&was, &had) == newer.all_opened(&is, &has);
        let replaced = if same { None } else { Some(self.sealed_here(newer, &is, has)?) };
        let Some(ended) = ended_key(&was, &is, replaced.is_some(), at) else {
            return Ok(Change::Nothing);
        };
        self.store
            .write(move |tx: &mut Tx| {
                store::keys::update(tx, &ended, at)?;
                if let Some((secrets, digests)) = &replaced {
                    store::keys::set_secrets(tx, id, secrets, digests)?;
                }
                let event = about("key.update", ended.scope, &origin, ("key", id.to_string()));
                Ok(tx.commit(event.before(was.facts()).after(ended.facts()), Change::Ended)?)
            })
            .await
    }

    /// What the secrets of a key are, and until when.
    fn all_opened(
        &self,
        key: &Key,
        secrets: &[StoredSecret],
    ) -> Vec<(u8, Option<Timestamp>, Option<SecretDigest>)> {
        let open = |secret: &StoredSecret| self.digest_of(key, secret).ok();
        secrets.iter().map(|secret| (secret.slot, secret.ends_at, open(secret))).collect()
    }

    /// The secrets of a newer database with their digests, sealed here: there the same master key may
    /// have another number. One that does not open is left out.
    fn sealed_here(
        &self,
        newer: &Self,
        key: &Key,
        secrets: Vec<StoredSecret>,
    ) -> Result<(Vec<StoredSecret>, Vec<SecretDigest>), Error> {
        let (mut stored, mut digests) = (Vec::new(), Vec::new());
        for secret in secrets {
            let Ok(digest) = newer.digest_of(key, &secret) else { continue };
            let sealed = match newer.keyring.open_secret(key, &secret) {
                Ok(text) => self.keyring.seal_secret(key, secret.slot, &text, true),
                Err(_) => self.keyring.seal_digest(key, secret.slot, &digest),
            };
            let StoredSecret { hint, ends_at, created_at, .. } = secret;
            let sealed = sealed.map_err(|e| Error::Internal(Box::new(e)))?;
            stored.push(StoredSecret { hint, ends_at, created_at, ..sealed });
            digests.push(digest);
        }
        Ok((stored, digests))
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
