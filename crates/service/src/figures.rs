//! What the jobs count, for metrics.

use crate::{Error, Service};
use domain::verdict::Verdict;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use verifier::Drained;

/// Counts since the start. Verdicts are added up when usage is flushed, once a second, so that a
/// verification pays nothing for them; while the store is away they stand still.
#[derive(Debug, Default)]
pub struct Figures {
    verdicts: [AtomicU64; Verdict::ALL.len()],
    flushed_at_ns: AtomicU64,
    flush_ns: AtomicU64,
    failed_jobs: AtomicU64,
}

impl Figures {
    pub(crate) fn flushed(&self, drained: &Drained, began_ns: u64, ended_ns: u64) {
        for (verdict, counted) in self.verdicts.iter().enumerate() {
            let of_keys = drained.keys.iter().filter_map(|key| key.counts.get(verdict));
            let more: u64 = of_keys.map(|count| u64::from(*count)).sum();
            counted.fetch_add(more, Relaxed);
        }
        if let Some(not_found) = self.verdicts.get(Verdict::NotFound as usize) {
            not_found.fetch_add(drained.not_found, Relaxed);
        }
        self.flush_ns.store(ended_ns.saturating_sub(began_ns), Relaxed);
        self.flushed_at_ns.store(ended_ns, Relaxed);
    }

    /// There was nothing to write.
    pub(crate) fn nothing_to_flush(&self, now_ns: u64) {
        self.flushed_at_ns.store(now_ns, Relaxed);
    }

    pub(crate) fn job_failed(&self) {
        self.failed_jobs.fetch_add(1, Relaxed);
    }

    /// Verifications by verdict.
    pub fn verdicts(&self) -> impl Iterator<Item = (Verdict, u64)> {
        Verdict::ALL
            .into_iter()
            .zip(&self.verdicts)
            .map(|(kind, count)| (kind, count.load(Relaxed)))
    }

    /// When usage was last known to be written, on the monotonic clock; 0: never.
    #[must_use]
    pub fn flushed_at_ns(&self) -> u64 {
        self.flushed_at_ns.load(Relaxed)
    }

    /// How long the last write of usage took, its wait in the queue included.
    #[must_use]
    pub fn flush_ns(&self) -> u64 {
        self.flush_ns.load(Relaxed)
    }

    /// Jobs that failed; each runs again.
    #[must_use]
    pub fn failed_jobs(&self) -> u64 {
        self.failed_jobs.load(Relaxed)
    }
}

impl Service {
    /// What the jobs count.
    #[must_use]
    pub fn figures(&self) -> &Figures {
        &self.0.figures
    }

    /// Operations that wait for the store, or are under way there.
    #[must_use]
    pub fn store_operations(&self) -> usize {
        self.0.store.operations()
    }

    /// The number of the newest audit event.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn audit_position(&self) -> Result<i64, Error> {
        Ok(self.0.store.read(store::audit::newest).await?)
    }
}
