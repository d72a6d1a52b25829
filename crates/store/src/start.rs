//! From an opened database to a `verifier` that is true and stays so.

use crate::{
    Clock, Error, Live, Unlocked,
    chain::AuditKey,
    feed::{self, Feed},
    listen, load,
    store::{Backend, Inner, Store, in_place, on_blocking_thread},
    tx::Read,
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};
use tokio::{runtime::Handle, sync::Notify, task::JoinHandle};
use verifier::Verifier;

const PRUNE_EVERY: Duration = Duration::from_secs(300);

impl Store {
    /// Takes what the unsealed keys give, loads everything into `verifier` and keeps it true from
    /// then on. Audited writes are possible from here.
    ///
    /// # Errors
    /// The database fails, or the store was started before.
    pub async fn start(
        &self,
        unlocked: Unlocked,
        verifier: Arc<Verifier>,
        clock: Clock,
    ) -> Result<(), Error> {
        let shared = matches!(self.0.backend, Backend::Postgres(_));
        let live = Live {
            audit_key: AuditKey::new(&unlocked.audit_key)?,
            opener: unlocked.opener,
            knows: unlocked.knows,
            key_types: unlocked.key_types,
            cors: unlocked.cors,
            rules: unlocked.rules,
            issuers: unlocked.issuers,
            signing_keys: unlocked.signing_keys,
            verifier: Arc::clone(&verifier),
            clock: clock.clone(),
            token_removals: Mutex::default(),
            own: shared.then(|| Mutex::new(HashMap::new())),
            doubtful: Mutex::default(),
        };
        if self.0.live.set(live).is_err() {
            return Err(Error::Unusable("the store was started before".to_owned()));
        }
        let mut tasks = match &self.0.backend {
            Backend::Sqlite { readers, .. } => {
                let (mut r, permit) = readers.lend().await?;
                let loaded = in_place(|| self.load(&mut r));
                readers.give_back(r);
                drop(permit);
                loaded?;
                verifier.confirm_fresh((clock.0)().mono_ns);
                vec![tokio::spawn(feed::tick(Arc::clone(&verifier), clock))]
            }
            Backend::Postgres(_) => self.start_shared().await?,
        };
        tasks.push(tokio::spawn(prune(Arc::downgrade(&self.0))));
        self.0.background.lock().unwrap_or_else(PoisonError::into_inner).extend(tasks);
        verifier.set_loaded();
        Ok(())
    }

    /// The feed's position comes before the load, and its first read after it: nothing falls between.
    async fn start_shared(&self) -> Result<Vec<JoinHandle<()>>, Error> {
        let Backend::Postgres(pool) = &self.0.backend else {
            return Ok(Vec::new());
        };
        let (this, ours) = (self.clone(), pool.clone());
        let runtime = Handle::current();
        let feed = on_blocking_thread(move || {
            let mut r = ours.connection(&runtime)?;
            let mut feed = Feed::start(&mut r)?;
            this.load(&mut r)?;
            drop(r);
            feed::read_once(&mut feed, &ours, &this.0.live, &runtime)?;
            Ok(feed)
        })
        .await?;
        let wake = Arc::new(Notify::new());
        let live = Arc::clone(&self.0.live);
        Ok(vec![
            tokio::spawn(listen::listen(pool.clone(), Arc::clone(&wake))),
            tokio::spawn(feed::follow(feed, pool.clone(), live, wake)),
        ])
    }

    fn load(&self, r: &mut Read) -> Result<(), Error> {
        let Some(live) = self.0.live.get() else {
            return Ok(());
        };
        let loaded = load::run(r, live)?;
        tracing::info!(
            keys = loaded.keys,
            tokens = loaded.tokens,
            left_out = loaded.left_out,
            "loaded"
        );
        Ok(())
    }
}

/// Keeps the change feed short. Holds the store only while it works.
async fn prune(inner: Weak<Inner>) {
    loop {
        tokio::time::sleep(PRUNE_EVERY).await;
        let Some(inner) = inner.upgrade() else { return };
        let store = Store(inner);
        loop {
            match store.record(feed::prune).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    tracing::warn!(%error, "the change feed was not pruned");
                    break;
                }
            }
        }
    }
}
