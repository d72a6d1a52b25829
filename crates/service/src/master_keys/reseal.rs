//! What lies under a master key that has a successor is sealed anew, until nothing does.
//!
//! In short transactions, one after the other, with a pause between them: whoever verifies notices
//! nothing, whoever writes waits for a few milliseconds at most. It keeps no account of how far it is:
//! cut off anywhere, it begins with what is left.

use super::{event, system};
use crate::{Service, error::Error, seal::SealFailed};
use domain::audit::Fact;
use std::{future::Future, time::Duration};
use store::{
    Bookkeeping, Read, Tx,
    master_keys::{self, State},
    reseal,
};

/// Secrets of keys in one transaction.
const SECRETS: u32 = 1_000;
/// Rows of other tables that are read at once.
const OTHERS: u32 = 200;

/// What was done, and what could not be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Resealed {
    /// Rows that lie under the successor now.
    done: u64,
    /// Rows that do not open, and stay.
    stuck: u64,
}

impl Service {
    /// Seals anew whatever does not lie under the master key that writes, and retires the others.
    ///
    /// # Errors
    /// The store is unavailable, or the master key is used up; what is left is done the next time.
    pub async fn reseal(&self) -> Result<(), Error> {
        let _turn = self.master_keys.resealing.lock().await;
        for key in self.master_key_states().await? {
            if matches!(key.state, State::Retiring | State::Closed) {
                self.reseal_from(key.n, &key.name, key.state).await?;
            }
        }
        Ok(())
    }

    async fn reseal_from(&self, n: i32, name: &str, state: State) -> Result<(), Error> {
        let resealed = self.reseal_all(n).await?;
        if resealed.stuck > 0 {
            self.master_keys.complain(Some(format!(
                "{} rows under master key `{name}` do not open, and so it cannot retire",
                resealed.stuck
            )));
            return Ok(());
        }
        if state == State::Retiring {
            if !self.all_nodes_follow().await? {
                return Ok(());
            }
            let at = self.now().wall;
            let close = move |b: &mut Bookkeeping| {
                master_keys::change(b, n, State::Retiring, State::Closed, at)
            };
            self.store.record(close).await.map_err(|e: store::Error| Error::from(e))?;
        }
        // Whoever could still write under it has ended; what they left is done once more.
        if !self.older_transactions_ended().await? {
            return Ok(());
        }
        let late = self.reseal_all(n).await?;
        self.retire_empty(n, name, resealed.done.saturating_add(late.done)).await
    }

    /// Whether every node has taken up the master key that writes.
    async fn all_nodes_follow(&self) -> Result<bool, Error> {
        let keys = self.master_key_states().await?;
        let Some(writer) = keys.iter().find(|key| key.state == State::Writer) else {
            return Ok(false);
        };
        let nodes = self.live_nodes().await?;
        Ok(nodes.iter().all(|node| node.master_keys.first() == Some(&writer.name)))
    }

