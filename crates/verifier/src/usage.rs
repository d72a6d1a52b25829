//! Which states have counts to drain, and what was counted without a key.
//!
//! The list runs through the states, so that counting allocates nothing and a drain touches no
//! key that was not called.

use crate::{
    feed::{Drained, KeyUsage},
    sync::AtomicU32,
};
use std::{
    collections::HashMap,
    sync::{
        Mutex, PoisonError,
        atomic::Ordering::{AcqRel, Acquire, Relaxed, Release},
    },
};

/// Lists; states are spread over them by index, so that threads seldom meet at a head.
const HEADS: u32 = if cfg!(loom) { 1 } else { 16 };

/// Stacks of state indices, linked through the states. Pushed by callers, taken whole by the drain:
/// nothing is ever popped alone, so an index cannot come back under a pusher's feet.
pub(crate) struct Dirty {
    heads: Box<[Head]>,
}

#[derive(Default)]
#[repr(align(64))]
struct Head(AtomicU32);

impl Dirty {
    pub(crate) fn new() -> Self {
        Self { heads: (0..HEADS).map(|_| Head::default()).collect() }
    }

    /// Adds a state that is on no list, and whose lock is held.
    pub(crate) fn push(&self, at: u32, next: &AtomicU32) {
        let Some(head) = self.heads.get((at % HEADS) as usize) else {
            return;
        };
        let mut first = head.0.load(Relaxed);
        loop {
            next.store(first, Relaxed);
            match head.0.compare_exchange_weak(first, at, Release, Relaxed) {
                Ok(_) => return,
                Err(now) => first = now,
            }
        }
    }

    /// Empties every list. `each` may let the state it is given be put on a list again.
    pub(crate) fn take<'a>(
        &self,
        next_of: impl Fn(u32) -> Option<&'a AtomicU32>,
        mut each: impl FnMut(u32),
    ) {
        for head in &self.heads {
            let mut at = head.0.swap(0, AcqRel);
            while at != 0 {
                // Read before `each` clears the state's mark: from then on it may be pushed again.
                let next = next_of(at).map_or(0, |n| n.load(Acquire));
                each(at);
                at = next;
            }
        }
    }
}

/// Counts that came back from a failed flush, or were left when their key went.
#[derive(Default)]
pub(crate) struct Returned(Mutex<Drained>);

impl Returned {
    pub(crate) fn give_back(&self, not_found: u64, keys: &[KeyUsage]) {
        let mut returned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        returned.not_found += not_found;
        returned.keys.extend_from_slice(keys);
    }

    /// Adds them to what the states gave.
    pub(crate) fn add_to(&self, drained: Drained) -> Drained {
        let returned = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let not_found = returned.not_found + drained.not_found;
        let keys = if returned.keys.is_empty() {
            drained.keys
        } else {
            merge(drained.keys.into_iter().chain(returned.keys))
        };
        Drained { keys, not_found }
    }
}

fn merge(usages: impl Iterator<Item = KeyUsage>) -> Vec<KeyUsage> {
    let mut by_key: HashMap<_, KeyUsage> = HashMap::new();
    for usage in usages {
        by_key
            .entry(usage.id)
            .and_modify(|sum| {
                for (sum, n) in sum.counts.iter_mut().zip(usage.counts) {
                    *sum = sum.saturating_add(n);
                }
                sum.last_used = sum.last_used.max(usage.last_used);
                for (sum, at) in sum.secrets_used.iter_mut().zip(usage.secrets_used) {
                    *sum = at.max(*sum);
                }
            })
            .or_insert(usage);
    }
    by_key.into_values().collect()
}
