//! Calls of all keys of a tenant and type together, by hour and by day: what an overview reads, however
//! many keys there are. Kept as long as the counts of single keys.

use super::{Counts, Span, in_batches, spans::UsageSpan};
use crate::{Bookkeeping, Error, Read, many, value::Value};
use domain::{id::Scope, time::Timestamp, verdict::Verdict};
use std::collections::BTreeMap;

/// Calls by scope, the span's beginning, type and verdict. What was found nowhere has neither scope nor type.
type Totals = BTreeMap<(String, i64, String, usize), u64>;

/// Calls of the keys of one type within one span; without a type: calls with secrets that belong to no key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TypeSpan {
    /// The type's name.
    pub key_type: Option<String>,
    /// When it was, and how many.
    pub span: UsageSpan,
}

/// The spans of `[from, to)` in which keys of a scope, or of any, were called, oldest first. Secrets that
/// belong to no key belong to no scope.
///
/// # Errors
/// The database fails.
pub fn totals(
    r: &mut Read,
    span: Span,
    scope: Option<Scope>,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<TypeSpan>, Error> {
    let mut args: Vec<Value> = vec![from.into(), to.into()];
    let sql = match (span, scope.is_some()) {
        (Span::Hour, true) => {
            "SELECT hour, key_type, verdict, count FROM usage_total_hours
             WHERE hour >= $1 AND hour < $2 AND scope = $3 ORDER BY hour, key_type"
        }
        (Span::Day, true) => {
            "SELECT day, key_type, verdict, count FROM usage_total_days
             WHERE day >= $1 AND day < $2 AND scope = $3 ORDER BY day, key_type"
        }
        (Span::Hour, false) => {
            "SELECT hour, key_type, verdict, CAST(SUM(count) AS BIGINT) FROM usage_total_hours
             WHERE hour >= $1 AND hour < $2 GROUP BY hour, key_type, verdict ORDER BY hour, key_type"
        }
        (Span::Day, false) => {
            "SELECT day, key_type, verdict, CAST(SUM(count) AS BIGINT) FROM usage_total_days
             WHERE day >= $1 AND day < $2 GROUP BY day, key_type, verdict ORDER BY day, key_type"
        }
    };
    args.extend(scope.map(Value::from));
    let mut totals: Vec<TypeSpan> = Vec::new();
    for row in &r.query(sql, &args)? {
        let (start, name) = (row.timestamp(0)?, row.text(1)?);
        let key_type = (!name.is_empty()).then_some(name);
        if totals.last().is_none_or(|last| last.span.start != start || last.key_type != key_type) {
            let span = UsageSpan { start, counts: [0; Verdict::ALL.len()] };
            totals.push(TypeSpan { key_type, span });
        }
        let verdict = usize::try_from(row.int(2)?).unwrap_or(usize::MAX);
        let count = totals.last_mut().and_then(|last| last.span.counts.get_mut(verdict));
        if let Some(count) = count {
            *count = u64::try_from(row.int(3)?).unwrap_or(0);
        }
    }
    Ok(totals)
}

/// Adds what is added to the counts of single keys. A key's row outlives its deletion, so that what it was
/// asked before still belongs to its tenant.
pub(super) fn add(b: &mut Bookkeeping, span: Span, counts: &Counts) -> Result<(), Error> {
    let mut ids: Vec<&[u8]> = counts.keys().map(|(key, ..)| key.as_slice()).collect();
    ids.dedup();
    let of = owners(b, &ids)?;
    let mut totals = Totals::new();
    for ((key, start, verdict), count) in counts {
        let (scope, key_type) = of.get(key).cloned().unwrap_or_default();
        *totals.entry((scope, *start, key_type, *verdict)).or_default() += count;
    }
    let sql = match span {
        Span::Hour => {
            "INSERT INTO usage_total_hours (scope, hour, key_type, verdict, count)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (scope, hour, key_type, verdict)
             DO UPDATE SET count = usage_total_hours.count + excluded.count"
        }
        Span::Day => {
            "INSERT INTO usage_total_days (scope, day, key_type, verdict, count)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT (scope, day, key_type, verdict)
             DO UPDATE SET count = usage_total_days.count + excluded.count"
        }
    };
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let statements = totals.into_iter().map(|((scope, start, key_type, verdict), count)| {
        let verdict = i64::try_from(verdict).unwrap_or(i64::MAX);
        let (scope, key_type) = (scope.as_str().into(), key_type.as_str().into());
        (sql, vec![scope, start.into(), key_type, verdict.into(), number(count).into()])
    });
    in_batches(b, statements)
}

/// Drops what began before `before`, as [`super::prune`] does for single keys; here the rows are few.
pub(super) fn prune(b: &mut Bookkeeping, span: Span, before: Timestamp) -> Result<u64, Error> {
    let sql = match span {
        Span::Hour => "DELETE FROM usage_total_hours WHERE hour < $1",
        Span::Day => "DELETE FROM usage_total_days WHERE day < $1",
    };
    b.execute(sql, &[before.into()])
}

/// The scope and type of each key that has a row.
fn owners(
    b: &mut Bookkeeping,
    ids: &[&[u8]],
) -> Result<BTreeMap<Vec<u8>, (String, String)>, Error> {
    let sql = "SELECT id, scope, key_type FROM keys WHERE id IN ({ids})";
    many::rows(b, sql, &[], ids.iter().map(|&id| id.into()))?
        .iter()
        .map(|row| Ok((row.blob(0)?, (row.text(1)?, row.text(2)?))))
        .collect()
}
