//! Tokens and counters of sign-ins that are over.

use crate::{Error, Service};

/// Ended tokens stay so long, so that a reuse is still told from a lie.
const KEPT_S: i64 = 86_400;

impl Service {
    /// Drops tokens that ended a day ago, and counters of sign-ins that nobody tried since.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn prune_tokens(&self) -> Result<(), Error> {
        let now = self.now().wall;
        let before = now.plus_seconds(-KEPT_S);
        let prune = move |b: &mut store::Bookkeeping| {
            Ok::<_, store::Error>(
                store::attempts::prune(b, before, now)? + store::tokens::prune(b, before)?,
            )
        };
        while self.store.record(prune).await? > 0 {}
        Ok(())
    }
}
