//! The rules in memory, and the snapshot that is made of them.

use super::{Configured, Rules};
use crate::error::Error;
use arc_swap::ArcSwap;
use std::sync::{Arc, Mutex, PoisonError};

/// All rules of the installation.
#[derive(Debug, Default)]
pub(crate) struct KnownRules {
    current: ArcSwap<Rules>,
    parts: Mutex<Parts>,
}

/// What a snapshot is made of.
#[derive(Debug, Default)]
struct Parts {
    configured: Configured,
}

impl KnownRules {
    /// What is enforced now.
    pub(crate) fn current(&self) -> Arc<Rules> {
        self.current.load_full()
    }

    /// Takes the rules of the configuration over, in place of those before.
    pub(crate) fn configure(&self, configured: Configured) -> Result<(), Error> {
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        parts.configured = configured;
        self.current.store(Arc::new(parts.rules()));
        Ok(())
    }
}

impl Parts {
    fn rules(&self) -> Rules {
        let policies = self.configured.policies.iter().cloned().map(Arc::new);
        let routes = self.configured.routes.iter().cloned().map(Arc::new);
        Rules::new(policies, routes)
    }
}
