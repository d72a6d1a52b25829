//! Sessions of browsers and codes that are over.

use crate::{Error, Service};

/// Ended ones stay so long, so that a code's second use is still told from a lie.
const KEPT_S: i64 = 86_400;

impl Service {
    /// Drops sessions and codes that ended a day ago.
    ///
    /// # Errors
    /// The store is unavailable.
    pub async fn prune_sessions(&self) -> Result<(), Error> {
        let before = self.now().wall.plus_seconds(-KEPT_S);
        let prune = move |b: &mut store::Bookkeeping| {
            Ok::<_, store::Error>(
                store::sessions::prune(b, before)? + store::authorization_codes::prune(b, before)?,
            )
        };
        while self.store.record(prune).await? > 0 {}
        Ok(())
    }
}
