//! Sign-in attempts: counted before the password is looked at, delayed more and more, never locked
//! for longer than 15 minutes (PW-04, PW-05).
//!
//! Names and sources come as MACs, so that the table names nobody. A name that nobody has is counted
//! like any other. Three counters: of the account over all sources, of the source over all accounts,
//! and, in place of both, of an account from a source that signed in to it before: whoever guesses
//! from elsewhere cannot lock the rightful person out.

use crate::{Bookkeeping, Error, Read, Value, Writer};
use domain::time::Timestamp;
use std::collections::BTreeMap;

/// What became of one attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Attempt {
    /// Whether the password may be looked at. If not, nothing was counted.
    pub allowed: bool,
    /// Failures in a row, this attempt included until [`success`] takes it back.
    pub failures: u32,
    /// When the next attempt is allowed, if that is later than now.
    pub locked_until: Option<Timestamp>,
    /// Whether this attempt was counted apart, because its source signed in before.
    pub known_source: bool,
    /// Whether delays began with this very attempt: the moment to write it into the audit log.
    pub began_lock: bool,
}

/// The longest delay.
pub const MAX_LOCK_MS: i64 = 15 * 60 * 1000;
/// How long a source is remembered after it signed in.
const KNOWN_FOR_S: i64 = 90 * 86_400;
/// After so long without an attempt a source starts anew; accounts count in a row, however slowly.
const SOURCE_RESTS_S: i64 = 3_600;

/// Failures without any delay, a kind of counter. A source may be a whole office. Who is known has
/// a path of their own, and is never worse off on it than a stranger is.
const FREE_OF_ACCOUNT: i64 = 4;
const FREE_OF_SOURCE: i64 = 19;
const FREE_OF_KNOWN: i64 = FREE_OF_ACCOUNT;

const NOBODY: &[u8] = &[];
/// Accounts that one statement asks for.
const NAMES_AT_ONCE: usize = 50;

/// Counts an attempt as a failure and says whether it may go on: one statement a counter, so that a
/// hundred attempts at once are counted one after the other.
///
/// # Errors
/// The database fails.
pub fn register(
    b: &mut Bookkeeping,
    name_mac: [u8; 32],
    source_mac: Option<[u8; 32]>,
    now: Timestamp,
) -> Result<Attempt, Error> {
    let Some(source) = source_mac else {
        return count(b, &name_mac, NOBODY, FREE_OF_ACCOUNT, now);
    };
    let known = b.query_one(
        "SELECT 1 FROM sign_in_attempts WHERE name_mac = $1 AND source_mac = $2 AND proven_at > $3",
        &[name_mac.into(), source.into(), now.plus_seconds(-KNOWN_FOR_S).into()],
    )?;
    if known.is_some() {
        return register_apart(b, name_mac, source, now);
    }
    b.execute(
        "DELETE FROM sign_in_attempts
         WHERE name_mac = $1 AND source_mac = $2 AND last_at < $3 AND locked_until <= $4",
        &[NOBODY.into(), source.into(), now.plus_seconds(-SOURCE_RESTS_S).into(), now.into()],
    )?;
    // The source first: one that is locked must not be able to run up the account's counter.
    let of_source = count(b, NOBODY, &source, FREE_OF_SOURCE, now)?;
    if !of_source.allowed {
        return Ok(of_source);
    }
    let of_account = count(b, &name_mac, NOBODY, FREE_OF_ACCOUNT, now)?;
    Ok(Attempt {
        locked_until: of_account.locked_until.max(of_source.locked_until),
        began_lock: of_account.began_lock || of_source.began_lock,
        ..of_account
    })
}

/// Counts an attempt on the path that account and source have of their own: for sources that signed
/// in before, and for cluster persons at the machine itself.
///
/// # Errors
/// The database fails.
pub fn register_apart(
    b: &mut Bookkeeping,
    name_mac: [u8; 32],
    source_mac: [u8; 32],
    now: Timestamp,
) -> Result<Attempt, Error> {
    Ok(Attempt { known_source: true, ..count(b, &name_mac, &source_mac, FREE_OF_KNOWN, now)? })
}

/// Takes the attempt back that [`register`] counted, ends the account's row of failures, and remembers
/// the source.
///
/// # Errors
/// The database fails.
pub fn success(
    b: &mut Bookkeeping,
    name_mac: [u8; 32],
    source_mac: Option<[u8; 32]>,
    attempt: &Attempt,
    now: Timestamp,
) -> Result<(), Error> {
    if let Some(source) = source_mac.filter(|_| !attempt.known_source) {
        // One failure less, not none: an account of one's own does not buy free guesses at others.
        b.execute(
            "UPDATE sign_in_attempts SET failures = failures - 1, locked_until = 0
             WHERE name_mac = $1 AND source_mac = $2 AND failures > 0",
            &[NOBODY.into(), source.into()],
        )?;
    }
    b.execute(
        "DELETE FROM sign_in_attempts WHERE name_mac = $1 AND source_mac = $2",
        &[name_mac.into(), NOBODY.into()],
    )?;
    if let Some(source) = source_mac {
        b.execute(
            "INSERT INTO sign_in_attempts (name_mac, source_mac, failures, locked_until, last_at, proven_at)
             VALUES ($1, $2, 0, 0, $3, $3)
             ON CONFLICT (name_mac, source_mac) DO UPDATE
                 SET failures = 0, locked_until = 0, last_at = excluded.last_at, proven_at = excluded.proven_at",
            &[name_mac.into(), source.into(), now.into()],
        )?;
    }
    Ok(())
}

