//! Instants as Unix milliseconds: the precision of the wires is the precision of the store.

use std::fmt;

/// An instant in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Timestamp(i64);

/// The latest instant a wire may name: the end of the year 9999 (RFC 3339 has four-digit years).
const MAX_MS: i64 = 253_402_300_799_999;

/// Days of 9998, and of the year after: what lies between the same instants of both.
const YEAR_MS: i64 = 365 * 86_400_000;

/// Why a text is not an instant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAnInstant;

impl Timestamp {
    /// Makes an instant from Unix milliseconds.
    #[must_use]
    pub const fn from_millis(ms: i64) -> Self {
        Self(ms)
    }

    /// Makes an instant from Unix milliseconds given by a stranger: 1970 to 9999 only.
    ///
    /// # Errors
    /// The instant lies outside of what RFC 3339 can print.
    pub const fn checked_from_millis(ms: i64) -> Result<Self, NotAnInstant> {
        if ms < 0 || ms > MAX_MS { Err(NotAnInstant) } else { Ok(Self(ms)) }
    }

    /// Unix milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Whole Unix seconds, rounded down.
    #[must_use]
    pub const fn as_seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// The instant `seconds` later (or earlier, when negative), saturating.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1000)))
    }

    /// The instant `ms` milliseconds later, saturating.
    #[must_use]
    pub const fn plus_millis(self, ms: i64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds from `earlier` to this instant; negative when this is the earlier one.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads an RFC 3339 instant; precision beyond the millisecond is cut off.
    ///
    /// # Errors
    /// The text is not RFC 3339, or lies outside the years 1970 to 9999.
    pub fn parse(text: &str) -> Result<Self, NotAnInstant> {
        match (text.parse::<jiff::Timestamp>(), text.strip_prefix("9999-")) {
            (Ok(at), _) => Self::checked_from_millis(at.as_millisecond()),
            // The library ends a day before the last year does, and "never" is often written so.
            (Err(_), Some(rest)) => {
                let before = format!("9998-{rest}").parse::<jiff::Timestamp>();
                let at = before.map_err(|_| NotAnInstant)?.as_millisecond();
                Self::checked_from_millis(at + YEAR_MS)
            }
            (Err(_), None) => Err(NotAnInstant),
        }
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with three digits of a second, `2026-01-31T08:30:00.000Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(at) => write!(f, "{at:.3}"),
            Err(_) => match jiff::Timestamp::from_millisecond(self.0.min(MAX_MS) - YEAR_MS) {
                Ok(before) => {
                    write!(f, "9999{}", format!("{before:.3}").trim_start_matches("9998"))
                }
                Err(_) => f.write_str("9999-12-31T23:59:59.999Z"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_print_with_three_digits_and_read_back() {
        let at = Timestamp::from_millis(1_769_848_200_120);
        assert_eq!(at.to_string(), "2026-01-31T08:30:00.120Z");
        assert_eq!(Timestamp::parse("2026-01-31T08:30:00.120Z"), Ok(at));
        assert_eq!(Timestamp::parse("2026-01-31T09:30:00.1209+01:00"), Ok(at));
        assert_eq!(Timestamp::parse("1969-12-31T23:59:59Z"), Err(NotAnInstant));
        assert_eq!(Timestamp::parse("tomorrow"), Err(NotAnInstant));
        assert_eq!(Timestamp::from_millis(0).to_string(), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn the_last_day_of_all_years_reads_and_prints() {
        for last in
            ["9999-12-30T23:00:00.001Z", "9999-12-31T00:00:00.000Z", "9999-12-31T23:59:59.999Z"]
        {
            assert_eq!(Timestamp::parse(last).map(|at| at.to_string()), Ok(last.to_owned()));
        }
        assert_eq!(Timestamp::parse("9999-12-31T23:59:59-01:00"), Err(NotAnInstant));
        assert_eq!(Timestamp::from_millis(i64::MAX).to_string(), "9999-12-31T23:59:59.999Z");
    }
}
