//! How often keys were used, and when last.
//!
//! A flush each second writes one packed row, whatever the number of keys; a slow job rolls the rows
//! up. So a hundred thousand active keys are one insert a second. What was not rolled up yet is not
//! in the answers below.

mod packed;

use crate::{Bookkeeping, Error, Read, value::Value};
use domain::{id::KeyId, time::Timestamp, verdict::Verdict};
use std::collections::BTreeMap;
use verifier::Drained;

/// Calls of one key in one hour, by verdict.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hour {
    /// When the hour began.
    pub start: Timestamp,
    /// Calls by `Verdict as usize`.
    pub counts: [u64; Verdict::ALL.len()],
}

const HOUR_MS: i64 = 3_600_000;
/// Statements that go to the database in one piece.
const BATCH: usize = 1_000;
/// Ids that one statement asks for; a shorter rest is filled up, so that the text stays the same.
const IDS_AT_ONCE: usize = 50;

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

/// Moves up to `rows` journal rows from before `before` into hours and last uses. Returns how many;
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
    let mut hours: BTreeMap<(Vec<u8>, i64, usize), u64> = BTreeMap::new();
    let mut last_uses: BTreeMap<[u8; 16], Timestamp> = BTreeMap::new();
    for row in &taken {
        let at = row.int(0)?;
        let hour = at - at.rem_euclid(HOUR_MS);
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
        }
    }
    write_hours(b, hours)?;
    write_last_uses(b, last_uses)?;
    Ok(taken.len())
}

/// The hours of `[from, to)` in which the key was called, oldest first. Without a key: calls with
/// secrets that belong to none.
///
/// # Errors
/// The database fails.
pub fn hourly(
    r: &mut Read,
    key: Option<KeyId>,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Hour>, Error> {
    let id: Vec<u8> = key.map_or_else(Vec::new, |id| id.as_bytes().to_vec());
    let rows = r.query(
        "SELECT hour, verdict, count FROM usage_hours
         WHERE key_id = $1 AND hour >= $2 AND hour < $3 ORDER BY hour, verdict",
        &[id.into(), from.into(), to.into()],
    )?;
    let mut hours: Vec<Hour> = Vec::new();
    for row in &rows {
        let start = row.timestamp(0)?;
        if hours.last().is_none_or(|hour| hour.start != start) {
            hours.push(Hour { start, counts: [0; Verdict::ALL.len()] });
        }
        let verdict = usize::try_from(row.int(1)?).unwrap_or(usize::MAX);
        let count = hours.last_mut().and_then(|h| h.counts.get_mut(verdict));
        if let Some(count) = count {
            *count = u64::try_from(row.int(2)?).unwrap_or(0);
        }
    }
    Ok(hours)
}

/// When each of these keys last passed, in their order.
///
/// # Errors
/// The database fails.
pub fn last_used(r: &mut Read, ids: &[KeyId]) -> Result<Vec<Option<Timestamp>>, Error> {
    let mut found: BTreeMap<[u8; 16], Timestamp> = BTreeMap::new();
    let places: Vec<String> = (1..=IDS_AT_ONCE).map(|n| format!("${n}")).collect();
    let sql =
        format!("SELECT key_id, last_used FROM key_usage WHERE key_id IN ({})", places.join(", "));
    for ids in ids.chunks(IDS_AT_ONCE) {
        let mut args: Vec<Value> = ids.iter().map(|id| id.as_bytes().into()).collect();
        args.resize(IDS_AT_ONCE, Value::Blob(Vec::new()));
        for row in r.query_dynamic(&sql, &args)? {
            found.insert(row.bytes(0)?, row.timestamp(1)?);
        }
    }
    Ok(ids.iter().map(|id| found.get(id.as_bytes()).copied()).collect())
}

/// Forgets the hours before `before`; last uses stay.
///
/// # Errors
/// The database fails.
pub fn prune(b: &mut Bookkeeping, before: Timestamp) -> Result<u64, Error> {
    b.execute("DELETE FROM usage_hours WHERE hour < $1", &[before.into()])
}

fn write_hours(
    b: &mut Bookkeeping,
    hours: BTreeMap<(Vec<u8>, i64, usize), u64>,
) -> Result<(), Error> {
    let statements = hours.into_iter().map(|((key, hour, verdict), count)| {
        (
            "INSERT INTO usage_hours (key_id, hour, verdict, count) VALUES ($1, $2, $3, $4)
             ON CONFLICT (key_id, hour, verdict) DO UPDATE SET count = usage_hours.count + excluded.count",
            vec![
                key.into(),
                hour.into(),
                i64::try_from(verdict).unwrap_or(i64::MAX).into(),
                i64::try_from(count).unwrap_or(i64::MAX).into(),
            ],
        )
    });
    in_batches(b, statements)
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
    b: &mut Bookkeeping,
    statements: impl Iterator<Item = (&'static str, Vec<Value>)>,
) -> Result<(), Error> {
    let all: Vec<(&str, Vec<Value>)> = statements.collect();
    all.chunks(BATCH).try_for_each(|batch| b.driver.execute_all(batch))
}
