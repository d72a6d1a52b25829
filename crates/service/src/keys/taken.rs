//! "Already taken" is an oracle: it says that a secret exists somewhere in the installation. A tenant
//! gets that answer twenty times an hour and then none at all for secrets of its own choosing (CW-06).

use crate::{Service, caller::Caller, error::Error};
use domain::{
    audit::{AuditEvent, Fact},
    id::Scope,
    key::Key,
    rate_limit::{Limit, Taken, Window},
};
use std::{
    collections::HashMap,
    pin::pin,
    sync::{Mutex, MutexGuard, PoisonError},
};
use store::Tx;
use tokio::sync::Notify;
use verifier::Now;

/// Such answers within [`SECONDS`].
const ANSWERS: u32 = 20;
const SECONDS: u32 = 3_600;
/// Tenants remembered at once; past that the idle ones are dropped.
const MAX_TENANTS: usize = 65_536;

/// The same words wherever the secret is in use.
pub(super) fn secret_taken() -> Error {
    Error::conflict("secret", "this secret is already in use; choose another one")
}

impl Service {
    /// The one answer for a taken secret, wherever and by whatever it is taken: audited.
    pub(super) async fn secret_is_taken(
        &self,
        caller: &Caller,
        key: &Key,
        now: Now,
    ) -> Result<Error, Error> {
        let subject = ("key", key.id.to_string());
        let event =
            AuditEvent::new("key.create_refused", key.scope, caller.origin(now.wall), subject)
                .detail(vec![
                    ("reason", Fact::Text("secret_taken".to_owned())),
                    ("keyType", Fact::Text(key.key_type.clone())),
                    ("name", Fact::Text(key.name.clone())),
                ]);
        self.store
            .write(move |tx: &mut Tx| tx.commit(event.clone(), ()).map_err(Error::from))
            .await?;
        Ok(secret_taken())
    }
}

/// How often each tenant was told that a secret is taken.
#[derive(Debug)]
pub(crate) struct TakenAnswers {
    limit: Option<Limit>,
    tenants: Mutex<HashMap<Scope, Told>>,
    /// Some try has ended.
    ended: Notify,
}

/// What one tenant was told, and how many of its tries may yet be told so.
#[derive(Debug, Default)]
struct Told {
    window: Window,
    trying: u32,
}

/// What becomes of a try.
enum Turn {
    Now,
    /// As many are under way as answers are left: how many of them are spent shows when they end.
    Later,
    /// No answer is left for so many seconds.
    Spent(u32),
}

/// A secret is being tried: one of the tenant's answers is kept for it until it ends.
#[derive(Debug)]
pub(super) struct Trying<'a> {
    answers: &'a TakenAnswers,
    scope: Scope,
}

impl Trying<'_> {
    /// Counts that the tenant was told.
    pub(super) fn told(self, mono_ns: u64) {
        let Some(limit) = self.answers.limit else { return };
        if let Some(told) = self.answers.tenants().get_mut(&self.scope) {
            let _ = told.window.take(mono_ns, limit, 1, false);
        }
    }
}

impl Drop for Trying<'_> {
    fn drop(&mut self) {
        if let Some(told) = self.answers.tenants().get_mut(&self.scope) {
            told.trying = told.trying.saturating_sub(1);
        }
        self.answers.ended.notify_waiters();
    }
}

impl TakenAnswers {
    pub(crate) fn new() -> Self {
        Self {
            limit: Limit::new(ANSWERS, SECONDS).ok(),
            tenants: Mutex::default(),
            ended: Notify::new(),
        }
    }

    /// Lets a secret of the caller's choosing be tried; `Err` holds the seconds to wait. It must be
    /// asked before the look-up: a refusal of the taken ones alone would still tell. However many try at
    /// once, no more are told than may be: those beyond wait for the others' ends.
    pub(super) async fn begin(&self, scope: Scope, mono_ns: u64) -> Result<Trying<'_>, u32> {
        loop {
            let mut ended = pin!(self.ended.notified());
            // From here on no end is missed.
            ended.as_mut().enable();
            match self.turn(scope, mono_ns) {
                Turn::Now => return Ok(Trying { answers: self, scope }),
                Turn::Later => ended.await,
                Turn::Spent(seconds) => return Err(seconds),
            }
        }
    }

    fn turn(&self, scope: Scope, mono_ns: u64) -> Turn {
        let Some(limit) = self.limit else { return Turn::Now };
        let mut tenants = self.tenants();
        if tenants.len() >= MAX_TENANTS {
            tenants.retain(|_, told| told.trying > 0 || !told.window.is_idle(mono_ns, limit));
        }
        let told = tenants.entry(scope).or_default();
        // A cost of 0 never refuses, so what is left is read.
        let (left, reset_after_ms) = match told.window.take(mono_ns, limit, 0, false).0 {
            Taken::Admitted { remaining, reset_after_ms } => (remaining, reset_after_ms),
            Taken::Refused { reset_after_ms, .. } => (0, reset_after_ms),
        };
        if left == 0 {
            let seconds = u32::try_from(reset_after_ms.div_ceil(1000)).unwrap_or(u32::MAX);
            return Turn::Spent(seconds.max(1));
        }
        if told.trying >= left {
            return Turn::Later;
        }
        told.trying += 1;
        Turn::Now
    }

    fn tenants(&self) -> MutexGuard<'_, HashMap<Scope, Told>> {
        self.tenants.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use domain::id::TenantId;
    use std::sync::Arc;

    fn tenant(n: u128) -> Scope {
        Scope::Tenant(TenantId(uuid::Uuid::from_u128(n)))
    }

    #[tokio::test]
    async fn cw_06_a_tenant_is_told_twenty_times_an_hour() {
        let told = TakenAnswers::new();
        for _ in 0..ANSWERS {
            told.begin(tenant(1), 5).await.unwrap().told(5);
        }
        assert_eq!(told.begin(tenant(1), 5).await.unwrap_err(), SECONDS);
        assert!(told.begin(tenant(2), 5).await.is_ok());
        assert!(told.begin(tenant(1), 5 + u64::from(SECONDS) * 1_000_000_000).await.is_ok());
    }

    #[tokio::test]
    async fn cw_06_as_many_are_told_however_many_try_at_once() {
        let told = Arc::new(TakenAnswers::new());
        let mut tries = tokio::task::JoinSet::new();
        for n in 0..100 {
            let told = Arc::clone(&told);
            tries.spawn(async move {
                let Ok(trying) = told.begin(tenant(1), 5).await else { return false };
                tokio::task::yield_now().await;
                // Each third is told; the others end without.
                if n % 3 == 0 {
                    trying.told(5);
                }
                n % 3 == 0
            });
        }
        let count = tries.join_all().await.into_iter().filter(|told| *told).count();
        assert_eq!(count, 20);
        assert!(told.tenants().values().all(|told| told.trying == 0));
    }
}
