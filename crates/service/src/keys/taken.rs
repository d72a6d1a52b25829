//! "Already taken" is an oracle: it says that a secret exists somewhere in the installation. A tenant
//! gets that answer twenty times an hour and then none at all for secrets of its own choosing (CW-06).

use crate::error::Error;
use domain::{
    id::Scope,
    rate_limit::{Limit, Taken, Window},
};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// Such answers within [`SECONDS`].
const ANSWERS: u32 = 20;
const SECONDS: u32 = 3_600;
/// Tenants remembered at once; past that the idle ones are dropped.
const MAX_TENANTS: usize = 65_536;

/// The same words wherever the secret is in use.
pub(super) fn secret_taken() -> Error {
    Error::conflict("secret", "this secret is already in use; choose another one")
}

/// How often each tenant was told that a secret is taken.
#[derive(Debug)]
pub(crate) struct TakenAnswers {
    limit: Option<Limit>,
    tenants: Mutex<HashMap<Scope, Window>>,
}

impl TakenAnswers {
    pub(crate) fn new() -> Self {
        Self { limit: Limit::new(ANSWERS, SECONDS).ok(), tenants: Mutex::default() }
    }

    /// Whether a secret of the caller's choosing may be tried; `Err` holds the seconds to wait. It
    /// must be asked before the look-up: a refusal of the taken ones alone would still tell.
    pub(crate) fn check(&self, scope: Scope, mono_ns: u64) -> Result<(), u32> {
        let Some(limit) = self.limit else { return Ok(()) };
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(window) = tenants.get_mut(&scope) else { return Ok(()) };
        match window.take(mono_ns, limit, 0, false).0 {
            Taken::Admitted { remaining: 0, reset_after_ms }
            | Taken::Refused { reset_after_ms, .. } => {
                Err(u32::try_from(reset_after_ms.div_ceil(1000)).unwrap_or(u32::MAX).max(1))
            }
            Taken::Admitted { .. } => Ok(()),
        }
    }

    /// Counts one such answer.
    pub(crate) fn answered(&self, scope: Scope, mono_ns: u64) {
        let Some(limit) = self.limit else { return };
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        if tenants.len() >= MAX_TENANTS {
            tenants.retain(|_, window| !window.is_idle(mono_ns, limit));
        }
        let _ = tenants.entry(scope).or_default().take(mono_ns, limit, 1, false);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use domain::id::TenantId;

    #[test]
    fn cw_06_a_tenant_is_told_twenty_times_an_hour() {
        let told = TakenAnswers::new();
        let tenant = |n| Scope::Tenant(TenantId(uuid::Uuid::from_u128(n)));
        for _ in 0..ANSWERS {
            assert_eq!(told.check(tenant(1), 5), Ok(()));
            told.answered(tenant(1), 5);
        }
        assert_eq!(told.check(tenant(1), 5), Err(SECONDS));
        assert_eq!(told.check(tenant(2), 5), Ok(()));
        assert_eq!(told.check(tenant(1), 5 + u64::from(SECONDS) * 1_000_000_000), Ok(()));
    }
}
