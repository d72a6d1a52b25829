//! Instants as people read them: how long ago or how soon, and exactly.

use domain::time::Timestamp;

/// An instant on a page.
#[derive(Clone, Debug)]
pub(super) struct When {
    /// `2026-03-01T12:00:00Z`: for machines.
    pub(super) iso: String,
    /// `1 Mar 2026, 12:00:00 UTC`.
    pub(super) exact: String,
    /// `3 hours ago`, `in 12 days`.
    pub(super) relative: String,
}

impl When {
    /// How `at` reads at `now`.
    pub(super) fn of(at: Timestamp, now: Timestamp) -> Self {
        Self { iso: at.to_string(), exact: exact(at), relative: relative(at, now) }
    }

    /// The same where there may be none.
    pub(super) fn maybe(at: Option<Timestamp>, now: Timestamp) -> Option<Self> {
        at.map(|at| Self::of(at, now))
    }
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `1 Mar 2026, 12:00:00 UTC`.
pub(super) fn exact(at: Timestamp) -> String {
    let iso = at.to_string();
    let part = |from: usize, to: usize| iso.get(from..to).unwrap_or_default();
    let month = part(5, 7).parse::<usize>().unwrap_or(1).saturating_sub(1);
    let month = MONTHS.get(month).copied().unwrap_or_default();
    let day = part(8, 10).trim_start_matches('0');
    format!("{day} {month} {}, {} UTC", part(0, 4), part(11, 19))
}

/// `3 hours ago`, `in 12 days`.
pub(super) fn relative(at: Timestamp, now: Timestamp) -> String {
    let ms = at.as_millis().saturating_sub(now.as_millis());
    let seconds = ms.unsigned_abs() / 1_000;
    let amount = match seconds {
        0..45 => return if ms > 0 { "in a moment".to_owned() } else { "just now".to_owned() },
        45..90 => "1 minute".to_owned(),
        90..2_700 => format!("{} minutes", (seconds + 30) / 60),
        2_700..5_400 => "1 hour".to_owned(),
        5_400..79_200 => format!("{} hours", (seconds + 1_800) / 3_600),
        79_200..129_600 => "1 day".to_owned(),
        129_600..5_184_000 => format!("{} days", (seconds + 43_200) / 86_400),
        5_184_000..63_072_000 => format!("{} months", seconds / 2_592_000),
        _ => format!("{} years", seconds / 31_536_000),
    };
    if ms > 0 { format!("in {amount}") } else { format!("{amount} ago") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_read_as_people_say_them() {
        let now = Timestamp::from_millis(1_772_366_400_000);
        let at = |s: i64| relative(now.plus_seconds(s), now);
        assert_eq!(exact(now), "1 Mar 2026, 12:00:00 UTC");
        assert_eq!(at(-10), "just now");
        assert_eq!(at(-61), "1 minute ago");
        assert_eq!(at(-3 * 3_600), "3 hours ago");
        assert_eq!(at(12 * 86_400), "in 12 days");
        assert_eq!(at(-400 * 86_400), "13 months ago");
    }
}
