//! One record: 64 bytes of atomics, one cache line.
//!
//! What may change together (life and settings) is there twice. The writer fills the copy that is
//! not in use, then raises the stamp, whose low bit names the copy in use. A reader takes the
//! stamp, copies, and looks at the stamp again: it repeats only after a completed publication and
//! never waits for a writer that was put to sleep half-way. The stamp of a slot is never reset, so
//! that a slot's next tenant cannot be taken for the last one.

use crate::sync::{AtomicU32, AtomicU64, fence};
use domain::{id::KeyId, time::Timestamp};
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

/// What memory keeps of a digest: 96 bits in the record, and 32 bits of a keyed hash of all of it
/// in the table's word.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Print {
    pub(crate) a: u64,
    pub(crate) b: u32,
    pub(crate) tag: u32,
}

impl Print {
    /// Of a key whose current secret is not known; no SHA-256 anyone will meet.
    pub(crate) const NONE: Self = Self { a: 0, b: 0, tag: 0 };
}

/// What a record is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// Nothing, or no more.
    Free,
    /// A key, found by its current secret.
    Key,
    /// A secret of a key besides its current one; `settings` is the key's slot, `instant` its end.
    Alias,
    /// An access token; `instant` is its end.
    Token,
}

/// The part that is published at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Body {
    pub(crate) kind: Kind,
    /// The end of its life, or the instant of its revocation when `revokes`.
    pub(crate) instant: Option<Timestamp>,
    pub(crate) revokes: bool,
    pub(crate) enabled: bool,
    pub(crate) held: bool,
    /// Whether the key's end is that of its current secret, which nobody has rotated yet.
    pub(crate) by_secret: bool,
    /// The secret's slot.
    pub(crate) secret_slot: u8,
    /// Where the settings are interned.
    pub(crate) settings: u32,
}

const NO_INSTANT: u64 = (1 << 48) - 1;

impl Body {
    pub(crate) const FREE: Self = Self {
        kind: Kind::Free,
        instant: None,
        revokes: false,
        enabled: false,
        held: false,
        by_secret: false,
        secret_slot: 0,
        settings: 0,
    };

    /// instant 48 | secret slot 8 | flags 8
    fn pack(self) -> u64 {
        let instant = pack_instant(self.instant);
        let kind = match self.kind {
            Kind::Free => 0,
            Kind::Key => 1,
            Kind::Alias => 2,
            Kind::Token => 3,
        };
        instant << 16
            | u64::from(self.secret_slot) << 8
            | u64::from(self.by_secret) << 5
            | u64::from(self.held) << 4
            | u64::from(self.enabled) << 3
            | u64::from(self.revokes) << 2
            | kind
    }

    #[expect(clippy::cast_possible_truncation, reason = "one byte is taken out")]
    const fn unpack(life: u64, settings: u32) -> Self {
        Self {
            kind: match life & 3 {
                0 => Kind::Free,
                1 => Kind::Key,
                2 => Kind::Alias,
                _ => Kind::Token,
            },
            instant: unpack_instant(life >> 16),
            revokes: life & 4 != 0,
            enabled: life & 8 != 0,
            held: life & 16 != 0,
            by_secret: life & 32 != 0,
            secret_slot: (life >> 8) as u8,
            settings,
        }
    }
}

fn pack_instant(at: Option<Timestamp>) -> u64 {
    at.map_or(NO_INSTANT, |at| u64::try_from(at.as_millis()).unwrap_or(0).min(NO_INSTANT - 1))
}

const fn unpack_instant(bits: u64) -> Option<Timestamp> {
    if bits == NO_INSTANT { None } else { Some(Timestamp::from_millis(bits.cast_signed())) }
}

/// A key's, alias's or token's record.
#[derive(Default)]
#[repr(align(64))]
pub(crate) struct Record {
    digest_a: AtomicU64,
    id: [AtomicU64; 2],
    life: [AtomicU64; 2],
    digest_b: AtomicU32,
    stamp: AtomicU32,
    /// The limiter and usage state of a key that is being called; 0: none. Callers set it.
    pub(crate) state: AtomicU32,
    name: AtomicU32,
    settings: [AtomicU32; 2],
}

impl Record {
    /// Where a reader begins, and what it hands to [`Self::unchanged`].
    pub(crate) fn stamp(&self) -> u32 {
        self.stamp.load(Acquire)
    }

