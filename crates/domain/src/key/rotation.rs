//! When a key is due to get another secret.

use crate::time::Timestamp;

/// The longest time between two rotations: ten years.
pub const MAX_EVERY_DAYS: u16 = 3_650;
/// The longest time for which an old secret works on: 30 days.
pub const MAX_OVERLAP_S: u32 = 30 * DAY_S;

const DAY_S: u32 = 86_400;

/// How often a key is rotated, and for how long the old secret then works on: always for less than the
/// time between two rotations, so that a key never has three secrets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Schedule {
    every_days: u16,
    overlap_s: u32,
}

/// Why there is no such schedule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadSchedule {
    /// Not 1 to [`MAX_EVERY_DAYS`] days.
    Days,
    /// Longer than [`MAX_OVERLAP_S`].
    Overlap,
    /// Not shorter than the time between two rotations.
    OverlapNotShorter,
}

impl Schedule {
    /// Checks both numbers.
    ///
    /// # Errors
    /// One is out of range.
    pub fn new(every_days: u32, overlap_s: u32) -> Result<Self, BadSchedule> {
        let days = u16::try_from(every_days).map_err(|_| BadSchedule::Days)?;
        if !(1..=MAX_EVERY_DAYS).contains(&days) {
            return Err(BadSchedule::Days);
        }
        if overlap_s > MAX_OVERLAP_S {
            return Err(BadSchedule::Overlap);
        }
        if overlap_s >= every_days.saturating_mul(DAY_S) {
            return Err(BadSchedule::OverlapNotShorter);
        }
        Ok(Self { every_days: days, overlap_s })
    }

    /// The schedule in force, its first rotation due one period from `at`.
    #[must_use]
    pub fn starting(self, at: Timestamp) -> Rotation {
        let Self { every_days, overlap_s } = self;
        let due_at = at.plus_seconds(i64::from(every_days) * i64::from(DAY_S));
        Rotation { every_days, overlap_s, due_at }
    }
}

/// A schedule of rotation.
///
/// Where the server keeps the text of secrets it makes the new one itself once it is due, and whoever
/// may reveal it fetches it. Where a secret is shown once nobody would ever see one that was made
/// unasked: there the current secret ends, an overlap after it was due, unless somebody rotates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rotation {
    /// Days between two rotations, 1 to 3,650.
    pub every_days: u16,
    /// Seconds for which the old secret works on beside the new one.
    pub overlap_s: u32,
    /// When the next one is due.
    pub due_at: Timestamp,
}

impl Rotation {
    /// How often, without the instant.
    #[must_use]
    pub const fn schedule(self) -> Schedule {
        Schedule { every_days: self.every_days, overlap_s: self.overlap_s }
    }

    /// The time between two rotations.
    #[must_use]
    pub fn period_s(self) -> u32 {
        u32::from(self.every_days).saturating_mul(DAY_S)
    }

    /// When a current secret ends that nobody rotates, of a type shown once.
    #[must_use]
    pub fn secret_ends_at(self) -> Timestamp {
        self.due_at.plus_seconds(self.overlap_s.into())
    }

    /// What follows a rotation that is made at `at` because it was due: due again at the same time of
    /// day, whole periods later, and not before the old secret has ended.
    #[must_use]
    pub fn moved_on(self, at: Timestamp) -> Self {
        let period_ms = i64::from(self.period_s()).saturating_mul(1_000).max(1);
        // Without an overlap, too, it lies ahead: the key would be due again at once.
        let earliest = at.plus_millis(i64::from(self.overlap_s).saturating_mul(1_000).max(1));
        let behind = earliest.as_millis().saturating_sub(self.due_at.as_millis()).max(1);
        let periods = behind / period_ms + i64::from(behind % period_ms > 0);
        Self { due_at: self.due_at.plus_millis(periods.saturating_mul(period_ms)), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY_MS: i64 = 86_400_000;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(ms)
    }

    #[test]
    fn numbers_that_cannot_be_are_refused() {
        for (days, overlap_s, why) in [
            (0, 0, BadSchedule::Days),
            (3_651, 0, BadSchedule::Days),
            (100_000, 0, BadSchedule::Days),
            (90, MAX_OVERLAP_S + 1, BadSchedule::Overlap),
            (1, DAY_S, BadSchedule::OverlapNotShorter),
            (30, MAX_OVERLAP_S, BadSchedule::OverlapNotShorter),
        ] {
            assert_eq!(Schedule::new(days, overlap_s), Err(why), "{days} {overlap_s}");
        }
        for (days, overlap_s) in [(1, 0), (1, DAY_S - 1), (3_650, MAX_OVERLAP_S)] {
            assert!(Schedule::new(days, overlap_s).is_ok(), "{days} {overlap_s}");
        }
    }

    #[test]
    fn a_stopped_server_is_behind_by_one_rotation_however_long_it_stood() {
        let weekly = Schedule::new(7, 3_600).unwrap().starting(at(0));
        assert_eq!(weekly.due_at, at(7 * DAY_MS));
        assert_eq!(weekly.secret_ends_at(), at(7 * DAY_MS + 3_600_000));
        let due = |now| weekly.moved_on(at(now)).due_at.as_millis() / DAY_MS;
        assert_eq!(due(7 * DAY_MS), 14, "in time");
        assert_eq!(due(7 * DAY_MS + 1), 14);
        assert_eq!(due(36 * DAY_MS), 42, "four periods late");
        assert_eq!(due(14 * DAY_MS - 3_600_000), 14, "the old one ends just then");
        assert_eq!(due(14 * DAY_MS - 3_599_999), 21, "it would still work");
        let without = Schedule::new(7, 0).unwrap().starting(at(0));
        assert_eq!(without.moved_on(at(14 * DAY_MS)).due_at, at(21 * DAY_MS), "just a period late");
    }

    proptest! {
        #[test]
        fn the_next_rotation_is_due_behind_the_overlap_within_two_periods(
            days in 1_u32..=3_650, overlap in 0_u32..=MAX_OVERLAP_S, late in 0_i64..=400_000_000_000,
        ) {
            prop_assume!(overlap < days * DAY_S);
            let rotation = Schedule::new(days, overlap).unwrap().starting(at(0));
            let now = rotation.due_at.plus_millis(late);
            let next = rotation.moved_on(now);
            prop_assert!(next.due_at >= now.plus_seconds(overlap.into()) && next.due_at > now);
            prop_assert!(next.due_at <= now.plus_seconds(2 * i64::from(rotation.period_s())));
            let whole = i64::from(rotation.period_s()) * 1_000;
            prop_assert_eq!((next.due_at.as_millis() - rotation.due_at.as_millis()) % whole, 0);
        }
    }
}
