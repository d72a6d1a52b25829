//! The state of one key that is being called: its window, and what was counted of it.

use crate::sync::{AtomicU32, Mutex};
use domain::{
    rate_limit::{Limit, Taken, Window},
    time::Timestamp,
    verdict::Verdict,
};

/// Nobody's.
pub(crate) const NO_OWNER: u32 = u32::MAX;
/// A window's entry.
const ENTRY_BYTES: usize = 16;

/// Two cache lines, so that a call touches no third one but its log.
#[derive(Default)]
#[repr(align(128))]
pub(crate) struct State {
    pub(crate) body: Mutex<Body>,
    /// Of the dirty list that it is on.
    pub(crate) next: AtomicU32,
}

/// What a state holds.
pub(crate) struct Body {
    /// The low half of the owner's id: a slot alone may have been given to another key.
    pub(crate) id: u64,
    window: Window,
    last_uses: LastUses,
    passed: u32,
    limited: u32,
    /// The other verdicts by `Verdict as usize`, less one: `NotFound` is not counted by key.
    refused: [u16; 10],
    pub(crate) owner: u32,
    /// Of the limit that filled the window, and two flags in its high bits.
    frequency_and_flags: u32,
}

/// Counts by `Verdict as usize`, less one, and when the key last passed by each of its secrets.
pub(crate) type Counts = ([u32; 12], [Option<Timestamp>; 2]);

/// When a key last passed by the secret in either slot, in milliseconds of 48 bits; 0: it did not. Two
/// whole numbers would not fit into the state's two cache lines.
#[derive(Clone, Copy, Default)]
struct LastUses {
    low: [u32; 2],
    high: [u16; 2],
}

impl LastUses {
    #[expect(clippy::cast_possible_truncation, reason = "the two pieces of 48 bits")]
    fn raise(&mut self, slot: u8, at: Timestamp) {
        let (at, slot) = (u64::try_from(at.as_millis()).unwrap_or(0), usize::from(slot & 1));
        if let (Some(low), Some(high)) = (self.low.get_mut(slot), self.high.get_mut(slot))
            && at > (u64::from(*high) << 32 | u64::from(*low))
        {
            (*low, *high) = (at as u32, (at >> 32) as u16);
        }
    }

    fn take(&mut self) -> [Option<Timestamp>; 2] {
        let Self { low: [low_0, low_1], high: [high_0, high_1] } = std::mem::take(self);
        [(low_0, high_0), (low_1, high_1)].map(|(low, high)| {
            let at = i64::from(high) << 32 | i64::from(low);
            (at > 0).then(|| Timestamp::from_millis(at))
        })
    }
}

/// What counting a call asks of the caller.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Counted {
    /// To put the state on the dirty list.
    First,
    /// Nothing.
    Further,
    /// To take the counts out at once: one of them can count no further.
    Full,
}

const DIRTY: u32 = 1 << 31;
const COARSE: u32 = 1 << 30;

impl Default for Body {
    fn default() -> Self {
        Self {
            id: 0,
            window: Window::default(),
            last_uses: LastUses::default(),
            passed: 0,
            limited: 0,
            refused: [0; 10],
            owner: NO_OWNER,
            frequency_and_flags: 0,
        }
    }
}

impl Body {
    /// Becomes the state of the owner that was just written into it.
    pub(crate) const fn begin(&mut self, coarse: bool) {
        self.frequency_and_flags = if coarse { COARSE } else { 0 };
    }

    /// Becomes nobody's. What hangs in the dirty list stays marked.
    pub(crate) fn end(&mut self) {
        self.frequency_and_flags &= DIRTY;
        self.window.clear();
        self.owner = NO_OWNER;
    }

    /// Bytes of the window's log.
    pub(crate) fn log_bytes(&self) -> usize {
        // The first entry is in the window itself.
        self.window.entries().saturating_sub(1).next_power_of_two() * ENTRY_BYTES
    }

    /// Takes units; says what became of them and with which instant they were stamped.
    pub(crate) fn take(&mut self, now_ns: u64, limit: Limit, cost: u32) -> (Taken, u64) {
        let flags = self.frequency_and_flags & (DIRTY | COARSE);
        self.frequency_and_flags = flags | limit.frequency_s();
        self.window.take(now_ns, limit, cost, flags & COARSE != 0)
    }

    /// Counts a call by the secret in `slot`; says what the caller has to do for the count to be drained.
    pub(crate) fn count(&mut self, verdict: Verdict, slot: u8, wall: Timestamp) -> Counted {
        let full = match verdict {
            Verdict::Valid => {
                self.last_uses.raise(slot, wall);
                self.passed = self.passed.saturating_add(1);
                self.passed == u32::MAX
            }
            Verdict::RateLimited => {
                self.limited = self.limited.saturating_add(1);
                self.limited == u32::MAX
            }
            other => match self.refused.get_mut((other as usize).wrapping_sub(1)) {
                Some(count) => {
                    *count = count.saturating_add(1);
                    *count == u16::MAX
                }
                None => false,
            },
        };
        if full {
            return Counted::Full;
        }
        let first = !self.is_dirty();
        self.frequency_and_flags |= DIRTY;
        if first { Counted::First } else { Counted::Further }
    }

    /// Takes the counts out; the state stays on the list that it is on.
    pub(crate) fn counts(&mut self) -> Counts {
        let mut by_verdict = [0; 12];
        let refused = std::mem::take(&mut self.refused).map(u32::from);
        let rest = [std::mem::take(&mut self.limited), std::mem::take(&mut self.passed)];
        for (to, from) in by_verdict.iter_mut().zip(refused.into_iter().chain(rest)) {
            *to = from;
        }
        (by_verdict, self.last_uses.take())
    }

    pub(crate) fn drain(&mut self) -> Counts {
        self.frequency_and_flags &= !DIRTY;
        self.counts()
    }

    pub(crate) const fn is_dirty(&self) -> bool {
        self.frequency_and_flags & DIRTY != 0
    }

    pub(crate) const fn is_coarse(&self) -> bool {
        self.frequency_and_flags & COARSE != 0
    }

    /// Stamps nothing before `instant`.
    pub(crate) fn not_before(&mut self, instant: u64) {
        if let Ok(any) = Limit::new(1, 1) {
            self.window.take(instant, any, 0, false);
        }
    }

    pub(crate) fn is_idle(&mut self, now_ns: u64) -> bool {
        let frequency = self.frequency_and_flags & !(DIRTY | COARSE);
        let limit = Limit::new(1, frequency);
        limit.map_or(self.window.entries() == 0, |l| self.window.is_idle(now_ns, l))
    }
}

/// Who a state belongs to.
#[derive(Clone, Copy)]
pub(crate) struct Owner<'a> {
    /// Where the index of the state stands in the owner's record.
    pub(crate) link: &'a AtomicU32,
    pub(crate) slot: u32,
    /// The low half of its id.
    pub(crate) id: u64,
}
