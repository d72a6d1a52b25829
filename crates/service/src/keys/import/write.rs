//! One batch: one transaction, an event for each chain that it touches.

use super::{
    Import, Imported, Ready,
    known::{Found, Known, Seen},
};
use crate::error::Error;
use domain::{
    audit::{AuditEvent, Fact, Origin},
    id::Scope,
    time::Timestamp,
};
use std::{collections::BTreeMap, sync::Arc};
use store::{
    Read, Tx,
    keys::{ImportedKey, import_line},
};
use uuid::Uuid;

/// How often a batch is tried when another node takes one of its secrets in between.
const TRIES: u32 = 5;

impl Import {
    /// Writes the keys of a batch that nobody has yet.
    pub(super) async fn write(
        &self,
        ready: Vec<Ready>,
        at: Timestamp,
    ) -> Result<Vec<Imported>, Error> {
        let ready = Arc::new(ready);
        let asked = Arc::clone(&ready);
        // Looked at first without a transaction: a file that is sent again has nothing to write.
        let known = self
            .service
            .store
            .read(move |r: &mut Read| Known::about(r, &asked))
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let mut found = known.judge(&ready, &mut Seen::default());
        let is_news = |one: &Found| matches!(one, Found::Free(_) | Found::Taken);
        if found.iter().any(is_news) {
            found = self.write_news(&ready, at).await?;
        }
        Ok(found.into_iter().map(Found::outcome).collect())
    }

    async fn write_news(
        &self,
        ready: &Arc<Vec<Ready>>,
        at: Timestamp,
    ) -> Result<Vec<Found>, Error> {
        let batch = Uuid::from_bytes(self.service.entropy.bytes()).hyphenated().to_string();
        let origin = self.caller.origin(at);
        let mut tries = 1;
        loop {
            let (batch, origin, ready) = (batch.clone(), origin.clone(), Arc::clone(ready));
            let written = self
                .service
                .store
                .write(move |tx: &mut Tx| -> Result<_, store::Error> {
                    let found = Known::about(tx, &ready)?.judge(&ready, &mut Seen::default());
                    let free = |(one, found): (&Ready, &Found)| {
                        matches!(found, Found::Free(_)).then(|| one.key.clone())
                    };
                    let new: Vec<ImportedKey> = ready.iter().zip(&found).filter_map(free).collect();
                    store::keys::import(tx, &batch, &new)?;
                    let events = events(&batch, &origin, &new, &found)?;
                    tx.commit_all(events, found)
                })
                .await;
            match written {
                // Another node was faster with one of them: what is there is looked up anew.
                Err(store::Error::Conflict("secret")) if tries < TRIES => tries += 1,
                other => return other.map_err(Error::from),
            }
        }
    }
}

/// One event in each chain: a tenant's names its keys, the cluster's counts all.
fn events(
    batch: &str,
    origin: &Origin,
    new: &[ImportedKey],
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
