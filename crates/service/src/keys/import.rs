//! Takes over keys that exist already, so that they keep working: by the secret, or by its SHA-256.
//!
//! Batch by batch: each is one transaction with its audit events, and in memory before it is answered.
//! The same keys sent again are told from secrets that are taken, so that an import that broke off
//! goes on where it stopped. What a key may be is decided where [`Service::create_key`] decides it.

mod given;
mod known;
mod write;

pub use given::Given;

use super::{CreateKey, require_creation, require_no_escalation};
use crate::{Service, caller::Caller, error::Error};
use domain::{id::KeyId, key::Key, key_type::Reveal, right::Deed, time::Timestamp};
use known::{Found, Known, Seen};
use std::sync::Arc;
use store::{Read, keys::ImportedKey};

/// The most keys of one batch.
pub const MAX_BATCH: usize = 1_000;

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
    key: ImportedKey,
    /// What its secret may stand under: one a master key.
    lookups: Vec<[u8; 32]>,
}

impl Import {
    /// Takes over the keys of one batch, of at most [`MAX_BATCH`]; says in their order what became of
    /// each.
    ///
    /// # Errors
    /// The store is unavailable; then nothing of this batch was written.
    pub async fn batch(&mut self, keys: Vec<ImportKey>) -> Result<Vec<Imported>, Error> {
        let at = self.service.now().wall;
        let (mut ready, mut refused) = (Vec::with_capacity(keys.len()), Vec::new());
        for (place, key) in keys.into_iter().enumerate() {
            match self.prepare(key, at).await {
                Ok(key) => ready.push(key),
                Err(error @ (Error::Unavailable { .. } | Error::Internal(_))) => return Err(error),
                Err(error) => refused.push((place, error)),
            }
        }
        let mut outcomes = match self.dry_run {
            true => self.rehearse(ready).await?,
            false => self.write(ready, at).await?,
        };
        // In the order of their places, so that each lands where it was.
        for (place, error) in refused {
            outcomes.insert(place, Imported::Refused(error));
        }
        Ok(outcomes)
    }

    /// Checks one key by the rules of its type, and seals what is known of its secret.
    async fn prepare(&self, item: ImportKey, at: Timestamp) -> Result<Ready, Error> {
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
        Ok(Ready { key: ImportedKey { key, secret, digest }, lookups })
    }

    /// Says what would become of the keys.
    async fn rehearse(&mut self, ready: Vec<Ready>) -> Result<Vec<Imported>, Error> {
        let ready = Arc::new(ready);
        let asked = Arc::clone(&ready);
        let known = self
            .service
            .store
            .read(move |r: &mut Read| Known::about(r, &asked))
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let found = known.judge(&ready, &mut self.seen);
        Ok(found
            .into_iter()
            .map(|found| match found {
                Found::Free(_) => Imported::WouldCreate,
                Found::Met(_) => Imported::WouldExist,
                other => other.outcome(),
            })
            .collect())
    }
}
