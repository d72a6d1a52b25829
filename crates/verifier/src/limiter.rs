//! Limits and usage of the keys that are being called.
//!
//! A state is claimed by a key's first call, linked into the key's record, and freed by the sweeper
//! when its window is empty and its counts are drained. A key that is not called has none. The
//! order under a state's lock: the link goes first, then the owner, so that a reader that locked a
//! state of another owner finds a new link when it retries.

use crate::{
    slab::Slab,
    state::{Body, Counts, NO_OWNER, Owner, State},
    sync::{AtomicU32, AtomicU64, Mutex, MutexGuard, unpoisoned},
    usage::Dirty,
};
use domain::{time::Timestamp, verdict::Verdict};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};

/// States looked at by one sweep; a second is time enough for these many.
const SWEPT_AT_ONCE: u32 = 1 << 16;
/// Enough that threads seldom meet at one.
const DECOYS: usize = if cfg!(loom) { 1 } else { 32 };

/// Every state.
pub(crate) struct States {
    /// Index 0 is nobody's: a link of 0 says that there is none.
    slab: Slab<State>,
    dirty: Dirty,
    pool: Mutex<Pool>,
    in_use: AtomicU32,
    coarse: AtomicU32,
    /// Log bytes that the last full sweep found.
    log_bytes: AtomicU64,
    sweep: Mutex<Sweep>,
    /// The latest instant of a sweep. A call that was read off the clock before it and comes late
    /// must not fill a new window beside units that the sweep has just forgotten.
    swept_at: AtomicU64,
    cap: usize,
    /// States of no key, for calls that find none.
    decoys: Box<[State]>,
}

#[derive(Default)]
struct Pool {
    free: Vec<u32>,
    made: u32,
}

#[derive(Default)]
struct Sweep {
    next: u32,
    log_bytes: usize,
}

impl States {
    /// `bits`: at most 2^`bits` states; `cap`: bytes above which new states are coarse.
    pub(crate) fn new(bits: u32, cap: usize) -> Self {
        Self {
            slab: Slab::new(bits),
            dirty: Dirty::new(),
            pool: Mutex::new(Pool::default()),
            in_use: AtomicU32::new(0),
            coarse: AtomicU32::new(0),
            log_bytes: AtomicU64::new(0),
            sweep: Mutex::new(Sweep::default()),
            swept_at: AtomicU64::new(0),
            cap,
            decoys: (0..DECOYS).map(|_| State::default()).collect(),
        }
    }

    /// The owner's state, locked, claimed if it has none. `None` when there is no room at all.
    pub(crate) fn enter(&self, owner: Owner<'_>) -> Option<(u32, MutexGuard<'_, Body>)> {
        loop {
            let at = owner.link.load(Acquire);
            let Some(state) = (at != 0).then(|| self.slab.get(at)).flatten() else {
                match self.claim(owner)? {
                    Some(claimed) => return Some(claimed),
                    None => continue,
                }
            };
            let body = unpoisoned(state.body.lock());
            if body.owner == owner.slot && body.id == owner.id {
                return Some((at, body));
            }
            if body.owner == owner.slot {
                // Someone who slept since the slot was another key's has linked that key's state.
                let _ = owner.link.compare_exchange(at, 0, AcqRel, Relaxed);
            }
        }
    }

    /// Begins to fetch a state's memory, by a load that needs no lock.
    #[inline]
    pub(crate) fn fetch(&self, link: &AtomicU32) {
        if let Some(state) = self.slab.get(link.load(Relaxed)) {
            std::hint::black_box(state.next.load(Relaxed));
        }
    }

