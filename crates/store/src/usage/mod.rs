//! How often keys were used, and when last.
//!
//! A flush each second writes one packed row, whatever the number of keys; a slow job rolls the rows
//! up, into hours and into days. So a hundred thousand active keys are one insert a second. What was
//! not rolled up yet is not in the answers below.

mod packed;
mod secrets;
mod spans;
mod totals;

pub use secrets::last_used_by_secret;
pub use spans::{Span, UsageSpan, prune, spans};
pub use totals::{TypeSpan, totals};

use crate::{Bookkeeping, Error, Read, Writer, many, value::Value};
use domain::{id::KeyId, time::Timestamp, verdict::Verdict};
use std::collections::BTreeMap;
use verifier::Drained;

/// Calls by key (empty: of no key), the span's beginning, and verdict.
type Counts = BTreeMap<(Vec<u8>, i64, usize), u64>;
/// Statements that go to the database in one piece.
const BATCH: usize = 1_000;

/// Writes what was drained as one row. Nothing drained, nothing written.
///
/// # Errors
/// The database fails; give the counts back with `Verifier::restore_usage`.
pub fn flush(b: &mut Bookkeeping, now: Timestamp, drained: &Drained) -> Result<(), Error> {
    if drained.keys.is_empty() && drained.not_found == 0 {
        return Ok(());
    }
    let packed = packed::write(drained);
    // Two nodes can flush in the same millisecond.
    for place in 0_i64..1_000 {
        let written = b.execute(
            "INSERT INTO usage_journal (at, place, packed) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            &[now.into(), place.into(), packed.as_slice().into()],
        )?;
        if written == 1 {
            return Ok(());
        }
    }
    Err(Error::unavailable("a thousand usage rows in one millisecond"))
}

/// Moves up to `rows` journal rows from before `before` into hours, days and last uses. Returns how many;
/// fewer than `rows`: nothing is left. Each row is moved once, whoever else runs this.
///
/// # Errors
/// The database fails.
pub fn roll_up(b: &mut Bookkeeping, before: Timestamp, rows: u32) -> Result<usize, Error> {
    let taken = b.query(
        "DELETE FROM usage_journal WHERE (at, place) IN
             (SELECT at, place FROM usage_journal WHERE at < $1 ORDER BY at, place LIMIT $2)
         RETURNING at, packed",
        &[before.into(), rows.into()],
    )?;
    // In the order of keys, so that two nodes that roll up at once do not wait for each other crosswise.
    let mut hours = Counts::new();
    let mut last_uses: BTreeMap<[u8; 16], Timestamp> = BTreeMap::new();
    let mut of_secrets = secrets::LastUses::new();
    for row in &taken {
        let at = row.int(0)?;
        let hour = Span::Hour.start_of(at);
        // A row that cannot be read is dropped: counts must not stop what comes after them.
        let Some(drained) = packed::read(row.slice(1)?) else {
            tracing::error!(at, "a row of the usage journal cannot be read and is dropped");
            continue;
        };
        if drained.not_found > 0 {
            let unknown = (Vec::new(), hour, Verdict::NotFound as usize);
            *hours.entry(unknown).or_default() += drained.not_found;
        }
        for usage in &drained.keys {
            for (verdict, &count) in usage.counts.iter().enumerate().filter(|(_, n)| **n > 0) {
                let slot = (usage.id.as_bytes().to_vec(), hour, verdict);
                *hours.entry(slot).or_default() += u64::from(count);
            }
            if let Some(used) = usage.last_used {
                let last = last_uses.entry(*usage.id.as_bytes()).or_insert(used);
                *last = used.max(*last);
            }
            for (slot, used) in (0_u8..).zip(usage.secrets_used) {
                let Some(used) = used else { continue };
                let last = of_secrets.entry((*usage.id.as_bytes(), slot)).or_insert(used);
                *last = used.max(*last);
            }
        }
    }
    let mut days = Counts::new();
    for ((key, hour, verdict), count) in &hours {
        *days.entry((key.clone(), Span::Day.start_of(*hour), *verdict)).or_default() += count;
    }
    totals::add(b, Span::Hour, &hours)?;
    totals::add(b, Span::Day, &days)?;
    spans::add(b, Span::Hour, hours)?;
    spans::add(b, Span::Day, days)?;
    write_last_uses(b, last_uses)?;
    secrets::write(b, of_secrets)?;
    Ok(taken.len())
}

/// When each of these keys last passed, in their order.
///
/// # Errors
/// The database fails.
pub fn last_used(r: &mut Read, ids: &[KeyId]) -> Result<Vec<Option<Timestamp>>, Error> {
    let sql = "SELECT key_id, last_used FROM key_usage WHERE key_id IN ({ids})";
    let mut found: BTreeMap<[u8; 16], Timestamp> = BTreeMap::new();
    for row in many::rows(r, sql, &[], ids.iter().map(|id| id.as_bytes().into()))? {
        found.insert(row.bytes(0)?, row.timestamp(1)?);
    }
    Ok(ids.iter().map(|id| found.get(id.as_bytes()).copied()).collect())
}

fn write_last_uses(
    b: &mut Bookkeeping,
    last_uses: BTreeMap<[u8; 16], Timestamp>,
) -> Result<(), Error> {
    let statements = last_uses.into_iter().map(|(key, at)| {
        (
            "INSERT INTO key_usage (key_id, last_used) VALUES ($1, $2)
             ON CONFLICT (key_id) DO UPDATE SET last_used = excluded.last_used
             WHERE key_usage.last_used < excluded.last_used",
            vec![key.into(), at.into()],
        )
    });
    in_batches(b, statements)
}

fn in_batches(
    w: &mut Writer,
    statements: impl Iterator<Item = (&'static str, Vec<Value>)>,
) -> Result<(), Error> {
    let all: Vec<(&str, Vec<Value>)> = statements.collect();
    all.chunks(BATCH).try_for_each(|batch| w.driver.execute_all(batch))
}
