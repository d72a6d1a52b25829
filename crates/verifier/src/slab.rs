//! A vector that grows while others read it: chunks that never move.

use std::sync::OnceLock;

/// The first chunk holds 2^`FIRST` items; the next ones double up to 2^`WIDE`, so that a small
/// installation (and each test) pays for little.
const FIRST: u32 = if cfg!(loom) { 1 } else { 10 };
const WIDE: u32 = if cfg!(loom) { 3 } else { 19 };
/// Chunks below the first one of full width.
const NARROW: u32 = WIDE - FIRST + 1;

/// Items that are made as `Default` and then changed in place, through atomics or locks.
pub(crate) struct Slab<T> {
    chunks: Box<[OnceLock<Box<[T]>>]>,
}

impl<T: Default> Slab<T> {
    /// Room for indices below 2^`bits`.
    pub(crate) fn new(bits: u32) -> Self {
        let chunks = NARROW + (1_u32 << bits.saturating_sub(WIDE));
        Self { chunks: (0..chunks).map(|_| OnceLock::new()).collect() }
    }

    pub(crate) fn get(&self, index: u32) -> Option<&T> {
        let (chunk, offset, _) = place(index);
        self.chunks.get(chunk)?.get()?.get(offset)
    }

    /// `len` neighbours, if they lie in one chunk.
    pub(crate) fn run(&self, index: u32, len: usize) -> Option<&[T]> {
        let (chunk, offset, _) = place(index);
        self.chunks.get(chunk)?.get()?.get(offset..offset.checked_add(len)?)
    }

    /// The item, its chunk made if it was not there; `None` beyond the room.
    pub(crate) fn ensure(&self, index: u32) -> Option<&T> {
        let (chunk, offset, len) = place(index);
        self.chunks.get(chunk)?.get_or_init(|| (0..len).map(|_| T::default()).collect()).get(offset)
    }

    /// Items that exist. Chunks are made in their order.
    pub(crate) fn capacity(&self) -> usize {
        self.chunks.iter().map_while(|c| c.get()).map(|c| c.len()).sum()
    }

    /// Bytes of the chunks that exist.
    pub(crate) fn bytes(&self) -> usize {
        self.capacity() * size_of::<T>()
    }
}

/// The first index of the next chunk after the one that holds `index`.
pub(crate) const fn next_chunk(index: u32) -> u32 {
    let (_, offset, len) = place(index);
    #[expect(clippy::cast_possible_truncation, reason = "a chunk is no longer than 2^19")]
    let rest = (len - offset) as u32;
    index.saturating_add(rest)
}

/// Chunk, offset in it, its length.
const fn place(index: u32) -> (usize, usize, usize) {
    if index >> WIDE == 0 {
        let chunk = 32 - (index >> FIRST).leading_zeros();
        if chunk == 0 {
            (0, index as usize, 1 << FIRST)
        } else {
            let start = 1_u32 << (FIRST + chunk - 1);
            (chunk as usize, (index - start) as usize, start as usize)
        }
    } else {
        let chunk = (index >> WIDE) + NARROW - 1;
        let offset = index & ((1 << WIDE) - 1);
        (chunk as usize, offset as usize, 1 << WIDE)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn every_index_has_a_place_of_its_own() {
        let slab: Slab<AtomicU32> = Slab::new(21);
        for index in 0..1_200_000 {
            slab.ensure(index).unwrap().store(index, Ordering::Relaxed);
        }
        for index in 0..1_200_000 {
            assert_eq!(slab.get(index).unwrap().load(Ordering::Relaxed), index);
        }
        assert!(slab.capacity() >= 1_200_000 && slab.bytes() == slab.capacity() * 4);
        assert!(slab.ensure(1 << 23).is_none(), "beyond the room");
    }

    #[test]
    fn a_run_never_crosses_a_chunk() {
        let slab: Slab<AtomicU32> = Slab::new(21);
        slab.ensure(1023).unwrap();
        slab.ensure(1024).unwrap();
        assert!(slab.run(1022, 2).is_some() && slab.run(1023, 2).is_none());
        assert_eq!(next_chunk(1023), 1024);
        assert_eq!(next_chunk(1024), 2048);
        assert_eq!(next_chunk(200_000), 262_144);
    }
}
