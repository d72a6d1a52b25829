//! Stacked bars over time, drawn here: an SVG that needs no script and no colours (each series has a pattern
//! of its own), a sentence that says what one would read off it, and a table with every number.

use super::numbers::{grouped, round_up};

/// How many series a chart tells apart.
pub(super) const SERIES: usize = 5;

/// Units of the drawing from the bottom to the top.
const HEIGHT: u64 = 200;
/// About how many from the left to the right: each bar has a whole number of them.
const WIDTH: usize = 720;
/// A bar that is not nothing can be seen.
const LEAST: u64 = 2;
/// Labels below the bars; more would run into each other on a phone.
const LABELS: usize = 4;

/// What was counted within one part of the time.
#[derive(Clone, Debug, Default)]
pub(super) struct Point {
    /// Below its bar: `3 Mar`.
    pub(super) label: String,
    /// In the table and in the sentence: `3 Mar 2026`.
    pub(super) exact: String,
    /// By series.
    pub(super) counts: [u64; SERIES],
}

impl Point {
    fn total(&self) -> u64 {
        self.counts.iter().fold(0, |sum, count| sum.saturating_add(*count))
    }
}

/// What a chart is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct About<'a> {
    /// A name for its parts that no other chart of the page has.
    pub(super) id: &'static str,
    /// The heading.
    pub(super) title: &'a str,
    /// What is counted: one of it and several.
    pub(super) things: (&'static str, &'static str),
    /// Over which time: `the last 7 days`.
    pub(super) span: &'a str,
    /// What the parts are: `Day`, `Hour`.
    pub(super) part: &'static str,
    /// What the series are called; a shorter list leaves the last ones out.
    pub(super) series: &'a [&'static str],
}

/// A chart, ready to be put on a page by `console/chart.html`.
#[derive(Clone, Debug)]
pub(super) struct Chart {
    pub(super) id: &'static str,
    pub(super) title: String,
    /// What one would read off it.
    pub(super) summary: String,
    pub(super) part: &'static str,
    pub(super) total: String,
    /// Nothing was counted: there is nothing to draw.
    pub(super) empty: bool,
    pub(super) width: usize,
    /// At the top, in the middle and at the bottom.
    pub(super) scale: [String; 3],
    pub(super) bars: Vec<Bar>,
    /// Those that counted something.
    pub(super) legend: Vec<Series>,
    pub(super) rows: Vec<Row>,
}

/// One part of the time.
#[derive(Clone, Debug)]
pub(super) struct Bar {
    pub(super) x: usize,
    pub(super) width: usize,
    pub(super) slot_x: usize,
    pub(super) slot: usize,
    /// What a pointer that rests on it is told.
    pub(super) said: String,
    /// Below it; empty where there is no room.
    pub(super) label: String,
    pub(super) pieces: Vec<Piece>,
}

/// One series within a bar.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) series: usize,
    pub(super) y: u64,
    pub(super) height: u64,
}

/// A series.
#[derive(Clone, Debug)]
pub(super) struct Series {
    pub(super) at: usize,
    pub(super) name: &'static str,
    pub(super) total: String,
}

/// A line of the table.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) exact: String,
    /// By the series of the legend.
    pub(super) counts: Vec<String>,
    pub(super) total: String,
}

