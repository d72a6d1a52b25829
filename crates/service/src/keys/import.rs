//! Takes over keys that exist already, so that they keep working: by the secret, or by its SHA-256.
//!
//! Batch by batch, in transactions with their audit events; in memory before a batch is answered.
//! The same keys sent again are told from secrets that are taken, so that an import that broke off
//! goes on where it stopped. What a key may be is decided where [`Service::create_key`] decides it.

mod given;
mod known;
mod write;

pub use given::Given;

use super::{CreateKey, allowed, require_creation, require_no_escalation};
use crate::{Service, caller::Caller, error::Error};
use domain::{
    id::KeyId,
    key::Key,
    key_type::{KeyType, Reveal},
    right::Deed,
    time::Timestamp,
};
use known::{Found, Known, Seen};
use std::{collections::HashMap, sync::Arc};
use store::{Read, keys::ImportedKey};
use write::Writing;

/// The most keys of one transaction.
const MAX_WRITTEN: usize = 1_000;
/// The most keys of one batch: so many transactions wait for the store at the same time, where some of
/// them share a commit, while the next one is made ready.
pub const MAX_BATCH: usize = 5 * MAX_WRITTEN;

/// A key that exists already, as the importer describes it.
#[derive(Debug)]
pub struct ImportKey {
    /// What a creator could say; its secret is `given` instead.
    pub wanted: CreateKey,
    /// What is known of the secret.
    pub given: Given,
    /// How the key is shown, where the secret itself is not given.
    pub hint: Option<String>,
    /// When it was made; `None`: now.
    pub created_at: Option<Timestamp>,
    /// Who made it; `None`: the importer.
    pub created_by: Option<String>,
}

/// What became of a key.
#[derive(Debug)]
pub enum Imported {
    /// It is there now, and works.
    Created(KeyId),
    /// It would be made, were this not a rehearsal.
    WouldCreate,
    /// An import brought it before: the same secret, tenant, type and name.
    Exists(KeyId),
    /// It would exist by then: the rehearsal met it before.
    WouldExist,
    /// It is not taken over, and why.
    Refused(Error),
}

/// An import under way.
pub struct Import {
    service: Service,
    caller: Caller,
    dry_run: bool,
    /// The secrets of a rehearsal, which writes none down.
    seen: Seen,
}

impl std::fmt::Debug for Import {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Import(dry_run: {})", self.dry_run)
    }
}

impl Service {
    /// Begins an import; with `dry_run` everything is checked and nothing written.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] for anyone but a caller of the whole cluster who may create keys.
    pub fn import_keys(&self, caller: &Caller, dry_run: bool) -> Result<Import, Error> {
        let mut types = self.key_types.seeded().iter();
        let creates_some = types.any(|t| caller.has(t.family.rights_for(Deed::Create)));
        if !caller.is_cluster() || !creates_some {
            return Err(Error::NotAllowed { right: None });
        }
        let (service, caller) = (self.clone(), caller.clone());
        Ok(Import { service, caller, dry_run, seen: Seen::default() })
    }
}

/// A key that may be written: its secret is sealed.
struct Ready {
    /// Where it stands in its batch.
    place: usize,
    key: ImportedKey,
    of_type: KeyType,
    /// Whether it would be accepted from anywhere, though keys of its type need not be.
    is_open: bool,
    /// What its secret may stand under: one a master key.
    lookups: Vec<[u8; 32]>,
}

/// Each place of a batch, and what became of the key there.
type Outcomes = Vec<(usize, Imported)>;

impl Import {
    /// Takes over the keys of one batch, of at most [`MAX_BATCH`]; says in their order what became of
    /// each.
    ///
    /// # Errors
    /// The store is unavailable; the same keys sent again tell which of them were written.
    pub async fn batch(&mut self, keys: Vec<ImportKey>) -> Result<Vec<Imported>, Error> {
        let mut outcomes = match self.dry_run {
            true => self.rehearse(keys).await?,
            false => self.write(keys).await?,
        };
        outcomes.sort_unstable_by_key(|(place, _)| *place);
        Ok(outcomes.into_iter().map(|(_, outcome)| outcome).collect())
    }

