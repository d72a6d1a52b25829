//! Every key of the installation in memory, and the one question asked of it: may this pass?
//!
//! [`Verifier::verify`] reads memory only and waits for no writer. No SQL, no HTTP, no clock: both
//! instants come in as [`Now`], and whatever changes comes in from the store as whole states with
//! versions.

mod feed;
mod plain;
mod principals;
mod question;

pub use feed::{
    Drained, KeyState, KeyUsage, LiveSecret, Options, PrincipalState, Stats, TokenState,
};
pub use principals::Principal;
pub use question::{Caller, Found, LimitState, Now, Outcome, Presented, Unavailable};

use domain::{
    actor::PrincipalId,
    id::{FamilyId, KeyId, TenantId},
    secret::{MAX_SECRET_BYTES, SecretDigest, Shape},
    verdict::{Request, Standing, Verdict},
};
use std::{
    borrow::Borrow,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Every key, token, tenant and principal, ready to be asked.
pub struct Verifier {
    options: Options,
    plain: Mutex<plain::Plain>,
}

impl Verifier {
    /// An empty one that answers `Loading` until [`Self::set_loaded`].
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            options,
            plain: Mutex::default(),
        }
    }

    fn plain(&self) -> MutexGuard<'_, plain::Plain> {
        self.plain.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Judges a presented secret, takes its units, counts the call.
    ///
    /// # Errors
    /// No verdict can be given now.
    pub fn verify<R>(
        &self,
        presented: &Presented<'_>,
        now: Now,
        answer: impl FnOnce(&Outcome<'_>) -> R,
    ) -> Result<R, Unavailable> {
        if Shape::of(presented.secret).is_err() {
            return Ok(answer(&Outcome {
                verdict: Verdict::NotFound,
                found: None,
                limit: None,
            }));
        }
        let digest = SecretDigest::of(presented.secret);
        self.plain().verify(
            &digest,
            &presented.asked,
            Some(presented.cost),
            now,
            &self.options,
            answer,
        )
    }

    /// Judges the key with this digest; takes no unit, counts nothing.
    ///
    /// # Errors
    /// No verdict can be given now.
    pub fn inspect<R>(
        &self,
        digest: &SecretDigest,
        now: Now,
        asked: &Request<'_>,
        answer: impl FnOnce(&Outcome<'_>) -> R,
    ) -> Result<R, Unavailable> {
        self.plain()
            .verify(digest, asked, None, now, &self.options, answer)
    }

    /// Who presents this access token; `None` when it is unknown, over, revoked, or when its
    /// principal, that one's tenant or its client is not in service.
    ///
    /// # Errors
    /// It cannot be said now.
    pub fn authenticate(&self, token_text: &str, now: Now) -> Result<Option<Caller>, Unavailable> {
        if token_text.len() > MAX_SECRET_BYTES {
            return Ok(None);
        }
        self.plain()
            .authenticate(&SecretDigest::of(token_text), now, &self.options)
    }

    /// Whether an access token with this digest is in memory.
    #[must_use]
    pub fn token_known(&self, digest: &SecretDigest) -> bool {
        self.plain().tokens.contains_key(digest)
    }

    /// Applies a tenant's standing.
    pub fn apply_tenant(&self, id: TenantId, standing: Standing, version: u32) {
        self.plain().tenant(id).apply(standing, version);
    }

    /// Applies a person or a client.
    pub fn apply_principal(&self, state: &PrincipalState) {
        let mut plain = self.plain();
        let tenant = state.scope.tenant().map(|t| plain.tenant(t));
        plain.seat(state.id).apply(state, tenant);
    }

    /// Applies a key with all its live secrets.
    pub fn apply_key(&self, state: &KeyState) {
        self.plain().apply_key(state);
    }

    /// Applies many keys under one lock.
    pub fn apply_keys_bulk(&self, states: impl IntoIterator<Item: Borrow<KeyState>>) {
        let mut plain = self.plain();
        for state in states {
            plain.apply_key(state.borrow());
        }
    }

    /// Removes a key unless a newer version of it is known. Another key's digests stay.
    pub fn remove_key(&self, id: KeyId, version: u32) {
        self.plain().remove_key(id, version);
    }

    /// Applies an access token.
    pub fn apply_token(&self, token: &TokenState) {
        self.plain().tokens.insert(token.digest, token.clone());
    }

    /// Removes an access token.
    pub fn remove_token(&self, digest: &SecretDigest) {
        self.plain().tokens.remove(digest);
    }

    /// Removes every access token of a refresh family.
    pub fn remove_family(&self, family: FamilyId) {
        self.plain().remove_family(family);
    }

    /// Removes every access token that speaks for a principal.
    pub fn remove_tokens_of(&self, principal: PrincipalId) {
        self.plain().tokens.retain(|_, t| t.principal != principal);
    }

    /// Says that every key is in memory: from now on a miss is `NotFound`.
    pub fn set_loaded(&self) {
        self.plain().loaded = true;
    }

    /// Says that memory agreed with the database at this instant. Every backend must call it again
    /// and again, or answers end with `Stale`.
    pub fn confirm_fresh(&self, mono_ns: u64) {
        let mut plain = self.plain();
        plain.fresh_at = plain.fresh_at.max(mono_ns);
    }

    /// Whether all is loaded, and when freshness was last confirmed.
    #[must_use]
    pub fn freshness(&self) -> (bool, u64) {
        let plain = self.plain();
        (plain.loaded, plain.fresh_at)
    }

    /// Takes what was counted since the last drain.
    #[must_use]
    pub fn drain_usage(&self) -> Drained {
        self.plain().drain()
    }

    /// Gives counts back after a flush that failed.
    pub fn restore_usage(&self, drained: &Drained) {
        self.plain().restore(drained);
    }

    /// Frees what is idle. Call it about once a second.
    pub fn sweep(&self, _mono_ns: u64) {}

    /// A person or a client by id, live.
    #[must_use]
    pub fn principal(&self, id: PrincipalId) -> Option<Arc<Principal>> {
        self.plain().seats.get(&id)?.principal().map(Arc::clone)
    }

    /// Sizes, for metrics.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let plain = self.plain();
        Stats {
            keys: plain.key_count(),
            tokens: plain.tokens.len(),
            ..Stats::default()
        }
    }
}
