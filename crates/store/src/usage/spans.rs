//! Counts by hour and by day. Each is kept as long as the job that prunes it says.

use super::{Counts, in_batches};
use crate::{Bookkeeping, Error, Read, Writer};
use domain::{id::KeyId, time::Timestamp, verdict::Verdict};

/// Rows that one round of pruning takes: nobody waits for longer than that.
const PRUNED_AT_ONCE: u32 = 10_000;

/// How long a counted span is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Span {
    /// An hour.
    Hour,
    /// A day in UTC.
    Day,
}

/// Calls of one key within one span, by verdict.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UsageSpan {
    /// When it began.
    pub start: Timestamp,
    /// Calls by `Verdict as usize`.
    pub counts: [u64; Verdict::ALL.len()],
}

impl Span {
    const fn millis(self) -> i64 {
        match self {
            Self::Hour => 3_600_000,
            Self::Day => 86_400_000,
        }
    }

    /// When the span that holds this instant began.
    pub(super) const fn start_of(self, at: i64) -> i64 {
        at - at.rem_euclid(self.millis())
    }
}

/// The spans of `[from, to)` in which the key was called, oldest first. Without a key: calls with
/// secrets that belong to none.
///
/// # Errors
/// The database fails.
pub fn spans(
    r: &mut Read,
    span: Span,
    key: Option<KeyId>,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<UsageSpan>, Error> {
    let id: Vec<u8> = key.map_or_else(Vec::new, |id| id.as_bytes().to_vec());
    let sql = match span {
        Span::Hour => {
            "SELECT hour, verdict, count FROM usage_hours
             WHERE key_id = $1 AND hour >= $2 AND hour < $3 ORDER BY hour, verdict"
        }
        Span::Day => {
            "SELECT day, verdict, count FROM usage_days
             WHERE key_id = $1 AND day >= $2 AND day < $3 ORDER BY day, verdict"
        }
    };
    let mut spans: Vec<UsageSpan> = Vec::new();
    for row in &r.query(sql, &[id.into(), from.into(), to.into()])? {
        let start = row.timestamp(0)?;
        if spans.last().is_none_or(|last| last.start != start) {
            spans.push(UsageSpan { start, counts: [0; Verdict::ALL.len()] });
        }
        let verdict = usize::try_from(row.int(1)?).unwrap_or(usize::MAX);
        let count = spans.last_mut().and_then(|last| last.counts.get_mut(verdict));
        if let Some(count) = count {
            *count = u64::try_from(row.int(2)?).unwrap_or(0);
        }
    }
    Ok(spans)
}

/// Forgets spans that began before `before`, at most ten thousand rows of them; last uses stay.
/// Returns how many rows went.
///
/// # Errors
/// The database fails.
pub fn prune(b: &mut Bookkeeping, span: Span, before: Timestamp) -> Result<u64, Error> {
    let sql = match span {
        Span::Hour => {
            "DELETE FROM usage_hours WHERE (key_id, hour, verdict) IN
                 (SELECT key_id, hour, verdict FROM usage_hours WHERE hour < $1 ORDER BY hour LIMIT $2)"
        }
        Span::Day => {
            "DELETE FROM usage_days WHERE (key_id, day, verdict) IN
                 (SELECT key_id, day, verdict FROM usage_days WHERE day < $1 ORDER BY day LIMIT $2)"
        }
    };
    let of_keys = b.execute(sql, &[before.into(), PRUNED_AT_ONCE.into()])?;
    Ok(of_keys + super::totals::prune(b, span, before)?)
}

/// Adds to what was counted before.
pub(super) fn add(w: &mut Writer, span: Span, counts: Counts) -> Result<(), Error> {
    let sql = match span {
        Span::Hour => {
            "INSERT INTO usage_hours (key_id, hour, verdict, count) VALUES ($1, $2, $3, $4)
             ON CONFLICT (key_id, hour, verdict)
             DO UPDATE SET count = usage_hours.count + excluded.count"
        }
        Span::Day => {
            "INSERT INTO usage_days (key_id, day, verdict, count) VALUES ($1, $2, $3, $4)
             ON CONFLICT (key_id, day, verdict)
             DO UPDATE SET count = usage_days.count + excluded.count"
        }
    };
    let statements = counts.into_iter().map(|((key, start, verdict), count)| {
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        let verdict = i64::try_from(verdict).unwrap_or(i64::MAX);
        (sql, vec![key.into(), start.into(), verdict.into(), number(count).into()])
    });
    in_batches(w, statements)
}