impl Chart {
    /// The chart of these points, oldest first.
    pub(super) fn of(about: About<'_>, points: &[Point]) -> Self {
        let sum = |at: usize| {
            points.iter().filter_map(|p| p.counts.get(at)).fold(0_u64, |s, c| s.saturating_add(*c))
        };
        let totals: Vec<(usize, &'static str, u64)> =
            (0..SERIES).zip(about.series).map(|(at, name)| (at, *name, sum(at))).collect();
        let shown: Vec<(usize, &'static str, u64)> =
            totals.iter().copied().filter(|(_, _, total)| *total > 0).collect();
        let total = points.iter().fold(0_u64, |sum, p| sum.saturating_add(p.total()));
        let most = points.iter().max_by_key(|p| p.total());
        let top = round_up(most.map_or(0, Point::total));
        let slot = (WIDTH / points.len().max(1)).max(2);
        let every = points.len().div_ceil(LABELS).max(1);
        let bars = (0..).zip(points).map(|(at, p)| bar(about, p, at, (slot, top, every))).collect();
        let of_row = |p: &Point| Row {
            exact: p.exact.clone(),
            counts: shown
                .iter()
                .map(|(at, ..)| grouped(p.counts.get(*at).copied().unwrap_or(0)))
                .collect(),
            total: grouped(p.total()),
        };
        Self {
            id: about.id,
            title: about.title.to_owned(),
            summary: summary(about, total, &shown, most.filter(|_| points.len() > 1)),
            part: about.part,
            total: grouped(total),
            empty: total == 0,
            width: slot * points.len(),
            scale: [top, top / 2, 0].map(grouped),
            bars,
            legend: shown
                .iter()
                .map(|(at, name, total)| Series { at: *at, name, total: grouped(*total) })
                .collect(),
            rows: points.iter().map(of_row).collect(),
        }
    }
}

fn bar(about: About<'_>, point: &Point, at: usize, (slot, top, every): (usize, u64, usize)) -> Bar {
    let gap = slot / 6;
    let mut y = HEIGHT;
    let mut pieces = Vec::new();
    for (series, count) in point.counts.iter().copied().enumerate().filter(|(_, n)| *n > 0) {
        let height = scaled(count, top).clamp(LEAST, y.max(LEAST));
        y = y.saturating_sub(height);
        pieces.push(Piece { series, y, height });
    }
    Bar {
        x: at * slot + gap,
        width: slot - 2 * gap,
        slot_x: at * slot,
        slot,
        said: format!("{}: {}", point.exact, counted(about, point)),
        label: if at.is_multiple_of(every) { point.label.clone() } else { String::new() },
        pieces,
    }
}

/// `count` in units of the drawing.
fn scaled(count: u64, top: u64) -> u64 {
    let height = u128::from(count) * u128::from(HEIGHT) / u128::from(top.max(1));
    u64::try_from(height).unwrap_or(HEIGHT)
}

/// `1,204 calls: 1,150 valid, 54 rate limited`.
fn counted(about: About<'_>, point: &Point) -> String {
    let of: Vec<String> = about
        .series
        .iter()
        .zip(point.counts)
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{} {}", grouped(count), name.to_lowercase()))
        .collect();
    match of.as_slice() {
        [] => format!("no {}", about.things.1),
        _ => format!("{}: {}", amount(about, point.total()), of.join(", ")),
    }
}

fn amount(about: About<'_>, count: u64) -> String {
    let (one, several) = about.things;
    format!("{} {}", grouped(count), if count == 1 { one } else { several })
}

fn summary(
    about: About<'_>,
    total: u64,
    shown: &[(usize, &'static str, u64)],
    most: Option<&Point>,
) -> String {
    if total == 0 {
        return format!("No {} in {}.", about.things.1, about.span);
    }
    let of: Vec<String> = shown
        .iter()
        .map(|(_, name, count)| format!("{} {}", grouped(*count), name.to_lowercase()))
        .collect();
    let mut text = format!("{} in {}: {}", amount(about, total), about.span, of.join(", "));
    if let Some(most) = most {
        text.push_str(&format!("; most on {} ({})", most.exact, grouped(most.total())));
    }
    text.push('.');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: About<'_> = About {
        id: "calls",
        title: "Calls",
        things: ("call", "calls"),
        span: "the last 3 days",
        part: "Day",
        series: &["Valid", "Refused", "Rate limited"],
    };

    fn point(label: &str, counts: [u64; SERIES]) -> Point {
        Point { label: label.to_owned(), exact: format!("{label} 2026"), counts }
    }

    #[test]
    fn the_sentence_says_what_one_would_read_off() {
        let points = [
            point("1 Mar", [900, 0, 4, 0, 0]),
            point("2 Mar", [0; SERIES]),
            point("3 Mar", [250, 0, 50, 0, 0]),
        ];
        let chart = Chart::of(ABOUT, &points);
        assert_eq!(
            chart.summary,
            "1,204 calls in the last 3 days: 1,150 valid, 54 rate limited; most on 1 Mar 2026 (904)."
        );
        assert_eq!(chart.legend.len(), 2, "what was never counted is not listed");
        assert_eq!(chart.scale, ["1,000", "500", "0"]);
        let row = &chart.rows[2];
        assert_eq!((row.counts.join(" "), row.total.as_str()), ("250 50".to_owned(), "300"));
        assert_eq!(chart.bars[1].said, "2 Mar 2026: no calls");
    }

    #[test]
    fn bars_stay_within_the_drawing_and_the_least_count_is_seen() {
        let points = [point("1 Mar", [u64::MAX, 1, 1, 1, 1]), point("2 Mar", [1, 0, 0, 0, 0])];
        let chart = Chart::of(ABOUT, &points);
        for piece in chart.bars.iter().flat_map(|bar| &bar.pieces) {
            assert!(piece.height >= LEAST && piece.y <= HEIGHT, "{piece:?}");
        }
        assert_eq!(chart.width, 720);
    }

    #[test]
    fn nothing_counted_is_said() {
        let chart = Chart::of(ABOUT, &[]);
        assert!(chart.empty);
        assert_eq!(chart.summary, "No calls in the last 3 days.");
    }
}
