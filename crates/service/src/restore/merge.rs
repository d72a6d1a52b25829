//! Merges what ended after a backup, out of a newer database of the same installation.
//!
//! Only what takes away is merged: revocations, deletions, switches turned off, earlier ends, secrets
//! and passwords that were replaced, roles, rights and permissions that were withdrawn. What was given
//! after the backup stays lost: that is what a restore is for. Each merged thing is an audit event.

use super::{
    ended::{both, ended_client, ended_key},
    restoring,
};
use crate::{Service, error::Error};
use domain::{
    audit::{AuditEvent, Fact, Facts, Origin},
    id::{ClientId, KeyId, PersonId, Scope, TenantId},
    key::Key,
    person::Person,
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

    async fn merge_person(&self, newer: &Self, id: PersonId) -> Result<bool, Error> {
        let find = move |r: &mut Read| -> Result<_, store::Error> {
            let password = store::restore::password_of(r, id)?;
            Ok(store::persons::find_by_id(r, id)?.zip(password))
        };
        let Some((was, had)) = self.store.read(find).await? else { return Ok(false) };
        let is = newer.store.read(find).await?;
        let (at, subject) = (self.now().wall, ("person", id.to_string()));
        let origin = restoring(at);
        let Some((is, has)) = is else {
            self.store
                .write(move |tx: &mut Tx| {
                    store::persons::delete(tx, id)?;
                    let event = about("person.delete", was.scope, &origin, subject.clone());
                    Ok::<_, Error>(tx.commit(event.before(was.facts()), ())?)
                })
                .await?;
            return Ok(true);
        };
        let another_password = had.expose() != has.expose();
        let mut ended = Person {
            roles: both(&was.roles, &is.roles),
            enabled: was.enabled && is.enabled,
            must_change_password: was.must_change_password || is.must_change_password,
            ..was.clone()
        };
        if ended == was && !another_password {
            return Ok(false);
        }
        ended.version += 1;
        self.store
            .write(move |tx: &mut Tx| {
                let mut ended = ended.clone();
                store::persons::update(tx, &ended)?;
                if another_password {
                    ended.version += 1;
                    let must = ended.must_change_password;
                    store::persons::set_password(tx, id, &has, must, ended.version)?;
                }
                let event = about("person.update", ended.scope, &origin, subject.clone());
                Ok::<_, Error>(tx.commit(event.before(was.facts()).after(ended.facts()), ())?)
            })
            .await?;
        Ok(true)
    }

    async fn merge_client(&self, newer: &Self, id: ClientId) -> Result<bool, Error> {
        let find = move |r: &mut Read| -> Result<_, store::Error> {
            let secret = store::restore::secret_of_client(r, id)?;
            Ok(store::clients::find_by_id(r, id)?.map(|client| (client, secret)))
        };
        let Some((was, had)) = self.store.read(find).await? else { return Ok(false) };
        let is = newer.store.read(find).await?;
        let (at, subject) = (self.now().wall, ("client", id.to_string()));
        let origin = restoring(at);
        let Some((is, has)) = is else {
            self.store
                .write(move |tx: &mut Tx| {
                    store::clients::delete(tx, id)?;
                    let event = about("client.delete", was.scope, &origin, subject.clone());
                    Ok::<_, Error>(tx.commit(event.before(was.facts()), ())?)
                })
                .await?;
            return Ok(true);
        };
        let another_secret = had != has;
        let mut ended = ended_client(&was, &is);
        if ended == was && !another_secret {
            return Ok(false);
        }
        ended.version += 1;
        self.store
            .write(move |tx: &mut Tx| {
                let secret = another_secret.then_some(has.as_ref());
                store::clients::update(tx, &ended, secret)?;
                let event = about("client.update", ended.scope, &origin, subject.clone());
                Ok::<_, Error>(tx.commit(event.before(was.facts()).after(ended.facts()), ())?)
            })
            .await?;
        Ok(true)
    }

    async fn merge_tenant(&self, newer: &Self, id: TenantId) -> Result<bool, Error> {
        let find = move |r: &mut Read| store::tenants::find_by_id(r, id);
        let Some(was) = self.store.read(find).await? else { return Ok(false) };
        let is = newer.store.read(find).await?;
        let (at, subject) = (self.now().wall, ("tenant", id.to_string()));
        let (origin, scope) = (restoring(at), Scope::Tenant(id));
        let gone = is.is_none();
        if !gone && (!was.enabled || is.is_some_and(|is| is.enabled)) {
            return Ok(false);
        }
        self.store
            .write(move |tx: &mut Tx| {
                if gone {
                    store::tenants::delete(tx, id, at)?;
                    let event = about("tenant.delete", scope, &origin, subject.clone());
                    return Ok(tx.commit(event.before(was.facts()), true)?);
                }
                let mut ended = was.clone();
                ended.enabled = false;
                ended.version += 1;
                store::tenants::update(tx, &ended)?;
                let event = about("tenant.update", scope, &origin, subject.clone());
                Ok(tx.commit(event.before(was.facts()).after(ended.facts()), true)?)
            })
            .await
    }
}

fn about(
    action: &'static str,
    scope: Scope,
    origin: &Origin,
    subject: (&'static str, String),
) -> AuditEvent {
    AuditEvent::new(action, scope, origin.clone(), subject)
}
