//! What a caller asks and what it is told.

use crate::principals::Principal;
use domain::{
    id::{ClientId, FamilyId, KeyId, PersonId, Scope},
    permission::Permission,
    rate_limit::Limit,
    secret::SecretDigest,
    time::Timestamp,
    verdict::{Request, Verdict},
};
use std::{fmt, sync::Arc};

/// The instant of a question, on both clocks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Now {
    /// Wall time; never earlier than one seen before.
    pub wall: Timestamp,
    /// Monotonic nanoseconds, for limits and freshness.
    pub mono_ns: u64,
}

/// A secret that was presented, and what is asked about it.
#[derive(Clone, Copy)]
pub struct Presented<'a> {
    /// The text as it came.
    pub secret: &'a str,
    /// What the caller wants of the key.
    pub asked: Request<'a>,
    /// Units of the key's limit that the call takes; 0 takes none.
    pub cost: u32,
}

impl fmt::Debug for Presented<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presented")
            .field("asked", &self.asked)
            .field("cost", &self.cost)
            .finish_non_exhaustive()
    }
}

/// The key that was found; valid inside the closure only.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// Its id.
    pub key_id: KeyId,
    /// Where it belongs.
    pub scope: Scope,
    /// The name of its type.
    pub key_type: &'a str,
    /// The name that people gave it.
    pub name: &'a str,
    /// What it may do at this moment; a personal key's come from its owner's roles.
    pub permissions: &'a [Permission],
    /// Its end.
    pub expires_at: Option<Timestamp>,
    /// Whom it belongs to.
    pub owner: Option<PersonId>,
    /// Its limit, whole: not the share of one node.
    pub limit: Option<Limit>,
    /// Which of its secrets was presented.
    pub secret_slot: u8,
    /// When that secret ends: it was rotated away, or its rotation is due and nobody has rotated.
    pub secret_ends_at: Option<Timestamp>,
    /// That the key ends soon; where it is in order itself, whatever stands against the call.
    pub warning: Option<Warning>,
}

/// That a key ends soon: it expires, its revocation comes, or nobody rotates its secret.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Warning {
    /// Days that are left, one that has begun counting whole.
    pub days_left: u16,
    /// The last of its tenant's warning days that was reached.
    pub day: u16,
}

/// A limit after a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LimitState {
    /// What this node enforces: the key's limit, or its share of it.
    pub limit: Limit,
    /// Units that would still pass now.
    pub remaining: u32,
    /// Until the next unit returns, or, when refused, until this cost would pass.
    pub reset_after_ms: u64,
}

/// What a verification says.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'a> {
    /// The verdict.
    pub verdict: Verdict,
    /// The key, for every verdict but `NotFound`.
    pub found: Option<Found<'a>>,
    /// The limit, with `Valid` and `RateLimited`, where the key has one.
    pub limit: Option<LimitState>,
}

/// Why there is no verdict. Never to be read as "valid".
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unavailable {
    /// Not every key is in memory yet, and this one is not among those that are.
    Loading,
    /// Too long ago that the database was known to agree with memory.
    Stale,
}

impl fmt::Display for Unavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Loading => "keys are still being loaded",
            Self::Stale => "the keys in memory are too old to trust",
        })
    }
}

impl std::error::Error for Unavailable {}

/// Who presented an access token that holds.
#[derive(Clone, Debug)]
pub struct Caller {
    /// For whom the token speaks.
    pub principal: Arc<Principal>,
    /// The client it was issued to.
    pub client: ClientId,
    /// Its refresh family.
    pub family: FamilyId,
    /// The token's digest.
    pub digest: SecretDigest,
    /// Its scopes, joined by a space.
    pub scope: Arc<str>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}
