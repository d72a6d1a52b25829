//! Every key of the installation in memory, and the one question asked of it: may this pass?
//!
//! [`Verifier::verify`] reads memory only and waits for no writer. No SQL, no HTTP, no clock: both
//! instants come in as [`Now`], and whatever changes comes in from the store as whole states with
//! versions.

mod authenticate;
mod feed;
mod index;
mod interned;
mod limiter;
#[cfg(loom)]
pub mod loom_models;
mod names;
mod principals;
mod question;
mod record;
pub mod sample;
mod secrets;
mod settings;
mod slab;
mod slots;
mod state;
mod sync;
mod table;
mod take;
#[cfg(all(test, not(loom)))]
mod tests;
mod tokens;
mod usage;
mod verify;
mod writer;

pub use feed::{
    Drained, KeyState, KeyUsage, LiveSecret, Options, PrincipalState, Stats, TenantState,
    TokenState,
};
pub use principals::{LiveTenant, Principal};
pub use question::{Caller, Found, LimitState, Now, Outcome, Presented, Unavailable, Warning};

use domain::{
    actor::PrincipalId,
    id::{FamilyId, KeyId},
    secret::{MAX_SECRET_BYTES, SecretDigest},
    verdict::Request,
};
use principals::Seat;
use std::{
    borrow::Borrow,
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{
            AtomicBool, AtomicU64,
            Ordering::{Acquire, Relaxed, Release},
        },
    },
};
use verify::{Mode, Question};

/// At most 2^26 keys can be in use at the same time.
const STATE_BITS: u32 = 26;

/// Every key, token, tenant and principal, ready to be asked.
pub struct Verifier {
    index: index::Index,
    states: limiter::States,
    returned: usage::Returned,
    seats: RwLock<HashMap<PrincipalId, Arc<Seat>>>,
    writer: Mutex<writer::Writer>,
    loaded: AtomicBool,
    refusing: AtomicBool,
    fresh_at: AtomicU64,
    stale_after_ms: u64,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").finish_non_exhaustive()
    }
}

/// Asking.
impl Verifier {
    /// An empty one, whose misses are `Loading` until [`Self::set_loaded`].
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self {
            index: index::Index::new(options.expected_keys, options.seed),
            states: limiter::States::new(STATE_BITS, options.limiter_memory_cap),
            returned: usage::Returned::default(),
            seats: RwLock::default(),
            writer: Mutex::new(writer::Writer::new(options.expected_keys, options.nodes)),
            loaded: AtomicBool::new(false),
            refusing: AtomicBool::new(false),
            fresh_at: AtomicU64::new(0),
            stale_after_ms: options.stale_after_ms,
        }
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
        self.present(presented, now, Mode::Call(presented.cost), answer)
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
        let question = Question { digest, asked, now, mode: Mode::Look };
        self.judge(&question, answer)
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
        self.caller(&SecretDigest::of(token_text), now)
    }

    /// The same by the token's digest: for whoever looks again.
    ///
    /// # Errors
    /// As [`Self::authenticate`].
    pub fn caller_of(
        &self,
        digest: &SecretDigest,
        now: Now,
    ) -> Result<Option<Caller>, Unavailable> {
        self.caller(digest, now)
    }

    /// Whether an access token with this digest is in memory.
    #[must_use]
    pub fn token_known(&self, digest: &SecretDigest) -> bool {
        self.index.token(&self.index.print(digest)).is_some()
    }

    /// A person or a client by id, live.
    #[must_use]
    pub fn principal(&self, id: PrincipalId) -> Option<Arc<Principal>> {
        let seats = self.seats.read().unwrap_or_else(PoisonError::into_inner);
        seats.get(&id)?.principal().map(Arc::clone)
    }
}

/// What the store tells. Any thread may call; one change at a time is applied, and only when its
/// version is higher than what is known.
impl Verifier {
    /// Applies a tenant.
    pub fn apply_tenant(&self, state: &TenantState) {
        self.writer().tenant(state.id).apply(state);
    }

