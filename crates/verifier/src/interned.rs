//! Values that many records share, each kept once and counted by the writer.

use crate::slab::Slab;
use arc_swap::{ArcSwapOption, Guard};
use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::{BuildHasher, Hash},
    sync::Arc,
};

/// Where readers find them.
pub(crate) struct Interned<T> {
    slots: Slab<ArcSwapOption<T>>,
}

impl<T> Interned<T> {
    pub(crate) fn new() -> Self {
        Self { slots: Slab::new(28) }
    }

    /// The value, or `None` when it was dropped since its place was read: the reader's record has
    /// then been published anew.
    pub(crate) fn get(&self, at: u32) -> Option<Guard<Option<Arc<T>>>> {
        Some(self.slots.get(at)?.load())
    }
}

struct Entry<T> {
    value: Option<Arc<T>>,
    hash: u64,
    users: usize,
    /// The next entry with the same hash.
    next: Option<u32>,
}

/// What the writer knows of them.
pub(crate) struct Interner<T> {
    entries: Vec<Entry<T>>,
    by_hash: HashMap<u64, u32>,
    free: Vec<u32>,
    hasher: RandomState,
}

impl<T> Interner<T> {
    pub(crate) fn new() -> Self {
        Self {
            entries: Vec::new(),
            by_hash: HashMap::new(),
            free: Vec::new(),
            hasher: RandomState::new(),
        }
    }

    pub(crate) fn hash_of(&self, likeness: &impl Hash) -> u64 {
        self.hasher.hash_one(likeness)
    }

    /// The place of the value that `same` recognises, or of what `make` makes; counts one user.
    /// `None` when there is no room at all.
    pub(crate) fn intern(
        &mut self,
        shared: &Interned<T>,
        hash: u64,
        same: impl Fn(&T) -> bool,
        make: impl FnOnce() -> T,
    ) -> Option<u32> {
        let first = self.by_hash.get(&hash).copied();
        let mut next = first;
        while let Some(at) = next {
            let entry = self.entries.get_mut(at as usize)?;
            if entry.value.as_deref().is_some_and(&same) {
                entry.users += 1;
                return Some(at);
            }
            next = entry.next;
        }
        let value = Arc::new(make());
        let at = match self.free.pop() {
            Some(at) => at,
            None => u32::try_from(self.entries.len()).ok()?,
        };
        shared.slots.ensure(at)?.store(Some(Arc::clone(&value)));
        let entry = Entry { value: Some(value), hash, users: 1, next: first };
        match self.entries.get_mut(at as usize) {
            Some(place) => *place = entry,
            None => self.entries.push(entry),
        }
        self.by_hash.insert(hash, at);
        Some(at)
    }

    /// One user less. Only after the record that named it was published without it.
    pub(crate) fn release(&mut self, shared: &Interned<T>, at: u32) {
        let Some(entry) = self.entries.get_mut(at as usize) else {
            return;
        };
        entry.users = entry.users.saturating_sub(1);
        if entry.users > 0 || entry.value.is_none() {
            return;
        }
        entry.value = None;
        let (hash, next) = (entry.hash, entry.next.take());
        self.unlink(hash, at, next);
        if let Some(slot) = shared.slots.get(at) {
            slot.store(None);
        }
        self.free.push(at);
    }

    fn unlink(&mut self, hash: u64, at: u32, after: Option<u32>) {
        let Some(first) = self.by_hash.get(&hash).copied() else {
            return;
        };
        if first == at {
            match after {
                Some(after) => self.by_hash.insert(hash, after),
                None => self.by_hash.remove(&hash),
            };
            return;
        }
        let mut before = first;
        while let Some(entry) = self.entries.get_mut(before as usize) {
            match entry.next {
                Some(next) if next == at => {
                    entry.next = after;
                    return;
                }
                Some(next) => before = next,
                None => return,
            }
        }
    }

    #[cfg(all(test, not(loom)))]
    pub(crate) fn len(&self) -> usize {
        self.entries.len() - self.free.len()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn equal_values_share_a_place_until_the_last_user_leaves() {
        let (shared, mut writer) = (Interned::new(), Interner::new());
        // One hash for all: every chain operation is walked.
        let put = |n: u32, writer: &mut Interner<u32>| {
            writer.intern(&shared, 7, |v| *v == n, || n).unwrap()
        };
        let places: Vec<u32> = (0..5).map(|n| put(n, &mut writer)).collect();
        assert_eq!(put(3, &mut writer), places[3]);
        let value = |at: u32| shared.get(at).unwrap().as_deref().copied();
        writer.release(&shared, places[3]);
        assert_eq!(value(places[3]), Some(3));
        for n in [2, 4, 0, 3, 1] {
            writer.release(&shared, places[n]);
            assert_eq!(value(places[n]), None);
        }
        assert_eq!((writer.len(), writer.by_hash.len()), (0, 0));
        assert!(places.contains(&writer.intern(&shared, 7, |v| *v == 9, || 9).unwrap()));
    }
}