    async fn write(&self, keys: Vec<ImportKey>) -> Result<Outcomes, Error> {
        let at = self.service.now().wall;
        let writing = Writing {
            service: self.service.clone(),
            origin: self.caller.origin(at),
            master_keys: self.service.keyring.numbers().into(),
        };
        let (mut outcomes, mut begun) = (Vec::with_capacity(keys.len()), Vec::new());
        let (mut next, mut late) = (Vec::new(), Vec::new());
        // In which transaction a secret was met first. Met again in a later one it waits for the
        // others, because of two keys with one secret the first must win.
        let mut met: HashMap<[u8; 32], usize> = HashMap::with_capacity(keys.len());
        for (place, key) in keys.into_iter().enumerate() {
            match self.prepare(place, key, at).await {
                Ok(key) => {
                    let first = met.entry(key.key.secret.lookup).or_insert(begun.len());
                    let part = if *first == begun.len() { &mut next } else { &mut late };
                    part.push(key);
                }
                Err(error) => outcomes.push((place, refused(error)?)),
            }
            if next.len() >= MAX_WRITTEN {
                let ready = std::mem::take(&mut next);
                begun.push(tokio::spawn(writing.clone().write(ready)));
            }
        }
        outcomes.extend(writing.clone().write(next).await?);
        for written in begun {
            outcomes.extend(written.await.map_err(|e| Error::Internal(Box::new(e)))??);
        }
        while !late.is_empty() {
            let rest = late.split_off(late.len().min(MAX_WRITTEN));
            outcomes.extend(writing.clone().write(std::mem::replace(&mut late, rest)).await?);
        }
        Ok(outcomes)
    }

    /// Checks one key by the rules of its type, and seals what is known of its secret.
    async fn prepare(&self, place: usize, item: ImportKey, at: Timestamp) -> Result<Ready, Error> {
        let ImportKey { wanted, given, hint, created_at, created_by } = item;
        let Self { service, caller, .. } = self;
        let of_type = service
            .key_type(wanted.scope, &wanted.key_type)
            .ok_or_else(|| Error::invalid("keyType", "there is no such key type"))?;
        require_creation(caller, of_type.family, wanted.owner)?;
        given::check(&of_type, &given)?;
        let (key, _) = service.new_key(caller, &of_type, wanted, at)?;
        require_no_escalation(caller, &key.permissions)?;
        let recoverable = of_type.reveal == Reveal::Recoverable;
        let key = Key {
            hint: given::hint(&given, hint)?,
            created_at: given::past(created_at, at)?,
            created_by: given::creator(created_by, &key.created_by)?,
            // Whoever used it until now has stored it.
            acknowledged_at: (!recoverable).then_some(at),
            rotation: None,
            secret_ends_at: None,
            held_at: None,
            ..key
        };
        let sealed = match &given {
            Given::Secret(secret) => {
                service.check_chosen(secret).await?;
                service.keyring.seal_secret(&key, 0, secret, recoverable)
            }
            Given::Digest(digest) => service.keyring.seal_digest(&key, 0, digest),
        };
        let secret = sealed.map_err(|e| Error::Internal(Box::new(e)))?;
        let digest = given.digest();
        let lookups = service.keyring.lookups(&digest);
        let is_open = allowed::is_open(&of_type, &key);
        let key = ImportedKey { key, secret, digest };
        Ok(Ready { place, key, of_type, is_open, lookups })
    }

    /// Says what would become of the keys.
    async fn rehearse(&mut self, keys: Vec<ImportKey>) -> Result<Outcomes, Error> {
        let at = self.service.now().wall;
        let (mut outcomes, mut ready) = (Vec::new(), Vec::with_capacity(keys.len()));
        for (place, key) in keys.into_iter().enumerate() {
            match self.prepare(place, key, at).await {
                Ok(key) => ready.push(key),
                Err(error) => outcomes.push((place, refused(error)?)),
            }
        }
        let ready = Arc::new(ready);
        let asked = Arc::clone(&ready);
        let known = self
            .service
            .store
            .read(move |r: &mut Read| Known::about(r, &asked, at))
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let found = known.judge(&ready, &mut self.seen).into_iter().map(|found| match found {
            Found::Free(_) => Imported::WouldCreate,
            Found::Met(_) => Imported::WouldExist,
            other => other.outcome(),
        });
        outcomes.extend(ready.iter().map(|one| one.place).zip(found));
        Ok(outcomes)
    }
}

/// A key that is not taken over keeps no other from it; a store that fails does.
fn refused(error: Error) -> Result<Imported, Error> {
    match error {
        Error::Unavailable { .. } | Error::Internal(_) => Err(error),
        error => Ok(Imported::Refused(error)),
    }
}
