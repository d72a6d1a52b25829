//! Merges what ended of tenants, persons, clients and roles.

use super::{
    ended::{both, ended_client, ended_outside, ended_tenant},
    merge::about,
    restoring,
};
use crate::{Service, error::Error, seal::SealFailed};
use domain::{
    id::{ClientId, PersonId, Scope, TenantId},
    person::Person,
    right::Role,
    secret::SecretDigest,
    tenant::Tenant,
};
use store::{Read, Tx, clients::ClientSecret};
use subtle::ConstantTimeEq;

impl Service {
    pub(super) async fn merge_person(&self, newer: &Self, id: PersonId) -> Result<bool, Error> {
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
        let same = bool::from(had.expose().as_bytes().ct_eq(has.expose().as_bytes()));
        let mut ended = Person {
            roles: both(&was.roles, &is.roles),
            outside: ended_outside(&was, &is),
            enabled: was.enabled && is.enabled,
            must_change_password: was.must_change_password || is.must_change_password,
            ..was.clone()
        };
        if same && ended == was {
            return Ok(false);
        }
        ended.version += 1;
        self.store
            .write(move |tx: &mut Tx| {
                let mut ended = ended.clone();
                store::persons::update(tx, &ended)?;
                if !same {
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

    pub(super) async fn merge_client(&self, newer: &Self, id: ClientId) -> Result<bool, Error> {
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
        // Compared open, and sealed here: there the same master key may have another number.
        let (had, has) = (self.opened_client(id, had), newer.opened_client(id, has));
        let same = had == has;
        let has = match has.filter(|_| !same) {
            Some(digest) => Some(self.sealed_client(id, digest)?),
            None => None,
        };
        let mut ended = ended_client(&was, &is);
        if same && ended == was {
            return Ok(false);
        }
        ended.version += 1;
        self.store
            .write(move |tx: &mut Tx| {
                let secret = (!same).then_some(has.as_ref());
                store::clients::update(tx, &ended, secret)?;
                let event = about("client.update", ended.scope, &origin, subject.clone());
                Ok::<_, Error>(tx.commit(event.before(was.facts()).after(ended.facts()), ())?)
            })
            .await?;
        Ok(true)
    }

    /// What the secret of a client is, where it has one; an inner `None`: it does not open.
    fn opened_client(
        &self,
        id: ClientId,
        secret: Option<ClientSecret>,
    ) -> Option<Option<SecretDigest>> {
        secret.map(|it| self.keyring.open_client_digest(id, it.generation, &it.sealed_digest))
    }

    /// One that does not open is not taken for none.
    fn sealed_client(
        &self,
        id: ClientId,
        digest: Option<SecretDigest>,
    ) -> Result<ClientSecret, Error> {
        let sealed = digest.ok_or(SealFailed).and_then(|d| self.keyring.seal_client_digest(id, &d));
        let (generation, sealed_digest) = sealed.map_err(|e| Error::Internal(Box::new(e)))?;
        Ok(ClientSecret { generation, sealed_digest })
    }

    pub(super) async fn merge_tenant(&self, newer: &Self, id: TenantId) -> Result<bool, Error> {
        let find = move |r: &mut Read| store::tenants::find_by_id(r, id);
        let Some(was) = self.store.read(find).await? else { return Ok(false) };
        let is = newer.store.read(find).await?;
        let (at, subject) = (self.now().wall, ("tenant", id.to_string()));
        let (origin, scope) = (restoring(at), Scope::Tenant(id));
        let ended = is.map(|is| ended_tenant(&was, &is));
        if ended.as_ref() == Some(&was) {
            return Ok(false);
        }
        self.store
            .write(move |tx: &mut Tx| {
                let Some(ended) = &ended else {
                    store::tenants::delete(tx, id, at)?;
                    let event = about("tenant.delete", scope, &origin, subject.clone());
                    return Ok(tx.commit(event.before(was.facts()), true)?);
                };
                let ended = Tenant { version: was.version + 1, ..ended.clone() };
                store::tenants::update(tx, &ended)?;
                let event = about("tenant.update", scope, &origin, subject.clone());
                Ok(tx.commit(event.before(was.facts()).after(ended.facts()), true)?)
            })
            .await
    }

    /// `subject` is a role as the audit log names it: its scope, a slash, its name.
    pub(super) async fn merge_role(&self, newer: &Self, subject: &str) -> Result<bool, Error> {
        let Some((scope, name)) = subject.split_once('/') else { return Ok(false) };
        let Ok(scope) = Scope::parse(scope) else { return Ok(false) };
        let find = |name: String| {
            move |r: &mut Read| -> Result<Option<Role>, store::Error> {
                Ok(store::roles::list(r, scope)?.into_iter().find(|role| role.name == name))
            }
        };
        let Some(was) = self.store.read(find(name.to_owned())).await? else { return Ok(false) };
        let is = newer.store.read(find(name.to_owned())).await?;
        let (origin, subject) = (restoring(self.now().wall), ("role", subject.to_owned()));
        let Some(is) = is else {
            return self
                .store
                .write(move |tx: &mut Tx| {
                    store::roles::delete(tx, scope, &was.name)?;
                    let event = about("role.delete", scope, &origin, subject.clone());
                    Ok(tx.commit(event.before(was.facts()), true)?)
                })
                .await;
        };
        let rights = was.rights.iter().filter(|right| is.rights.has(*right)).collect();
        if rights == was.rights {
            return Ok(false);
        }
        let ended = Role { rights, version: was.version + 1, ..was.clone() };
        self.store
            .write(move |tx: &mut Tx| {
                store::roles::update(tx, &ended)?;
                let event = about("role.update", scope, &origin, subject.clone());
                Ok(tx.commit(event.before(was.facts()).after(ended.facts()), true)?)
            })
            .await
    }
}
