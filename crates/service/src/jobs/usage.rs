//! Usage on its way: from memory to the store once a second, rolled up into hours and days, and let go.

use crate::{Error, Service};
use std::sync::Arc;
use store::usage::Span;

/// Journal rows that one roll-up takes; more wait for the next one.
const ROLL_UP_ROWS: u32 = 600;
const DAY_S: i64 = 86_400;
/// How long the counts of an hour are kept.
const HOURS_KEPT_S: i64 = 90 * DAY_S;
/// How long the counts of a day are kept: two years, one of them perhaps a leap year.
const DAYS_KEPT_S: i64 = 731 * DAY_S;

impl Service {
    /// Writes the counters that memory gathered; a flush that fails gives them back. Says whether nothing
    /// is left to write.
    pub async fn flush_usage(&self) -> bool {
        let drained = self.verifier.drain_usage();
        let began = self.now();
        if drained.keys.is_empty() && drained.not_found == 0 {
            self.figures.nothing_to_flush(began.mono_ns);
            return true;
        }
        let at = began.wall;
        let drained = Arc::new(drained);
        let written = {
            let drained = Arc::clone(&drained);
            self.store.record(move |b| store::usage::flush(b, at, &drained)).await
        };
        if let Err(error) = written {
            self.verifier.restore_usage(&drained);
            self.figures.job_failed();
            tracing::warn!(%error, "usage could not be written; it is kept for the next round");
            return false;
        }
        self.figures.flushed(&drained, began.mono_ns, self.now().mono_ns);
        true
    }

    /// Adds the journal of flushes up into hours and days.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn roll_up_usage(&self) -> Result<(), Error> {
        let at = self.now().wall;
        Ok(self
            .store
            .record(move |b| store::usage::roll_up(b, at, ROLL_UP_ROWS).map(|_| ()))
            .await?)
    }

    /// Drops the counts of hours after 90 days and those of days after two years. When a key was last
    /// used stays.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn prune_usage(&self) -> Result<(), Error> {
        let now = self.now().wall;
        for (span, kept_s) in [(Span::Hour, HOURS_KEPT_S), (Span::Day, DAYS_KEPT_S)] {
            let before = now.plus_seconds(-kept_s);
            let prune = move |b: &mut store::Bookkeeping| store::usage::prune(b, span, before);
            while self.store.record(prune).await? > 0 {}
        }
        Ok(())
    }
}
