//! The keys of realms in memory, read when they are first asked for and forgotten with every change, on
//! whichever node it was made.

use super::RealmKeys;
use domain::id::TenantId;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Semaphore;

/// The keys of those realms that were asked for.
#[derive(Debug)]
pub(crate) struct KnownKeys {
    known: Mutex<Known>,
    /// Keys are made one after the other: everybody who waits for the first one of a realm finds it
    /// when their turn comes.
    pub(super) making: tokio::sync::Mutex<()>,
    /// Signatures that cost most of a millisecond, at once: one for each core, so that they leave room
    /// on each for what is quicker.
    pub(super) slow_signatures: Arc<Semaphore>,
}

#[derive(Debug, Default)]
struct Known {
    of: HashMap<TenantId, Arc<RealmKeys>>,
    /// Counts what was forgotten: whoever reads meanwhile may hold what is not so any more.
    forgotten: u64,
}

impl Default for KnownKeys {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            known: Mutex::default(),
            making: tokio::sync::Mutex::default(),
            slow_signatures: Arc::new(Semaphore::new(cores)),
        }
    }
}

impl KnownKeys {
    pub(super) fn find(&self, tenant: TenantId) -> Option<Arc<RealmKeys>> {
        self.lock().of.get(&tenant).cloned()
    }

    /// What [`Self::keep`] wants to know: how much was forgotten before the rows were read.
    pub(super) fn before_reading(&self) -> u64 {
        self.lock().forgotten
    }

    /// Keeps what was read, unless something was forgotten since.
    pub(super) fn keep(&self, before: u64, tenant: TenantId, keys: &Arc<RealmKeys>) {
        let mut known = self.lock();
        if known.forgotten == before {
            known.of.insert(tenant, Arc::clone(keys));
        }
    }

    /// The keys of this tenant are not what they were.
    pub(crate) fn forget(&self, tenant: TenantId) {
        let mut known = self.lock();
        known.forgotten = known.forgotten.wrapping_add(1);
        known.of.remove(&tenant);
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
