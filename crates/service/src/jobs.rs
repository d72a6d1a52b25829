//! Work that nobody waits for: usage to the store, states swept, tokens pruned, heads signed.

use crate::Service;
use std::{future::Future, time::Duration};

/// How often usage goes to the store: at most so much of it can be lost.
const FLUSH_EVERY: Duration = Duration::from_secs(1);
/// Flushes between two roll-ups of usage into hours.
const ROLL_UP_EVERY: u32 = 60;
/// Journal rows that one roll-up takes; more wait for the next one.
const ROLL_UP_ROWS: u32 = 600;
/// Flushes between two rounds of signing and pruning.
const HOURLY: u32 = 3_600;
/// Ended tokens stay so long, so that a reuse is still told from a lie.
const TOKENS_KEPT_S: i64 = 86_400;

impl Service {
    /// Runs the jobs until `stop` resolves, then flushes and signs once more.
    pub async fn run_jobs(self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let mut every = tokio::time::interval(FLUSH_EVERY);
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut round = 0_u32;
        loop {
            tokio::select! {
                () = &mut stop => break,
                _ = every.tick() => {}
            }
            round = round.wrapping_add(1);
            self.flush_usage().await;
            self.logged("counting of seals", self.count_seals().await);
            self.write_sign_in_notes(false).await;
            self.verifier.sweep(self.now().mono_ns);
            if round.is_multiple_of(ROLL_UP_EVERY) {
                self.failed_credentials.sweep(self.now().mono_ns);
                self.read_through.sweep(self.now().mono_ns);
                self.logged("roll-up of usage", self.roll_up_usage().await);
            }
            if round.is_multiple_of(HOURLY) {
                self.logged("signing of heads", self.sign_heads().await.map(|_| ()));
                self.logged("pruning of tokens", self.prune_tokens().await);
                self.logged("pruning of replays", self.prune_replays().await);
            }
        }
        self.flush_usage().await;
        self.write_sign_in_notes(true).await;
        self.logged("signing of heads", self.sign_heads().await.map(|_| ()));
    }

    /// Writes the counters that memory gathered; a flush that fails gives them back.
    pub async fn flush_usage(&self) {
        let drained = self.verifier.drain_usage();
        let began = self.now();
        if drained.keys.is_empty() && drained.not_found == 0 {
            return self.figures.nothing_to_flush(began.mono_ns);
        }
        let at = began.wall;
        let drained = std::sync::Arc::new(drained);
        let written = {
            let drained = std::sync::Arc::clone(&drained);
            self.store.record(move |b| store::usage::flush(b, at, &drained)).await
        };
        if let Err(error) = written {
            self.verifier.restore_usage(&drained);
            self.figures.job_failed();
            tracing::warn!(%error, "usage could not be written; it is kept for the next round");
            return;
        }
        self.figures.flushed(&drained, began.mono_ns, self.now().mono_ns);
    }

    /// Adds the journal of flushes up into hours.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn roll_up_usage(&self) -> Result<(), crate::Error> {
        let at = self.now().wall;
        Ok(self
            .store
            .record(move |b| store::usage::roll_up(b, at, ROLL_UP_ROWS).map(|_| ()))
            .await?)
    }

    /// Drops tokens that ended a day ago, and counters of sign-ins that nobody tried since.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn prune_tokens(&self) -> Result<(), crate::Error> {
        let now = self.now().wall;
        let before = now.plus_seconds(-TOKENS_KEPT_S);
        let prune = move |b: &mut store::Bookkeeping| {
            store::attempts::prune(b, before, now)?;
            store::tokens::prune(b, before)
        };
        while self.store.record(prune).await? > 0 {}
        Ok(())
    }

    fn logged(&self, job: &str, outcome: Result<(), crate::Error>) {
        if let Err(error) = outcome {
            self.figures.job_failed();
            tracing::warn!(job, %error, "a job failed; it runs again");
        }
    }
}