/// Until when each of these accounts is delayed, from whatever source; `None`: it is not.
///
/// # Errors
/// The database fails.
pub fn locked_until(
    r: &mut Read,
    name_macs: &[[u8; 32]],
    now: Timestamp,
) -> Result<Vec<Option<Timestamp>>, Error> {
    let places: Vec<String> = (2..NAMES_AT_ONCE + 2).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT name_mac, MAX(locked_until) FROM sign_in_attempts
         WHERE locked_until > $1 AND name_mac IN ({}) GROUP BY name_mac",
        places.join(", ")
    );
    let mut found: BTreeMap<[u8; 32], Timestamp> = BTreeMap::new();
    for macs in name_macs.chunks(NAMES_AT_ONCE) {
        let mut args: Vec<Value> = vec![now.into()];
        args.extend(macs.iter().map(|mac| Value::from(*mac)));
        args.resize(NAMES_AT_ONCE + 1, Value::Blob(Vec::new()));
        for row in r.query_dynamic(&sql, &args)? {
            found.insert(row.bytes(0)?, row.timestamp(1)?);
        }
    }
    Ok(name_macs.iter().map(|mac| found.get(mac).copied()).collect())
}

/// Lets an account's next attempts through at once. False: it had no counter.
///
/// # Errors
/// The database fails.
pub fn unlock(w: &mut Writer, name_mac: [u8; 32]) -> Result<bool, Error> {
    let changed = w.execute(
        "UPDATE sign_in_attempts SET failures = 0, locked_until = 0 WHERE name_mac = $1",
        &[name_mac.into()],
    )?;
    Ok(changed > 0)
}

/// Forgets what nobody tried since `before`, but not the sources that are still known at `now`.
///
/// # Errors
/// The database fails.
pub fn prune(b: &mut Bookkeeping, before: Timestamp, now: Timestamp) -> Result<u64, Error> {
    b.execute(
        "DELETE FROM sign_in_attempts WHERE (name_mac, source_mac) IN
             (SELECT name_mac, source_mac FROM sign_in_attempts
              WHERE last_at < $1 AND locked_until <= $2 AND (proven_at IS NULL OR proven_at <= $3)
              ORDER BY last_at LIMIT 10000)",
        &[before.into(), now.into(), now.plus_seconds(-KNOWN_FOR_S).into()],
    )
}

/// One statement: counts, unless the counter is locked. The delay is 1 s behind the free failures,
/// doubles with each further one, and stops at 15 minutes.
fn count(
    b: &mut Bookkeeping,
    name: &[u8],
    source: &[u8],
    free: i64,
    now: Timestamp,
) -> Result<Attempt, Error> {
    let row = b.query_one(
        "INSERT INTO sign_in_attempts (name_mac, source_mac, failures, locked_until, last_at)
         VALUES ($1, $2, 1, $3, $3)
         ON CONFLICT (name_mac, source_mac) DO UPDATE SET
             failures = sign_in_attempts.failures + 1,
             locked_until = excluded.last_at + CASE
                 WHEN sign_in_attempts.failures < CAST($4 AS BIGINT) THEN 0
                 WHEN sign_in_attempts.failures - CAST($4 AS BIGINT) > 9 THEN 900000
                 ELSE 1000 * (1 << CAST(sign_in_attempts.failures - CAST($4 AS BIGINT) AS INTEGER))
             END,
             last_at = excluded.last_at
         WHERE sign_in_attempts.locked_until <= excluded.last_at
         RETURNING failures, locked_until",
        &[name.into(), source.into(), now.into(), free.into()],
    )?;
    let (row, allowed) = match row {
        Some(row) => (row, true),
        None => {
            let row = b.query_one(
                "SELECT failures, locked_until FROM sign_in_attempts WHERE name_mac = $1 AND source_mac = $2",
                &[name.into(), source.into()],
            )?;
            let gone = || Error::unavailable("a sign-in counter vanished under a lock");
            (row.ok_or_else(gone)?, false)
        }
    };
    let (failures, until) = (row.int(0)?, row.timestamp(1)?);
    Ok(Attempt {
        allowed,
        failures: u32::try_from(failures).unwrap_or(u32::MAX),
        locked_until: (until > now).then_some(until),
        known_source: false,
        began_lock: allowed && failures == free.saturating_add(1),
    })
}
