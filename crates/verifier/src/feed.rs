//! What the store tells: whole states, each with its version.

use crate::state::Counts;
use domain::{
    actor::PrincipalId,
    id::{ClientId, FamilyId, Scope, TenantId},
    key::Key,
    right::Rights,
    secret::SecretDigest,
    tenant::{Unacknowledged, WarningDays},
    time::Timestamp,
    verdict::Standing,
};

/// How a [`crate::Verifier`] is built.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Nodes that share every limit; each enforces its share. 0 counts as 1.
    pub nodes: u32,
    /// Above this many bytes of limiter state, new states are coarse.
    pub limiter_memory_cap: usize,
    /// Keys to make room for at once; more are taken all the same.
    pub expected_keys: usize,
    /// 16 random bytes: where a digest lies in the index is nobody's to choose.
    pub seed: [u8; 16],
    /// How old the last proof of freshness may be.
    pub stale_after_ms: u64,
}

impl Default for Options {
    /// One node, 256 MiB of limiter state, 15 minutes; the seed is all zeros and must be replaced
    /// wherever strangers can choose secrets.
    fn default() -> Self {
        Self {
            nodes: 1,
            limiter_memory_cap: 256 << 20,
            expected_keys: 0,
            seed: [0; 16],
            stale_after_ms: 900_000,
        }
    }
}

/// A tenant as the store has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TenantState {
    /// Which one.
    pub id: TenantId,
    /// Whether it serves.
    pub standing: Standing,
    /// What becomes of its keys that nobody acknowledged.
    pub unacknowledged: Unacknowledged,
    /// From how many days before its end on a key's verdict says how many are left.
    pub warning_days: WarningDays,
    /// Counts the changes; only a higher one is applied.
    pub version: u32,
}

impl TenantState {
    /// A tenant without a policy of its own.
    #[must_use]
    pub fn plain(id: TenantId, standing: Standing, version: u32) -> Self {
        let (unacknowledged, warning_days) = (Unacknowledged::Live, WarningDays::default());
        Self { id, standing, unacknowledged, warning_days, version }
    }
}

/// A person or a client as the store has it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PrincipalState {
    /// Which one.
    pub id: PrincipalId,
    /// Where it belongs.
    pub scope: Scope,
    /// The user name, or the `client_id`.
    pub name: String,
    /// Its roles' rights and its own.
    pub rights: Rights,
    /// The names of its roles.
    pub roles: Vec<String>,
    /// The tenants that a client made above all tenants is confined to.
    pub contact_centers: Vec<TenantId>,
    /// Its own standing; its tenant's is known apart.
    pub standing: Standing,
    /// Counts the changes; only a higher one is applied.
    pub version: u32,
}

/// One secret of a key that still opens it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LiveSecret {
    /// Its slot.
    pub slot: u8,
    /// Its digest.
    pub digest: SecretDigest,
    /// When it ends; `None` for the current one.
    pub ends_at: Option<Timestamp>,
}

/// A key as the store has it; its version is the key's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyState {
    /// The key.
    pub key: Key,
    /// Every secret that still opens it.
    pub secrets: Vec<LiveSecret>,
    /// Since when its secret waits to be acknowledged; `None`: it does not.
    pub unacknowledged_since: Option<Timestamp>,
}

/// An access token as the store has it. It never changes, it only goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TokenState {
    /// SHA-256 of its text.
    pub digest: SecretDigest,
    /// For whom it speaks.
    pub principal: PrincipalId,
    /// The client it was issued to.
    pub client: ClientId,
    /// Its refresh family.
    pub family: FamilyId,
    /// Its scopes, joined by a space.
    pub scope: String,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// What was counted since the last drain.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Drained {
    /// Keys that were called.
    pub keys: Vec<KeyUsage>,
    /// Verifications that found no key.
    pub not_found: u64,
}

/// One key's calls.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyUsage {
    /// Which key.
    pub id: domain::id::KeyId,
    /// Calls by `Verdict as usize`.
    pub counts: [u32; 13],
    /// When it last passed.
    pub last_used: Option<Timestamp>,
    /// The same by the slot of the secret that was presented; neither: it is not known.
    pub secrets_used: [Option<Timestamp>; 2],
}

impl KeyUsage {
    /// From counts that leave out `NotFound`, the first verdict.
    pub(crate) fn of(id: domain::id::KeyId, (counts, secrets_used): Counts) -> Self {
        let mut all = [0; 13];
        for (to, from) in all.iter_mut().skip(1).zip(counts) {
            *to = from;
        }
        let last_used = secrets_used.into_iter().flatten().max();
        Self { id, counts: all, last_used, secrets_used }
    }
}

/// Sizes, for metrics.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Stats {
    /// Keys in memory.
    pub keys: usize,
    /// Access tokens in memory.
    pub tokens: usize,
    /// Bytes of the index: records, tables, what the writer keeps a record.
    pub index_bytes: usize,
    /// Bytes of the name arena.
    pub name_bytes: usize,
    /// Limiter and usage states in use.
    pub limiter_states: usize,
    /// Those of them that are coarse because memory was short.
    pub coarse_states: usize,
}
