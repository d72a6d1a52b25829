//! The arithmetic of limits: a ceiling, not a bucket.
//!
//! In **every** interval of `frequency` seconds at most `capacity` units pass. The window is a log of
//! `(edge, units)`: a unit counts until `edge + frequency`. For small capacities the edge is the
//! instant itself; for large ones it is the end of its sub-window, so that the log stays short and
//! the ceiling still holds (a unit is never forgotten early). A token bucket was rejected: it
//! admits nearly twice the capacity within one interval.

use std::collections::VecDeque;

/// `capacity` units in every interval of `frequency` seconds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Limit {
    capacity: u32,
    frequency_s: u32,
}

/// Which number of a limit is out of range.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadLimit {
    /// `capacity` is not in 1 to 1,000,000.
    Capacity,
    /// `frequency` is not in 1 to 86,400 seconds.
    Frequency,
}

impl Limit {
    /// Makes a limit.
    ///
    /// # Errors
    /// Names the number that is out of range.
    pub const fn new(capacity: u32, frequency_s: u32) -> Result<Self, BadLimit> {
        if capacity < 1 || capacity > 1_000_000 {
            return Err(BadLimit::Capacity);
        }
        if frequency_s < 1 || frequency_s > 86_400 {
            return Err(BadLimit::Frequency);
        }
        Ok(Self { capacity, frequency_s })
    }

    /// Units per interval.
    #[must_use]
    pub const fn capacity(self) -> u32 {
        self.capacity
    }

    /// The interval in seconds.
    #[must_use]
    pub const fn frequency_s(self) -> u32 {
        self.frequency_s
    }

    /// The share of one of `nodes` nodes, rounded down.
    ///
    /// # Errors
    /// The capacity is below the number of nodes: no node would admit anything.
    pub const fn divided_by(self, nodes: u32) -> Result<Self, BadLimit> {
        match self.capacity.checked_div(nodes) {
            Some(share) => Self::new(share, self.frequency_s),
            None => Err(BadLimit::Capacity),
        }
    }
}

/// What became of a call's units. Times in milliseconds, rounded up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taken {
    /// The units passed.
    Admitted {
        /// Units that would still pass now.
        remaining: u32,
        /// Until the next unit returns; 0 when all are free.
        reset_after_ms: u64,
    },
    /// Nothing was taken.
    Refused {
        /// Units that would still pass now (fewer than this call's cost).
        remaining: u32,
        /// Until this cost would pass.
        reset_after_ms: u64,
    },
}

/// Largest capacity whose admissions are logged one by one.
const EXACT_CAPACITY: u32 = 256;
/// Sub-windows of a larger one.
const SUB_WINDOWS: u64 = 256;
/// Sub-windows when memory is short: the ceiling holds, less of the capacity can be used.
const COARSE_SUB_WINDOWS: u64 = 16;
const NANOS: u64 = 1_000_000_000;

/// The admissions of one key that still count. Its instants are monotonic nanoseconds.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// The oldest entry, which every call looks at: here and not in the log, because the log is
    /// memory apart, and most windows hold one entry. Without units there is none, nor a log.
    first_edge: u64,
    first_units: u32,
    sum: u32,
    log: VecDeque<(u64, u32)>,
    last: u64,
}

