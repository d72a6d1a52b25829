//! Names, in an arena of atomics beside the records: two bytes of length, then the text.
//!
//! A reader copies a name while its space may be given to another; it then looks at its record's
//! stamp again, and starts over if the record was published in between.

use crate::{
    slab::{Slab, next_chunk},
    sync::{AtomicU64, fence},
};
use std::{
    iter::repeat,
    sync::atomic::Ordering::{Acquire, Relaxed, Release},
};

/// Words that hold any name: 255 characters of four bytes, and the length.
const WORDS: usize = 128;
/// Bytes of a buffer for any name.
pub(crate) const ROOM: usize = HEAD + WORDS * 8;
/// Bytes of a buffer for most names.
pub(crate) const SHORT_ROOM: usize = 64;
/// Where the first word goes in a buffer, and the text behind its two bytes of length: at a border
/// of words, because the check for UTF-8 is then several times as fast.
const HEAD: usize = 6;
const TEXT: usize = HEAD + 2;

/// A buffer for a name.
#[repr(align(16))]
pub(crate) struct Room<const BYTES: usize>(pub(crate) [u8; BYTES]);

pub(crate) struct Names {
    words: Slab<AtomicU64>,
}

/// A name as it was copied.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Copied {
    /// The buffer holds a name of so many bytes; [`text`] reads it.
    Bytes(usize),
    /// It does not fit into this buffer.
    TooLong,
    /// Its space has been given to another meanwhile.
    Torn,
}

impl Names {
    pub(crate) fn new() -> Self {
        Self { words: Slab::new(30) }
    }

    /// Copies the name at `at` into `room`; 0 is the empty name.
    pub(crate) fn copy(&self, at: u32, room: &mut [u8]) -> Copied {
        if at == 0 {
            return Copied::Bytes(0);
        }
        let Some(first) = self.words.get(at) else {
            return Copied::Torn;
        };
        let len = (first.load(Acquire) & 0xffff) as usize;
        let words = words_for(len);
        if HEAD + words * 8 > room.len() {
            return if words > WORDS { Copied::Torn } else { Copied::TooLong };
        }
        let Some(run) = self.words.run(at, words) else {
            return Copied::Torn;
        };
        let (_, room) = room.split_at_mut(HEAD);
        for (to, word) in room.chunks_exact_mut(8).zip(run) {
            to.copy_from_slice(&word.load(Acquire).to_le_bytes());
        }
        Copied::Bytes(len)
    }

    pub(crate) fn bytes(&self) -> usize {
        self.words.bytes()
    }
}

/// The name that [`Names::copy`] put into `room`. A picture that held together is valid UTF-8.
pub(crate) fn text(room: &[u8], len: usize) -> &str {
    room.get(TEXT..TEXT + len).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or("")
}

/// Where the next name goes; the writer's.
pub(crate) struct NameWriter {
    next: u32,
    /// Spaces that were given back, by their length in words.
    free: Vec<Vec<u32>>,
}

impl NameWriter {
    pub(crate) const fn new() -> Self {
        // Space 0 stands for the empty name.
        Self { next: 1, free: Vec::new() }
    }

    /// Keeps a name and says where; a name over the room is cut.
    pub(crate) fn keep(&mut self, names: &Names, name: &str) -> u32 {
        let name = name.get(..name.floor_char_boundary(WORDS * 8 - 2)).unwrap_or("");
        let words = words_for(name.len());
        let Some(at) = (!name.is_empty()).then(|| self.space(names, words)).flatten() else {
            return 0;
        };
        let Some(run) = names.words.run(at, words) else {
            return 0;
        };
        let len = u16::try_from(name.len()).unwrap_or(0).to_le_bytes();
        let (head, tail) = name.as_bytes().split_at(name.len().min(6));
        let pieces = std::iter::once(head).chain(tail.chunks(8));
        // Whoever sees these must also see the stamp that took the space from its last name.
        fence(Release);
        for ((word, piece), prefix) in run.iter().zip(pieces).zip([2].into_iter().chain(repeat(0)))
        {
            let mut eight = [0; 8];
            if prefix == 2 {
                let [low, high] = len;
                [eight[0], eight[1]] = [low, high];
            }
            let end = prefix + piece.len();
            if let Some(place) = eight.get_mut(prefix..end) {
                place.copy_from_slice(piece);
            }
            word.store(u64::from_le_bytes(eight), Release);
        }
        at
    }

    /// Whether `name` is what lies at `at`, so that nothing need be kept anew.
    pub(crate) fn is_at(names: &Names, at: u32, name: &str) -> bool {
        let mut room = [0; ROOM];
        names.copy(at, &mut room) == Copied::Bytes(name.len()) && text(&room, name.len()) == name
    }

    /// Takes a space back, once no record in force names it.
    pub(crate) fn release(&mut self, names: &Names, at: u32) {
        if at == 0 {
            return;
        }
        let Some(first) = names.words.get(at) else {
            return;
        };
        let words = words_for((first.load(Relaxed) & 0xffff) as usize);
        if self.free.len() <= words {
            self.free.resize_with(words + 1, Vec::new);
        }
        if let Some(spaces) = self.free.get_mut(words) {
            spaces.push(at);
        }
    }

    fn space(&mut self, names: &Names, words: usize) -> Option<u32> {
        if let Some(at) = self.free.get_mut(words).and_then(Vec::pop) {
            return Some(at);
        }
        let len = u32::try_from(words).ok()?;
        let border = next_chunk(self.next);
        if border - self.next < len {
            self.next = border;
        }
        let at = self.next;
        names.words.ensure(at)?;
        self.next += len;
        Some(at)
    }
}

const fn words_for(len: usize) -> usize {
    (len + 2).div_ceil(8)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_length_read_back_and_their_space_is_used_again() {
        let (names, mut writer) = (Names::new(), NameWriter::new());
        let mut room = [0; ROOM];
        let all: Vec<String> = (0..=255).map(|n| "ä𝄞n".chars().cycle().take(n).collect()).collect();
        let kept: Vec<u32> = all.iter().map(|n| writer.keep(&names, n)).collect();
        for (at, name) in kept.iter().zip(&all) {
            assert_eq!(names.copy(*at, &mut room), Copied::Bytes(name.len()));
            assert_eq!(text(&room, name.len()), name);
            assert!(NameWriter::is_at(&names, *at, name));
            if name.len() > SHORT_ROOM - TEXT {
                assert_eq!(names.copy(*at, &mut [0; SHORT_ROOM]), Copied::TooLong);
            }
        }
        let next = writer.next;
        for at in &kept {
            writer.release(&names, *at);
        }
        for name in &all {
            writer.keep(&names, name);
        }
        assert_eq!(writer.next, next);
    }

    #[test]
    fn a_name_over_the_room_is_cut_at_a_character() {
        let (names, mut writer) = (Names::new(), NameWriter::new());
        let at = writer.keep(&names, &"€".repeat(400));
        assert!(NameWriter::is_at(&names, at, &"€".repeat(340)));
    }
}
