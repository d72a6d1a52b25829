//! Which slots of the records are free, and what the writer notes of each that is not.

use crate::{index::Index, record::Print, slab::Slab};
use std::{
    collections::VecDeque,
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

/// A slot rests this long before it is another's, so that hardly any reader still looks at it.
const REST_NS: u64 = 1_000_000_000;

/// What a record has no room for and a reader no need of.
#[derive(Default)]
struct Note {
    version: AtomicU32,
    tag: AtomicU32,
}

pub(crate) struct Slots {
    notes: Slab<Note>,
    next: u32,
    free: Vec<u32>,
    retired: Grave<u32>,
}

impl Slots {
    pub(crate) fn new() -> Self {
        Self { notes: Slab::new(30), next: 0, free: Vec::new(), retired: Grave::default() }
    }

    /// A slot whose record says that it is free; `None` when memory has no more room for records.
    pub(crate) fn obtain(&mut self, index: &Index) -> Option<u32> {
        if let Some(slot) = self.free.pop() {
            return Some(slot);
        }
        let slot = self.next;
        index.records.ensure(slot)?;
        self.notes.ensure(slot)?;
        self.next = slot + 1;
        index.used.store(self.next, Relaxed);
        Some(slot)
    }

    /// Gives a slot back; its record is free and no table leads to it.
    pub(crate) fn retire(&mut self, slot: u32) {
        self.retired.bury(slot);
    }

    /// Slots that have rested long enough; `then` clears what is left in each.
    pub(crate) fn sweep(&mut self, mono_ns: u64, mut then: impl FnMut(u32)) {
        for slot in self.retired.due(mono_ns, REST_NS) {
            then(slot);
            self.free.push(slot);
        }
    }

    pub(crate) fn note(&self, slot: u32, version: u32, tag: u32) {
        if let Some(note) = self.notes.get(slot) {
            note.version.store(version, Relaxed);
            note.tag.store(tag, Relaxed);
        }
    }

    pub(crate) fn version(&self, slot: u32) -> u32 {
        self.notes.get(slot).map_or(0, |n| n.version.load(Relaxed))
    }

    /// What of a digest is known of the record in `slot`, the tag too.
    pub(crate) fn print(&self, index: &Index, slot: u32) -> Print {
        match (index.records.get(slot), self.notes.get(slot)) {
            (Some(record), Some(note)) => record.print(note.tag.load(Relaxed)),
            _ => Print::NONE,
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.notes.bytes() + self.free.capacity() * size_of::<u32>()
    }
}

/// Things that are kept for a while after their end, by the sweeper's clock.
pub(crate) struct Grave<T> {
    fresh: Vec<T>,
    resting: VecDeque<(u64, T)>,
}

impl<T> Default for Grave<T> {
    fn default() -> Self {
        Self { fresh: Vec::new(), resting: VecDeque::new() }
    }
}

impl<T> Grave<T> {
    pub(crate) fn bury(&mut self, thing: T) {
        self.fresh.push(thing);
    }

    /// What has rested for `rest_ns` since the first sweep that saw it.
    pub(crate) fn due(&mut self, mono_ns: u64, rest_ns: u64) -> Vec<T> {
        let mut due = Vec::new();
        while let Some((since, _)) = self.resting.front()
            && since.saturating_add(rest_ns) <= mono_ns
        {
            due.extend(self.resting.pop_front().map(|(_, thing)| thing));
        }
        let fresh = self.fresh.drain(..);
        self.resting.extend(fresh.map(|thing| (mono_ns, thing)));
        due
    }
}
