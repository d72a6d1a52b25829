//! How often a key was asked about, by hour or by day and by verdict.

use crate::{Service, caller::Caller, error::Error};
use domain::{id::KeyId, right::Deed, time::Timestamp, verdict::Verdict};
use store::{
    Read,
    usage::{Span, UsageSpan},
};

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// The most parts of one answer: a month of hours.
const MAX_PARTS: i64 = 31 * 24;

/// How long a part is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UsageStep {
    /// An hour.
    Hour,
    /// A day in UTC.
    Day,
}

/// Calls within one part, by verdict. Parts without calls are left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UsagePart {
    /// When it began.
    pub start: Timestamp,
    /// Calls by `Verdict as usize`.
    pub counts: [u64; Verdict::ALL.len()],
}

/// How a key was used.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UsageOfKey {
    /// The first instant that counts.
    pub from: Timestamp,
    /// The first one that counts no more.
    pub to: Timestamp,
    /// When the key last passed.
    pub last_used: Option<Timestamp>,
    /// The parts, oldest first.
    pub parts: Vec<UsagePart>,
}

impl UsageStep {
    const fn millis(self) -> i64 {
        match self {
            Self::Hour => HOUR_MS,
            Self::Day => DAY_MS,
        }
    }

    pub(crate) const fn span(self) -> Span {
        match self {
            Self::Hour => Span::Hour,
            Self::Day => Span::Day,
        }
    }

    fn start_of(self, at: Timestamp) -> Timestamp {
        let ms = at.as_millis();
        Timestamp::from_millis(ms - ms.rem_euclid(self.millis()))
    }

    /// `[from, to)` in whole parts; without them the last day of hours, or the last thirty days.
    pub(crate) fn parts_of(
        self,
        (from, to): (Option<Timestamp>, Option<Timestamp>),
        now: Timestamp,
    ) -> Result<(Timestamp, Timestamp), Error> {
        let ms = self.millis();
        let usual = match self {
            Self::Hour => 24,
            Self::Day => 30,
        };
        // The end is rounded up: the part that runs now is shown.
        let to = self.start_of(to.unwrap_or(now).plus_millis(ms - 1));
        let from = from.map_or_else(|| to.plus_millis(-usual * ms), |from| self.start_of(from));
        let parts = to.millis_since(from) / ms;
        if !(1..=MAX_PARTS).contains(&parts) {
            let wanted = format!("must lie before `to`, by at most {MAX_PARTS} parts");
            return Err(Error::invalid("from", wanted));
        }
        Ok((from, to))
    }
}

impl Service {
    /// Reads what was counted of `[from, to)`, both widened to whole parts; without them the last day
    /// of hours, or the last thirty days. A flush reaches these numbers within about a minute.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a key that is not there for this caller, [`Error::Invalid`] for a span
    /// that ends before it begins or has too many parts.
    pub async fn show_key_usage(
        &self,
        caller: &Caller,
        id: KeyId,
        step: UsageStep,
        (from, to): (Option<Timestamp>, Option<Timestamp>),
    ) -> Result<UsageOfKey, Error> {
        self.find_for(caller, id, Deed::See).await?;
        let (from, to) = step.parts_of((from, to), self.now().wall)?;
        let span = step.span();
        let (spans, last_used) = self
            .store
            .read(move |r: &mut Read| {
                let spans = store::usage::spans(r, span, Some(id), (from, to))?;
                Ok((spans, store::usage::last_used(r, &[id])?.first().copied().flatten()))
            })
            .await
            .map_err(|e: store::Error| Error::from(e))?;
        let part = |s: UsageSpan| UsagePart { start: s.start, counts: s.counts };
        let parts = spans.into_iter().map(part).collect();
        Ok(UsageOfKey { from, to, last_used, parts })
    }
}