    async fn retire_empty(&self, n: i32, name: &str, done: u64) -> Result<(), Error> {
        let (origin, subject) = (system(self.now().wall), name.to_owned());
        let count = Fact::Int(i64::try_from(done).unwrap_or(i64::MAX));
        let retired = self
            .store
            .write(move |tx: &mut Tx| {
                if !reseal::is_empty(tx, n)? {
                    return Err(Error::NotFound);
                }
                let (from, to) = (State::Closed, State::Retired);
                if !master_keys::change_audited(tx, n, from, to, origin.at)? {
                    return Err(Error::NotFound);
                }
                let event = event("master_key.reseal", &subject, &origin);
                Ok(tx.commit(event.detail(vec![("count", count.clone())]), ())?)
            })
            .await;
        match retired {
            Ok(()) => {
                self.master_keys.complain(None);
                tracing::info!(master_key = name, rows = done, "retired: nothing lies under it");
                self.master_keys.wake.notify_one();
                Ok(())
            }
            // Something is left, or another node was first: the next round sees.
            Err(Error::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Everything that lies under a master key, table by table.
    async fn reseal_all(&self, n: i32) -> Result<Resealed, Error> {
        let mut all = Resealed::default();
        self.reseal_named(n, &mut all).await?;
        self.reseal_clients(n, &mut all).await?;
        self.reseal_issuers(n, &mut all).await?;
        self.reseal_signing_keys(n, &mut all).await?;
        self.reseal_secrets(n, &mut all).await?;
        Ok(all)
    }

    async fn reseal_secrets(&self, n: i32, all: &mut Resealed) -> Result<(), Error> {
        // Without any this costs nothing, where the loop would read all that is there.
        if !self.found(move |r: &mut Read| reseal::has_secrets(r, n)).await? {
            return Ok(());
        }
        let mut after = None;
        loop {
            let began = self.now().mono_ns;
            let old = self.found(move |r: &mut Read| reseal::secrets(r, n, after, SECRETS)).await?;
            let Some(last) = old.last() else { return Ok(()) };
            after = Some((last.digest.key_id, last.digest.slot));
            let mut moved = Vec::with_capacity(old.len());
            for secret in old {
                match self.keyring.reseal_secret(&secret) {
                    Ok(new) => moved.push((secret, new)),
                    Err(error) => {
                        self.stuck("key", &secret.digest.key_id.to_string(), error, all)?;
                    }
                }
            }
            all.done += u64::try_from(moved.len()).unwrap_or(0);
            self.put(move |b: &mut Bookkeeping| reseal::put_secrets(b, &moved)).await?;
            self.pause(began).await;
        }
    }

    async fn reseal_named(&self, n: i32, all: &mut Resealed) -> Result<(), Error> {
        let sealed = self.found(store::installation::list_sealed).await?;
        for old in sealed.into_iter().filter(|row| row.generation == n) {
            match self.keyring.reseal_named(&old) {
                Ok(new) => {
                    self.put(move |b: &mut Bookkeeping| reseal::put_named(b, &old, &new)).await?;
                    all.done += 1;
                }
                Err(error) => self.stuck("long-lived key", &old.name, error, all)?,
            }
        }
        Ok(())
    }

    async fn reseal_clients(&self, n: i32, all: &mut Resealed) -> Result<(), Error> {
        let mut after = None;
        loop {
            let found =
                self.found(move |r: &mut Read| reseal::clients(r, n, after, OTHERS)).await?;
            let Some((last, _)) = found.last() else { return Ok(()) };
            after = Some(*last);
            for (id, old) in found {
                match self.keyring.reseal_client(id, &old) {
                    Ok(new) => {
                        self.put(move |b: &mut Bookkeeping| reseal::put_client(b, id, &old, &new))
                            .await?;
                        all.done += 1;
                    }
                    Err(error) => self.stuck("client", &id.to_string(), error, all)?,
                }
            }
        }
    }

    async fn reseal_issuers(&self, n: i32, all: &mut Resealed) -> Result<(), Error> {
        let mut after = None;
        loop {
            let found =
                self.found(move |r: &mut Read| reseal::issuers(r, n, after, OTHERS)).await?;
            let Some((last, _)) = found.last() else { return Ok(()) };
            after = Some(*last);
            for (id, old) in found {
                match self.keyring.reseal_issuer(id, &old) {
                    Ok(new) => {
                        self.put(move |b: &mut Bookkeeping| reseal::put_issuer(b, id, &old, &new))
                            .await?;
                        all.done += 1;
                    }
                    Err(error) => self.stuck("issuer", &id.to_string(), error, all)?,
                }
            }
        }
    }

    async fn reseal_signing_keys(&self, n: i32, all: &mut Resealed) -> Result<(), Error> {
        let mut after = String::new();
        loop {
            let behind = after.clone();
            let found =
                self.found(move |r: &mut Read| reseal::signing_keys(r, n, &behind, OTHERS)).await?;
            let Some(last) = found.last() else { return Ok(()) };
            after.clone_from(&last.key.kid);
            for stored in found {
                let (key, Some(old)) = (stored.key, stored.private) else { continue };
                match self.keyring.reseal_signing_key(&key, &old) {
                    Ok(new) => {
                        let kid = key.kid;
                        self.put(move |b: &mut Bookkeeping| {
                            reseal::put_signing_key(b, &kid, &old, &new)
                        })
                        .await?;
                        all.done += 1;
                    }
                    Err(error) => self.stuck("signing key", &key.kid, error, all)?,
                }
            }
        }
    }

    /// One that does not open is out of service anyhow and keeps no other from its turn. A master key
    /// that is used up keeps all of them.
    fn stuck(
        &self,
        what: &'static str,
        id: &str,
        error: SealFailed,
        all: &mut Resealed,
    ) -> Result<(), Error> {
        if self.keyring.is_used_up() {
            return Err(Error::Internal(Box::new(error)));
        }
        tracing::error!(what, id, "does not open and cannot be sealed anew");
        all.stuck += 1;
        Ok(())
    }

    async fn found<T: Send + 'static>(
        &self,
        find: impl FnOnce(&mut Read) -> Result<T, store::Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.store.read(find).await.map_err(|e: store::Error| e.into())
    }

    async fn put(
        &self,
        put: impl Fn(&mut Bookkeeping) -> Result<(), store::Error> + Send + Sync + 'static,
    ) -> Result<(), Error> {
        self.store.record(put).await.map_err(|e: store::Error| e.into())
    }

    /// Half as long as the batch took: others get a third of the time at least.
    fn pause(&self, began_ns: u64) -> impl Future<Output = ()> + use<> {
        let took = Duration::from_nanos(self.now().mono_ns.saturating_sub(began_ns));
        tokio::time::sleep((took / 2).min(Duration::from_millis(250)))
    }
}
