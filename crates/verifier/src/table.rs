//! The table: 64 shards of words, each `tag 32 | slot 32`, each growing alone.
//!
//! Readers probe without a lock. A word leads to a record, and the record decides whether it is the
//! one; a table never says yes by itself. What it says alone is *no*, and for that it counts moves:
//! a reader that found nothing while a word was led elsewhere or taken out looks again.

use crate::sync::{AtomicU64, fence};
use arc_swap::ArcSwap;
use std::sync::{
    Arc,
    atomic::{
        AtomicUsize,
        Ordering::{Acquire, Relaxed, Release},
    },
};

const SHARDS: usize = if cfg!(loom) { 1 } else { 64 };
/// Words of a new shard.
const LEAST: usize = if cfg!(loom) { 4 } else { 16 };
const EMPTY: u64 = 0;
/// The low half of a word whose entry is gone but whose place may not be reused as an end.
const GONE: u32 = u32::MAX;

type Words = Box<[AtomicU64]>;

struct Shard {
    words: ArcSwap<Words>,
    moves: AtomicU64,
    /// Words that are not empty; the writer's.
    used: AtomicUsize,
    /// Words that lead to a slot; the writer's.
    live: AtomicUsize,
}

/// Tags to slots. Tags may repeat.
pub(crate) struct Table {
    shards: Box<[Shard]>,
}

impl Table {
    /// Room for about `expected` entries before anything grows.
    pub(crate) fn new(expected: usize) -> Self {
        let share = expected / SHARDS;
        // Shards are not filled evenly: four standard deviations of room.
        let words = enough_for(share + 4 * share.isqrt());
        Self { shards: (0..SHARDS).map(|_| Shard::new(words)).collect() }
    }

    fn shard(&self, tag: u32) -> Option<&Shard> {
        self.shards.get((tag >> 26) as usize)
    }

    /// The first candidate that `accept` takes. It is called for slots whose tag is the same.
    pub(crate) fn find<T>(&self, tag: u32, mut accept: impl FnMut(u32) -> Option<T>) -> Option<T> {
        let shard = self.shard(tag)?;
        loop {
            let moves = shard.moves.load(Acquire);
            let words = shard.words.load();
            for word in probe(&words, tag) {
                let word = word.load(Acquire);
                if word == EMPTY {
                    break;
                }
                if tag_of(word) == tag
                    && let Some(slot) = slot_of(word)
                    && let Some(found) = accept(slot)
                {
                    return Some(found);
                }
            }
            fence(Acquire);
            if shard.moves.load(Relaxed) == moves {
                return None;
            }
        }
    }

    /// Adds an entry; the writer's.
    pub(crate) fn insert(&self, tag: u32, slot: u32) {
        let Some(shard) = self.shard(tag) else {
            return;
        };
        let mut words = shard.words.load();
        if (shard.used.load(Relaxed) + 1) * 5 > words.len() * 4 {
            shard.rebuild(&words);
            words = shard.words.load();
        }
        for word in probe(&words, tag) {
            let old = word.load(Relaxed);
            if slot_of(old).is_none() {
                word.store(word_of(tag, slot), Release);
                shard.live.fetch_add(1, Relaxed);
                shard.used.fetch_add(usize::from(old == EMPTY), Relaxed);
                return;
            }
        }
    }

    /// Leads the entry for (`tag`, `from`) to `to`; the writer's. Says whether there was one.
    pub(crate) fn lead(&self, tag: u32, from: u32, to: u32) -> bool {
        self.change(tag, from, |_, _| word_of(tag, to))
    }

    /// Takes the entry for (`tag`, `slot`) out; the writer's. Says whether there was one.
    pub(crate) fn remove(&self, tag: u32, slot: u32) -> bool {
        self.change(tag, slot, |shard, next| {
            shard.live.fetch_sub(1, Relaxed);
            if next == EMPTY {
                shard.used.fetch_sub(1, Relaxed);
                EMPTY
            } else {
                u64::from(tag) << 32 | u64::from(GONE)
            }
        })
    }

    fn change(&self, tag: u32, slot: u32, to: impl FnOnce(&Shard, u64) -> u64) -> bool {
        let Some(shard) = self.shard(tag) else {
            return false;
        };
        let words = shard.words.load();
        let mut entries = probe(&words, tag);
        while let Some(word) = entries.next() {
            match word.load(Relaxed) {
                EMPTY => return false,
                old if old == word_of(tag, slot) => {
                    let next = entries.next().map_or(GONE.into(), |w| w.load(Relaxed));
                    word.store(to(shard, next), Release);
                    // Counted between this and whatever is done to the record next.
                    shard.moves.fetch_add(1, Release);
                    return true;
                }
                _ => {}
            }
        }
        false
    }