    /// Applies a person or a client.
    pub fn apply_principal(&self, state: &PrincipalState) {
        let mut writer = self.writer();
        let tenant = state.scope.tenant().map(|t| writer.tenant(t));
        self.seat(state.id).apply(state, tenant);
    }

    /// Inserts or updates a key with all its live secrets: a secret of it that is not among them
    /// opens nothing from now on.
    pub fn apply_key(&self, state: &KeyState) {
        self.writer().apply_key(&self.index, state, |id| self.seat(id));
    }

    /// As [`Self::apply_key`] for many, under one lock: for loading.
    pub fn apply_keys_bulk(&self, states: impl IntoIterator<Item: Borrow<KeyState>>) {
        let mut writer = self.writer();
        for state in states {
            writer.apply_key(&self.index, state.borrow(), |id| self.seat(id));
        }
    }

    /// Removes a key unless a newer version of it is known. Secrets that another key has by now
    /// stay with that one.
    pub fn remove_key(&self, id: KeyId, version: u32) {
        self.writer().remove_key(&self.index, id, version);
    }

    /// Inserts an access token, unless it was removed before.
    pub fn apply_token(&self, token: &TokenState) {
        self.writer().apply_token(&self.index, token, |id| self.seat(id));
    }

    /// Removes an access token.
    pub fn remove_token(&self, digest: &SecretDigest) {
        let print = self.index.print(digest);
        self.writer().remove_token(&self.index, print);
    }

    /// Removes every access token of a refresh family.
    pub fn remove_family(&self, family: FamilyId) {
        self.writer().remove_family(&self.index, family);
    }

    /// Removes every access token that speaks for a principal.
    pub fn remove_tokens_of(&self, principal: PrincipalId) {
        self.writer().remove_tokens_of(&self.index, principal);
    }

    /// Says that every key is in memory: from now on a miss is `NotFound`.
    pub fn set_loaded(&self) {
        self.loaded.store(true, Release);
    }

    fn writer(&self) -> MutexGuard<'_, writer::Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A principal's place, made when it is named for the first time.
    fn seat(&self, id: PrincipalId) -> Arc<Seat> {
        let known = self.seats.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(seat) = known.get(&id) {
            return Arc::clone(seat);
        }
        drop(known);
        let mut seats = self.seats.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(seats.entry(id).or_default())
    }
}

/// Keeping house.
impl Verifier {
    /// Whether all is loaded, and when freshness was last confirmed.
    #[must_use]
    pub fn freshness(&self) -> (bool, u64) {
        (self.loaded.load(Acquire), self.fresh_at.load(Relaxed))
    }

    /// Takes what was counted since the last drain. Keys that were not called cost nothing.
    #[must_use]
    pub fn drain_usage(&self) -> Drained {
        let mut keys = Vec::new();
        self.states.drain(|slot, low, counts| {
            let record = self.index.records.get(slot);
            if let Some(record) = record.filter(|r| r.low_id() == low) {
                keys.push(KeyUsage::of(record.key_id(), counts));
            }
        });
        let not_found = self.states.drain_strangers();
        self.returned.add_to(Drained { keys, not_found })
    }

    /// Gives counts back after a flush that failed; the next drain has them again.
    pub fn restore_usage(&self, drained: &Drained) {
        self.returned.give_back(drained.not_found, &drained.keys);
    }

    /// Frees idle limiter states, slots that have rested, and tokens that are over. Call it about
    /// once a second.
    pub fn sweep(&self, mono_ns: u64) {
        self.states.sweep(mono_ns, |slot| Some(&self.index.records.get(slot)?.state));
        let mut writer = self.writer();
        writer.sweep(&self.index, &self.states, &self.returned, mono_ns);
        writer.sweep_tokens(&self.index, mono_ns);
    }

    /// Sizes, for metrics.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let writer = self.writer();
        let (limiter_states, coarse_states) = self.states.in_use();
        Stats {
            keys: writer.keys,
            tokens: writer.tokens.count,
            index_bytes: self.index.bytes() + writer.bytes(),
            name_bytes: self.index.names.bytes(),
            limiter_states,
            coarse_states,
        }
    }
}
