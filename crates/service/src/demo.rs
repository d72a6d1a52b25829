//! `serve --demo`: two sample tenants with persons, roles, clients, keys in every state, a month of usage and
//! a log of who did what, so that every page has something to show. What there is stands in
//! `demo/harbor.rs` and `demo/juniper.rs`.

mod harbor;
mod history;
mod juniper;
mod keys;
mod people;
mod samples;
mod usage;

use crate::{Service, bootstrap::Credential, error::Error};
use domain::{
    actor::Actor,
    client::Client,
    cors::Cors,
    id::{Scope, TenantId},
    key::Key,
    key_policy::KeyPolicy,
    key_type::KeyType,
    person::Person,
    right::Role,
    secret::SecretDigest,
    tenant::Tenant,
    time::Timestamp,
};
use samples::SampleKey;
use std::sync::Arc;
use store::{
    Bookkeeping, Read, StoredSecret, Tx, clients::ClientSecret, keys::KeyFilter,
    persons::PasswordRecord,
};
use verifier::Drained;

/// Everything of the demo, ready to be written.
#[derive(Default)]
struct Prepared {
    tenants: Vec<Tenant>,
    cors: Vec<Cors>,
    policies: Vec<KeyPolicy>,
    roles: Vec<Role>,
    persons: Vec<(Person, PasswordRecord)>,
    clients: Vec<(Client, Option<ClientSecret>)>,
    key_types: Vec<(TenantId, KeyType)>,
    keys: Vec<Sample>,
    credentials: Vec<Credential>,
    /// Of a password that nobody was told.
    unknown: Option<String>,
}

/// A key with what was done to it.
struct Sample {
    /// As it was made.
    born: Key,
    /// As it is now.
    key: Key,
    sample: &'static SampleKey,
    stored: Vec<StoredSecret>,
    digests: Vec<SecretDigest>,
    /// When it got its second secret.
    rotated_at: Option<Timestamp>,
}

impl Prepared {
    /// Whoever administers a tenant.
    fn admin(&self, scope: Scope) -> Option<&Person> {
        self.persons.iter().map(|(person, _)| person).find(|person| person.scope == scope)
    }

    /// A person of a tenant by name; the administrator where none is named.
    fn person(&self, scope: Scope, username: Option<&str>) -> Option<&Person> {
        let Some(wanted) = username else { return self.admin(scope) };
        let mut persons = self.persons.iter().map(|(person, _)| person);
        persons.find(|p| p.scope == scope && p.username == wanted)
    }

    /// Whoever made a key.
    fn maker(&self, sample: &Sample) -> Actor {
        let person = self.person(sample.key.scope, sample.sample.by);
        person.map_or_else(|| Actor::system("demo"), history::actor)
    }
}

impl Service {
    /// Fills a database that holds no more than the first start made. Returns the passwords of the
    /// sample persons, to be shown once.
    ///
    /// # Errors
    /// [`Error::Conflict`] when there is more already; the store is unavailable.
    pub async fn fill_demo(&self) -> Result<Vec<Credential>, Error> {
        let at = self.now().wall;
        let filter = KeyFilter { now: at, limit: 2, ..KeyFilter::default() };
        let keys = self.store.read(move |r: &mut Read| store::keys::list(r, &filter)).await?;
        if keys.items.len() > 1 {
            return Err(Error::conflict(
                "demo",
                "sample data goes into a new, empty database only",
            ));
        }
        let mut prepared = Prepared::default();
        for sample in samples::TENANTS {
            let scope = self.sample_tenant(sample, at, &mut prepared).await?;
            for key in sample.keys {
                let key = self.sample_key(key, scope, &prepared, at).await?;
                prepared.keys.push(key);
            }
        }
        for key in samples::CLUSTER_KEYS {
            let key = self.sample_key(key, Scope::Cluster, &prepared, at).await?;
            prepared.keys.push(key);
        }
        let credentials = std::mem::take(&mut prepared.credentials);
        let prepared = Arc::new(prepared);
        self.write_samples(Arc::clone(&prepared), at).await?;
        self.write_sample_usage(&prepared, at).await?;
        Ok(credentials)
    }

    async fn write_samples(&self, p: Arc<Prepared>, at: Timestamp) -> Result<(), Error> {
        self.store
            .write(move |tx: &mut Tx| {
                for tenant in &p.tenants {
                    store::tenants::insert(tx, tenant)?;
                }
                for policy in &p.policies {
                    store::key_policies::insert(tx, policy)?;
                }
                for cors in &p.cors {
                    store::cors::save(tx, cors)?;
                }
                for role in &p.roles {
                    store::roles::insert(tx, role)?;
                }
                for (person, record) in &p.persons {
                    store::persons::insert(tx, person, record)?;
                }
                for (client, secret) in &p.clients {
                    store::clients::insert(tx, client, secret.as_ref())?;
                }
                for (tenant, of_type) in &p.key_types {
                    store::key_types::insert(tx, *tenant, of_type, at)?;
                }
                for sample in &p.keys {
                    insert(tx, sample, at)?;
                }
                tx.commit_all(history::History::of(&p, at), ()).map_err(Error::from)
            })
            .await
    }

    /// The flushes of a month, then all of it rolled up.
    async fn write_sample_usage(
        &self,
        prepared: &Arc<Prepared>,
        at: Timestamp,
    ) -> Result<(), Error> {
        let prepared = Arc::clone(prepared);
        self.store
            .record(move |b: &mut Bookkeeping| {
                let instants = usage::instants(at);
                for (number, instant) in instants.iter().enumerate() {
                    let keys = prepared
                        .keys
                        .iter()
                        .filter_map(|s| usage::usage(&s.key, s.sample, s.rotated_at, *instant))
                        .collect();
                    let not_found = u64::try_from(number % 5).unwrap_or_default();
                    store::usage::flush(b, instant.0, &Drained { keys, not_found })?;
                }
                let rows = u32::try_from(instants.len()).unwrap_or(u32::MAX);
                store::usage::roll_up(b, at, rows).map(|_| ())
            })
            .await
            .map_err(|e: store::Error| e.into())
    }
}

/// A key is held back only after it was made.
fn insert(tx: &mut Tx, sample: &Sample, at: Timestamp) -> Result<(), store::Error> {
    let key = &sample.key;
    if key.held_at.is_none() {
        return store::keys::insert(tx, key, &sample.stored, &sample.digests);
    }
    let before = Key { held_at: None, version: key.version.saturating_sub(1), ..key.clone() };
    store::keys::insert(tx, &before, &sample.stored, &sample.digests)?;
    store::keys::update(tx, key, at)
}