impl Window {
    /// Takes `cost` units at `now_ns` if they fit; a cost of 0 takes nothing and tells the state.
    ///
    /// Returns the outcome and the instant it was stamped with: never before an earlier call's.
    ///
    /// ```
    /// use domain::rate_limit::{Limit, Taken, Window};
    ///
    /// const SECOND: u64 = 1_000_000_000;
    /// let (mut window, limit) = (Window::default(), Limit::new(2, 60).unwrap());
    /// let mut passes = |at| matches!(window.take(at, limit, 1, false).0, Taken::Admitted { .. });
    /// assert!(passes(0) && passes(59 * SECOND));
    /// assert!(!passes(59 * SECOND), "two in any 60 seconds");
    /// assert!(passes(60 * SECOND), "the first one is 60 seconds old");
    /// assert!(!passes(60 * SECOND), "the second one still counts: no burst where an interval ends");
    /// ```
    pub fn take(&mut self, now_ns: u64, limit: Limit, cost: u32, coarse: bool) -> (Taken, u64) {
        let now = now_ns.max(self.last);
        self.last = now;
        let interval = u64::from(limit.frequency_s) * NANOS;
        self.prune(now, interval);
        let capacity = u64::from(limit.capacity);
        let sum = u64::from(self.sum);
        if sum + u64::from(cost) > capacity {
            let fits_at = self.frees_at(sum + u64::from(cost) - capacity, interval);
            let remaining = units(capacity.saturating_sub(sum));
            return (
                Taken::Refused {
                    remaining,
                    reset_after_ms: millis_up(fits_at.saturating_sub(now)),
                },
                now,
            );
        }
        if cost > 0 {
            self.push(now, interval, limit.capacity, cost, coarse);
        }
        let remaining = limit.capacity - self.sum;
        let back = match self.first_units {
            0 => 0,
            _ => (self.first_edge + interval).saturating_sub(now),
        };
        (Taken::Admitted { remaining, reset_after_ms: millis_up(back) }, now)
    }

    /// Whether nothing counts any more at `now_ns`, so that the state may be given back.
    #[must_use]
    pub fn is_idle(&mut self, now_ns: u64, limit: Limit) -> bool {
        self.prune(now_ns.max(self.last), u64::from(limit.frequency_s) * NANOS);
        self.first_units == 0
    }

    /// Entries, for memory accounting.
    #[must_use]
    pub fn entries(&self) -> usize {
        usize::from(self.first_units > 0) + self.log.len()
    }

    /// Forgets everything, for the state's next owner. The clock never runs back.
    pub fn clear(&mut self) {
        self.log = VecDeque::new();
        self.first_units = 0;
        self.sum = 0;
    }

    fn prune(&mut self, now: u64, interval: u64) {
        while self.first_units > 0 && now >= self.first_edge + interval {
            self.sum -= self.first_units;
            (self.first_edge, self.first_units) = self.log.pop_front().unwrap_or_default();
        }
    }

    /// When `missing` more units will have come back.
    fn frees_at(&self, missing: u64, interval: u64) -> u64 {
        if self.first_units == 0 {
            return 0;
        }
        let (mut freed, mut latest) = (u64::from(self.first_units), self.first_edge);
        for &(edge, taken) in &self.log {
            if freed >= missing {
                break;
            }
            freed += u64::from(taken);
            latest = edge;
        }
        // When more than the whole window was asked for, the last entry's end; callers refuse a
        // cost over the capacity before.
        latest + interval
    }

    fn push(&mut self, now: u64, interval: u64, capacity: u32, cost: u32, coarse: bool) {
        let edge = if coarse {
            end_of_sub_window(now, interval, COARSE_SUB_WINDOWS)
        } else if capacity <= EXACT_CAPACITY {
            now
        } else {
            end_of_sub_window(now, interval, SUB_WINDOWS)
        };
        self.sum += cost;
        if self.first_units == 0 {
            (self.first_edge, self.first_units) = (edge, cost);
            return;
        }
        // A changed limit may give an earlier edge; order must hold, and later is the safe side.
        match self.log.back_mut() {
            Some((back, taken)) if *back >= edge => *taken += cost,
            None if self.first_edge >= edge => self.first_units += cost,
            _ => self.log.push_back((edge, cost)),
        }
    }
}

const fn end_of_sub_window(now: u64, interval: u64, parts: u64) -> u64 {
    let width = interval.div_ceil(parts);
    (now / width + 1) * width
}

const fn millis_up(ns: u64) -> u64 {
    ns.div_ceil(1_000_000)
}

#[expect(clippy::cast_possible_truncation, reason = "at most the capacity, a u32")]
const fn units(n: u64) -> u32 {
    n as u32
}

#[cfg(test)]
mod tests;
