//! One batch: one transaction, an event for each chain that it touches.

use super::{
    Imported, Ready,
    known::{Found, Known, Seen, types},
};
use crate::{Service, error::Error};
use domain::{
    audit::{AuditEvent, Fact, Origin},
    id::Scope,
};
use std::{borrow::Cow, collections::BTreeMap, sync::Arc};
use store::{
    Read, Tx,
    keys::{ImportedKey, import_line},
};
use uuid::Uuid;

/// How often a batch is tried when somebody else takes one of its secrets in between.
const TRIES: u32 = 5;

/// Who writes the keys of an import, in transactions that may wait for the store at the same time.
#[derive(Clone)]
pub(super) struct Writing {
    pub(super) service: Service,
    pub(super) origin: Origin,
    /// Those that the look-ups are of.
    pub(super) master_keys: Arc<[i32]>,
}

impl Writing {
    /// Writes the keys of one transaction that nobody has yet.
    pub(super) async fn write(self, ready: Vec<Ready>) -> Result<Vec<(usize, Imported)>, Error> {
        if ready.is_empty() {
            return Ok(Vec::new());
        }
        let ready = Arc::new(ready);
        let (asked, at) = (Arc::clone(&ready), self.origin.at);
        // Looked at first without a transaction: a file that is sent again has nothing to write.
        let known = self
            .service
            .store
            .read(move |r: &mut Read| Known::about(r, &asked, at))
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let mut found = known.judge(&ready, &mut Seen::default());
        let is_news = |one: &Found| matches!(one, Found::Free(_) | Found::Taken);
        if found.iter().any(is_news) {
            found = self.write_news(&ready, known).await?;
        }
        Ok(ready.iter().map(|one| one.place).zip(found.into_iter().map(Found::outcome)).collect())
    }

    async fn write_news(&self, ready: &Arc<Vec<Ready>>, known: Known) -> Result<Vec<Found>, Error> {
        let batch = Uuid::from_bytes(self.service.entropy.bytes()).hyphenated().to_string();
        let known = Arc::new(known);
        // A secret that is taken since is noticed when it is written, if it stands under one look-up
        // alone; under the other one of a master key that is being changed it would not be.
        let mut look_again = ready.iter().any(|one| one.lookups.len() > 1);
        let mut tries = 1;
        loop {
            let (batch, origin, ready) = (batch.clone(), self.origin.clone(), Arc::clone(ready));
            let (known, master_keys) = (Arc::clone(&known), Arc::clone(&self.master_keys));
            let written = self
                .service
                .store
                .write(move |tx: &mut Tx| -> Result<_, store::Error> {
                    let mut seen = Seen::default();
                    store::master_keys::require_known(tx, &master_keys)?;
                    // What a policy counts stays as it is until this has ended.
                    for (scope, key_type) in types(&ready) {
                        store::key_policies::governing_for_update(tx, scope, &key_type)?;
                    }
                    let known = match look_again {
                        true => Known::about(tx, &ready, origin.at)?,
                        false => known.looked_up_again(tx, &ready)?,
                    };
                    let found = known.judge(&ready, &mut seen);
                    let pairs = ready.iter().zip(&found);
                    let new: Vec<Cow<'_, ImportedKey>> = pairs
                        .filter(|(_, found)| matches!(found, Found::Free(_)))
                        .map(|(one, _)| {
                            known.settled(one).map_or(Cow::Borrowed(&one.key), Cow::Owned)
                        })
                        .collect();
                    let new: Vec<&ImportedKey> = new.iter().map(AsRef::as_ref).collect();
                    store::keys::import(tx, &batch, &new)?;
                    let events = events(&batch, &origin, &new, &found)?;
                    tx.commit_all(events, found)
                })
                .await;
            match written {
                // Somebody else was faster with one of them: what is there is looked up anew.
                Err(store::Error::Conflict("secret")) if tries < TRIES => {
                    tries += 1;
                    look_again = true;
                }
                other => return other.map_err(Error::from),
            }
        }
    }
}

/// One event in each chain: a tenant's names its keys, the cluster's counts all.
fn events(
    batch: &str,
    origin: &Origin,
    new: &[&ImportedKey],
    found: &[Found],
) -> Result<Vec<AuditEvent>, store::Error> {
    let mut lines: BTreeMap<Scope, Vec<String>> = BTreeMap::from([(Scope::Cluster, Vec::new())]);
    for one in new {
        lines.entry(one.key.scope).or_default().push(import_line(&one.key)?);
    }
    let number = |n: usize| Fact::Int(i64::try_from(n).unwrap_or(i64::MAX));
    let count = |wanted: fn(&Found) -> bool| number(found.iter().filter(|one| wanted(one)).count());
    let events = lines.into_iter().map(|(scope, keys)| {
        let mut detail = match scope {
            Scope::Cluster => vec![
                ("created", number(new.len())),
                ("existed", count(|one| matches!(one, Found::Exists(_) | Found::Met(_)))),
                ("taken", count(|one| *one == Found::Taken)),
            ],
            Scope::Tenant(_) => vec![("created", number(keys.len()))],
        };
        detail.push(("keys", Fact::List(keys)));
        let subject = ("import", batch.to_owned());
        AuditEvent::new("key.import", scope, origin.clone(), subject).detail(detail)
    });
    Ok(events.collect())
}