    /// The owner's state, locked, if it has one: for a look that must leave no trace.
    pub(crate) fn peek(&self, owner: Owner<'_>) -> Option<MutexGuard<'_, Body>> {
        let at = owner.link.load(Acquire);
        let body = unpoisoned(self.slab.get(at)?.body.lock());
        (body.owner == owner.slot && body.id == owner.id).then_some(body)
    }

    /// A new state, linked and locked; inner `None` when another call was faster.
    #[expect(clippy::option_option, reason = "no room, or no luck")]
    fn claim(&self, owner: Owner<'_>) -> Option<Option<(u32, MutexGuard<'_, Body>)>> {
        let at = self.obtain()?;
        let mut body = unpoisoned(self.slab.get(at)?.body.lock());
        body.owner = owner.slot;
        body.id = owner.id;
        // Linked while locked: whoever follows the link waits until the owner is in place.
        if owner.link.compare_exchange(0, at, AcqRel, Relaxed).is_ok() {
            let in_use = self.in_use.fetch_add(1, Relaxed) as usize + 1;
            let log_bytes = usize::try_from(self.log_bytes.load(Relaxed)).unwrap_or(usize::MAX);
            let coarse = (in_use * size_of::<State>()).saturating_add(log_bytes) > self.cap;
            body.begin(coarse);
            self.coarse.fetch_add(u32::from(coarse), Relaxed);
            body.not_before(self.swept_at.load(Acquire));
            return Some(Some((at, body)));
        }
        body.owner = NO_OWNER;
        drop(body);
        unpoisoned(self.pool.lock()).free.push(at);
        Some(None)
    }

    fn obtain(&self) -> Option<u32> {
        let mut pool = unpoisoned(self.pool.lock());
        if let Some(at) = pool.free.pop() {
            return Some(at);
        }
        let at = pool.made + 1;
        self.slab.ensure(at)?;
        pool.made = at;
        Some(at)
    }

    /// Frees what is idle at `now_ns`; `link_of` finds the link in the record of a slot. Looks at
    /// a part of the states only, so that a sweep is short; the next one goes on from there.
    pub(crate) fn sweep<'a>(&self, now_ns: u64, link_of: impl Fn(u32) -> Option<&'a AtomicU32>) {
        let mut sweep = unpoisoned(self.sweep.lock());
        self.swept_at.fetch_max(now_ns, AcqRel);
        let made = unpoisoned(self.pool.lock()).made;
        let mut freed = Vec::new();
        for _ in 0..made.min(SWEPT_AT_ONCE) {
            sweep.next = if sweep.next >= made { 1 } else { sweep.next + 1 };
            if sweep.next == 1 {
                let bytes = std::mem::take(&mut sweep.log_bytes);
                self.log_bytes.store(u64::try_from(bytes).unwrap_or(u64::MAX), Relaxed);
            }
            let at = sweep.next;
            let Some(state) = self.slab.get(at) else {
                break;
            };
            let mut body = unpoisoned(state.body.lock());
            if body.owner == NO_OWNER {
                continue;
            }
            sweep.log_bytes += body.log_bytes();
            if !body.is_dirty() && body.is_idle(now_ns) {
                let link = link_of(body.owner);
                self.free(at, &mut body, link);
                freed.push(at);
            }
        }
        unpoisoned(self.pool.lock()).free.append(&mut freed);
    }

    /// Takes the state out of a record whose slot will be another's; returns counts not drained.
    pub(crate) fn dismantle(&self, owner: Owner<'_>) -> Option<Counts> {
        let at = owner.link.load(Acquire);
        let state = (at != 0).then(|| self.slab.get(at)).flatten()?;
        let mut body = unpoisoned(state.body.lock());
        if body.owner != owner.slot {
            return None;
        }
        let mine = body.id == owner.id;
        // It may hang in the dirty list: then the drain that takes it off there frees it.
        let dirty = body.is_dirty();
        let counts = body.counts();
        self.free(at, &mut body, Some(owner.link));
        drop(body);
        if !dirty {
            unpoisoned(self.pool.lock()).free.push(at);
        }
        (mine && dirty).then_some(counts)
    }

    /// Unlinks a state and makes it nobody's. The caller gives its index back to the pool.
    fn free(&self, at: u32, body: &mut Body, link: Option<&AtomicU32>) {
        if let Some(link) = link {
            let _ = link.compare_exchange(at, 0, AcqRel, Relaxed);
        }
        self.in_use.fetch_sub(1, Relaxed);
        self.coarse.fetch_sub(u32::from(body.is_coarse()), Relaxed);
        body.end();
    }

    /// Takes the counts of every state on the dirty list.
    pub(crate) fn drain(&self, mut each: impl FnMut(u32, u64, Counts)) {
        let mut ownerless = Vec::new();
        let next = |at| Some(&self.slab.get(at)?.next);
        self.dirty.take(next, |at| {
            let Some(state) = self.slab.get(at) else {
                return;
            };
            let mut body = unpoisoned(state.body.lock());
            let counts = body.drain();
            if body.owner == NO_OWNER {
                ownerless.push(at);
            } else {
                // Under the lock: the slot cannot be given to another key meanwhile.
                each(body.owner, body.id, counts);
            }
        });
        unpoisoned(self.pool.lock()).free.append(&mut ownerless);
    }

    /// States in use, and how many of them are coarse.
    pub(crate) fn in_use(&self) -> (usize, usize) {
        (self.in_use.load(Relaxed) as usize, self.coarse.load(Relaxed) as usize)
    }

    /// Puts a state on the dirty list; its lock is held.
    pub(crate) fn mark(&self, at: u32) {
        if let Some(state) = self.slab.get(at) {
            self.dirty.push(at, &state.next);
        }
    }

    /// Counts a call that found no key, at the price of one that did. `spread` keeps threads apart.
    pub(crate) fn count_stranger(&self, spread: u32, wall: Timestamp) {
        let decoys = self.decoys.len().max(1);
        if let Some(decoy) = self.decoys.get(spread as usize % decoys) {
            let counted = unpoisoned(decoy.body.lock()).count(Verdict::Valid, 0, wall);
            std::hint::black_box(counted);
        }
    }

    /// Calls that found no key, since this was last asked.
    pub(crate) fn drain_strangers(&self) -> u64 {
        let counts = |d: &State| unpoisoned(d.body.lock()).drain().0;
        self.decoys.iter().flat_map(counts).map(u64::from).sum()
    }
}