    pub(crate) fn bytes(&self) -> usize {
        let words: usize = self.shards.iter().map(|s| s.words.load().len()).sum();
        words * size_of::<AtomicU64>() + SHARDS * size_of::<Shard>()
    }
}

impl Shard {
    fn new(words: usize) -> Self {
        Self {
            words: ArcSwap::from_pointee(empty(words)),
            moves: AtomicU64::new(0),
            used: AtomicUsize::new(0),
            live: AtomicUsize::new(0),
        }
    }

    /// Copies what lives into new words: more of them, or as many when most of the old were gone.
    /// Readers stay in the old ones until they are done.
    fn rebuild(&self, old: &Words) {
        let live = self.live.load(Relaxed);
        let new = empty(enough_for(live + live / 8 + 1));
        for word in old {
            let word = word.load(Relaxed);
            if slot_of(word).is_some()
                && let Some(place) = probe(&new, tag_of(word)).find(|w| w.load(Relaxed) == EMPTY)
            {
                place.store(word, Relaxed);
            }
        }
        self.used.store(live, Relaxed);
        self.words.store(Arc::new(new));
    }
}

fn empty(words: usize) -> Words {
    (0..words).map(|_| AtomicU64::new(EMPTY)).collect()
}

/// Words for `entries` at four fifths full.
fn enough_for(entries: usize) -> usize {
    (entries * 5 / 4 + 1).next_power_of_two().max(LEAST)
}

/// Every word once, from the tag's own on. The tag is a keyed hash: nobody chooses it.
fn probe(words: &[AtomicU64], tag: u32) -> impl Iterator<Item = &AtomicU64> {
    let home = tag as usize & (words.len() - 1);
    let (before, from) = words.split_at(home.min(words.len()));
    from.iter().chain(before)
}

fn word_of(tag: u32, slot: u32) -> u64 {
    u64::from(tag) << 32 | u64::from(slot + 1)
}

const fn tag_of(word: u64) -> u32 {
    (word >> 32) as u32
}

#[expect(clippy::cast_possible_truncation, reason = "the low half")]
const fn slot_of(word: u64) -> Option<u32> {
    match word as u32 {
        0 | GONE => None,
        slot => Some(slot - 1),
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn all(table: &Table, tag: u32) -> BTreeSet<u32> {
        let mut slots = BTreeSet::new();
        let none: Option<()> = table.find(tag, |slot| {
            slots.insert(slot);
            None
        });
        assert!(none.is_none());
        slots
    }

    fn of(model: &BTreeSet<(u32, u32)>, tag: u32) -> BTreeSet<u32> {
        model.range((tag, 0)..=(tag, u32::MAX)).map(|(_, slot)| *slot).collect()
    }

    proptest! {
        /// Few tags, so that they collide, in one shard, so that it grows and fills with gone ones.
        #[test]
        fn a_table_is_a_multimap(steps in prop::collection::vec((0_u8..4, 0_u32..40, 0_u32..60), 1..150)) {
            let table = Table::new(0);
            let mut model: BTreeSet<(u32, u32)> = BTreeSet::new();
            for (what, tag, slot) in steps {
                match what {
                    0 | 1 => if model.insert((tag, slot)) {
                        table.insert(tag, slot);
                    },
                    2 => {
                        prop_assert_eq!(table.remove(tag, slot), model.remove(&(tag, slot)));
                    }
                    _ => {
                        let to = slot + 1000;
                        let moved = model.contains(&(tag, slot)) && !model.contains(&(tag, to));
                        if moved {
                            model.remove(&(tag, slot));
                            model.insert((tag, to));
                            prop_assert!(table.lead(tag, slot, to));
                        }
                    }
                }
                prop_assert_eq!(all(&table, tag), of(&model, tag));
            }
            for tag in 0..40 {
                prop_assert_eq!(all(&table, tag), of(&model, tag));
            }
        }
    }

    #[test]
    fn removing_and_adding_for_ever_does_not_grow_the_table() {
        let table = Table::new(0);
        let mut tag = 1_u32;
        for round in 0..100_000_u32 {
            table.insert(tag, round);
            let old = tag;
            tag = tag.wrapping_mul(2_654_435_761).wrapping_add(12_345);
            assert!(table.remove(old, round));
        }
        assert!(table.bytes() < 64 * 1024, "{}", table.bytes());
    }
}
