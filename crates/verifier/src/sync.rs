//! The atomics of the protocols that loom explores; everywhere else they are std's.

#[cfg(loom)]
pub(crate) use loom::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicU32, AtomicU64, fence},
};
#[cfg(not(loom))]
pub(crate) use std::sync::{
    Mutex, MutexGuard,
    atomic::{AtomicU32, AtomicU64, fence},
};

use std::sync::{LockResult, PoisonError};

/// The value under a lock, also when a thread died with it: every critical section here leaves a
/// usable value at each step.
pub(crate) fn unpoisoned<G>(locked: LockResult<G>) -> G {
    locked.unwrap_or_else(PoisonError::into_inner)
}
