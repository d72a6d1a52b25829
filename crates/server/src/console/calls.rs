//! Charts of calls by what became of them: of one key or of many, over a day, a week or a month.

use super::chart::{About, Chart, Point, SERIES};
use domain::{time::Timestamp, verdict::Verdict};
use service::keys::{UsagePart, UsageStep};

/// What a bar tells apart. Verdicts of one kind stand together; the API says each.
const KINDS: [&str; SERIES] =
    ["Valid", "Ended or disabled", "Rate limited", "Not allowed", "Unknown"];

/// The times that one may look at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Range {
    Day,
    Week,
    Month,
}

impl Range {
    pub(super) const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// The one that an address names; a week where it names none.
    pub(super) fn parse(text: Option<&str>) -> Self {
        Self::ALL.into_iter().find(|range| Some(range.word()) == text).unwrap_or(Self::Week)
    }

    /// Its word in an address.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Day => "24h",
            Self::Week => "7d",
            Self::Month => "30d",
        }
    }

    /// On a link.
    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Day => "24 hours",
            Self::Week => "7 days",
            Self::Month => "30 days",
        }
    }

    const fn said(self) -> &'static str {
        match self {
            Self::Day => "the last 24 hours",
            Self::Week => "the last 7 days",
            Self::Month => "the last 30 days",
        }
    }

    /// How long a bar is.
    pub(super) const fn step(self) -> UsageStep {
        match self {
            Self::Day => UsageStep::Hour,
            Self::Week | Self::Month => UsageStep::Day,
        }
    }

    const fn parts(self) -> i64 {
        match self {
            Self::Day => 24,
            Self::Week => 7,
            Self::Month => 30,
        }
    }

    const fn part_s(self) -> i64 {
        match self {
            Self::Day => 3_600,
            Self::Week | Self::Month => 86_400,
        }
    }

    /// From when to when: whole parts, the last of them the one that runs now.
    pub(super) fn span(self, now: Timestamp) -> (Timestamp, Timestamp) {
        let ms = self.part_s() * 1_000;
        let begun = now.as_millis() - now.as_millis().rem_euclid(ms);
        let end = Timestamp::from_millis(begun + ms);
        (end.plus_seconds(-self.parts() * self.part_s()), end)
    }
}

/// The chart of `parts`, which were counted within `range` as it is at `now`. What was not counted is drawn
/// as nothing. `id`: as in [`About`].
pub(super) fn chart(
    id: &'static str,
    title: &str,
    range: Range,
    parts: &[UsagePart],
    now: Timestamp,
) -> Chart {
    let (from, _) = range.span(now);
    let points: Vec<Point> = (0..range.parts())
        .map(|at| {
            let start = from.plus_seconds(at * range.part_s());
            let counted = parts.iter().filter(|part| part.start == start);
            let mut counts = [0; SERIES];
            for part in counted {
                for (verdict, count) in Verdict::ALL.into_iter().zip(part.counts) {
                    if let Some(slot) = counts.get_mut(kind(verdict)) {
                        *slot = count.saturating_add(*slot);
                    }
                }
            }
            let (label, exact) = named(range, start);
            Point { label, exact, counts }
        })
        .collect();
    let part = match range {
        Range::Day => "Hour",
        Range::Week | Range::Month => "Day",
    };
    let about =
        About { id, title, things: ("call", "calls"), span: range.said(), part, series: &KINDS };
    Chart::of(about, &points)
}

/// Which kind of outcome a verdict is: its place in [`KINDS`].
const fn kind(verdict: Verdict) -> usize {
    match verdict {
        Verdict::Valid => 0,
        Verdict::Revoked | Verdict::Disabled | Verdict::NotYetValid | Verdict::Expired => 1,
        Verdict::RateLimited => 2,
        Verdict::OriginNotAllowed
        | Verdict::AddressNotAllowed
        | Verdict::RequestNotAllowed
        | Verdict::InsufficientPermissions => 3,
        Verdict::NotFound | Verdict::WrongTenant | Verdict::WrongType => 4,
    }
}

/// `3 Mar` and `3 Mar 2026`; of an hour, `14:00` and `3 Mar 2026, 14:00`.
fn named(range: Range, start: Timestamp) -> (String, String) {
    let exact = super::when::exact(start);
    let (date, time) = exact.split_once(", ").unwrap_or((&exact, ""));
    match range {
        Range::Day => {
            let hour = time.get(..5).unwrap_or_default();
            (hour.to_owned(), format!("{date}, {hour}"))
        }
        Range::Week | Range::Month => {
            let day = date.rsplit_once(' ').map_or(date, |(day, _)| day);
            (day.to_owned(), date.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_772_540_000_000);

    #[test]
    fn what_was_not_counted_is_drawn_as_nothing() {
        let (from, to) = Range::Week.span(NOW);
        assert_eq!(
            (from.to_string(), to.to_string()),
            ("2026-02-25T00:00:00.000Z".to_owned(), "2026-03-04T00:00:00.000Z".to_owned(),)
        );
        let mut counts = [0; 13];
        counts[Verdict::Valid as usize] = 7;
        counts[Verdict::Expired as usize] = 2;
        let parts = [UsagePart { start: from.plus_seconds(2 * 86_400), counts }];
        let chart = chart("c", "Calls", Range::Week, &parts, NOW);
        assert_eq!(chart.rows.len(), 7);
        assert_eq!(
            chart.summary,
            "9 calls in the last 7 days: 7 valid, 2 ended or disabled; most on 27 Feb 2026 (9)."
        );
    }

    #[test]
    fn a_day_is_told_by_the_hour() {
        let chart = chart("c", "Calls", Range::Day, &[], NOW);
        assert_eq!(chart.rows.len(), 24);
        assert_eq!(chart.rows[23].exact, "3 Mar 2026, 12:00");
        assert_eq!(Range::parse(Some("24h")), Range::Day);
        assert_eq!(Range::parse(Some("<")), Range::Week);
    }
}