    /// Whether all that was read since `stamp` belongs together.
    pub(crate) fn unchanged(&self, stamp: u32) -> bool {
        fence(Acquire);
        self.stamp.load(Relaxed) == stamp
    }

    pub(crate) fn body(&self, stamp: u32) -> Body {
        let (life, settings) = self.copy(stamp);
        Body::unpack(life.load(Relaxed), settings.load(Relaxed))
    }

    /// Compares without a branch on the way (EN-04).
    pub(crate) fn matches(&self, print: &Print) -> bool {
        let a = self.digest_a.load(Relaxed) ^ print.a;
        let b = self.digest_b.load(Relaxed) ^ print.b;
        (a | u64::from(b)) == 0
    }

    pub(crate) fn key_id(&self) -> KeyId {
        KeyId::from_bytes(self.id_bits().to_be_bytes())
    }

    /// The 128 bits of a key's id, or of a token's family.
    pub(crate) fn id_bits(&self) -> u128 {
        let [high, low] = self.id_words();
        u128::from(high) << 64 | u128::from(low)
    }

    pub(crate) fn id_words(&self) -> [u64; 2] {
        let [high, low] = &self.id;
        [high.load(Relaxed), low.load(Relaxed)]
    }

    /// What a limiter state knows its owner by, besides the slot.
    pub(crate) fn low_id(&self) -> u64 {
        let [_, low] = self.id_words();
        low
    }

    /// A name is only a label: it may be seen a moment before the settings that came with it.
    pub(crate) fn name(&self) -> u32 {
        self.name.load(Acquire)
    }

    /// A token never changes; its second copy holds when it was issued.
    pub(crate) fn issued_at(&self, stamp: u32) -> Option<Timestamp> {
        let (life, _) = self.copy(stamp.wrapping_add(1));
        unpack_instant(life.load(Relaxed))
    }

    /// What of the digest lies here.
    pub(crate) fn print(&self, tag: u32) -> Print {
        Print { a: self.digest_a.load(Relaxed), b: self.digest_b.load(Relaxed), tag }
    }

    /// The copy that `stamp` names.
    fn copy(&self, stamp: u32) -> (&AtomicU64, &AtomicU32) {
        let [life_0, life_1] = &self.life;
        let [settings_0, settings_1] = &self.settings;
        if stamp & 1 == 0 { (life_0, settings_0) } else { (life_1, settings_1) }
    }
}

/// The writer's side; one thread at a time, by the writer's mutex.
impl Record {
    /// Puts `body` in force.
    pub(crate) fn publish(&self, body: Body) {
        let next = self.stamp.load(Relaxed).wrapping_add(1);
        // Whoever sees a piece of what follows must also see the stamp before it.
        fence(Release);
        let (life, settings) = self.copy(next);
        life.store(body.pack(), Relaxed);
        settings.store(body.settings, Relaxed);
        self.stamp.store(next, Release);
    }

    /// Says whose record this will be, before its first body is published.
    pub(crate) fn identify(&self, print: &Print, id: u128) {
        self.set_print(print);
        let [high, low] = &self.id;
        #[expect(clippy::cast_possible_truncation, reason = "the two halves")]
        let halves = ((id >> 64) as u64, id as u64);
        high.store(halves.0, Relaxed);
        low.store(halves.1, Relaxed);
        self.name.store(0, Relaxed);
    }

    /// Changes the digest. Its table word must lead elsewhere before, and here after.
    pub(crate) fn set_print(&self, print: &Print) {
        fence(Release);
        self.digest_a.store(print.a, Relaxed);
        self.digest_b.store(print.b, Relaxed);
    }

    pub(crate) fn set_name(&self, name: u32) {
        fence(Release);
        self.name.store(name, Release);
    }

    /// Publishes a token; its second copy holds when it was issued.
    pub(crate) fn publish_token(&self, body: Body, issued_at: Timestamp) {
        let now = self.stamp.load(Relaxed);
        self.publish(body);
        // The copy that was in use said "free"; a reader of it looks at the stamp again.
        fence(Release);
        let (life, _) = self.copy(now);
        life.store(pack_instant(Some(issued_at)), Relaxed);
        self.stamp.store(now.wrapping_add(3), Release);
    }
}
