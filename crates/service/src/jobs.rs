//! Work that nobody waits for: usage to the store, states swept, heads signed, and what is kept for a
//! time let go. What a job does stands in the file of its thing: here is when.

mod audit;
mod sessions;
mod tokens;
mod usage;

use crate::Service;
use std::{future::Future, time::Duration};

/// How often usage goes to the store: at most so much of it can be lost.
const FLUSH_EVERY: Duration = Duration::from_secs(1);
/// Flushes between two roll-ups of usage into hours.
const ROLL_UP_EVERY: u32 = 60;
/// Flushes between two rounds of signing and pruning; a multiple of [`ROLL_UP_EVERY`].
const HOURLY: u32 = 3_600;

impl Service {
    /// Runs the jobs until `stop` resolves, then flushes and signs once more.
    pub async fn run_jobs(self, stop: impl Future<Output = ()>) {
        tokio::pin!(stop);
        let master_keys = tokio::spawn(self.clone().keep_master_keys());
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
            // At once after a start, too: what fell due while nothing ran is late already.
            if round % ROLL_UP_EVERY == 1 {
                self.logged("rotation of keys", self.rotate_due_keys().await);
            }
            if round.is_multiple_of(ROLL_UP_EVERY) {
                self.tidy_each_minute().await;
            }
            // A minute after the start for the first time: a process that is started anew every hour
            // prunes, too.
            if round % HOURLY == ROLL_UP_EVERY {
                self.tidy_each_hour().await;
            }
        }
        // Cut off anywhere it goes on at the next start.
        master_keys.abort();
        self.flush_usage().await;
        self.write_sign_in_notes(true).await;
        self.logged("signing of heads", self.sign_heads().await.map(|_| ()));
    }

    async fn tidy_each_minute(&self) {
        self.failed_credentials.sweep(self.now().mono_ns);
        self.read_through.sweep(self.now().mono_ns);
        self.logged("roll-up of usage", self.roll_up_usage().await);
        self.logged("release of keys", self.release_keys().await);
        self.logged("retiring of signing keys", self.retire_signing_keys().await);
    }

    async fn tidy_each_hour(&self) {
        self.logged("signing of heads", self.sign_heads().await.map(|_| ()));
        self.logged("holding of unused keys", self.hold_unused_keys().await);
        self.logged("pruning of tokens", self.prune_tokens().await);
        self.logged("pruning of sessions", self.prune_sessions().await);
        self.logged("pruning of replays", self.prune_replays().await);
        self.logged("pruning of usage", self.prune_usage().await);
        self.logged("purge of tenants", self.purge_tenants().await);
        self.logged("pruning of the audit log", self.prune_audit().await);
        self.logged("rotation of signing keys", self.rotate_due_signing_keys().await);
    }

    fn logged(&self, job: &str, outcome: Result<(), crate::Error>) {
        if let Err(error) = outcome {
            self.figures.job_failed();
            tracing::warn!(job, %error, "a job failed; it runs again");
        }
    }
}
