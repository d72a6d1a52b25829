//! How many keys there are and where they stand, by type, and which of them end soonest. Each statement
//! reads an index alone; all but the first read only keys that are not simply serving.

use super::row::{read, select};
use crate::{
    Error, Read, many,
    value::{Row, Value},
};
use domain::{
    id::Scope,
    key::{Key, SOON_DAYS},
    time::Timestamp,
};
use std::collections::BTreeMap;

/// Keys of one type that are not deleted, by where they stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct KeyCounts {
    /// All of them.
    pub total: u64,
    /// Past their end, and not revoked.
    pub expired: u64,
    /// Revoked for good.
    pub revoked: u64,
    /// Neither, and one of both within 30 days.
    pub soon_unavailable: u64,
    /// Neither revoked nor expired, and switched off.
    pub disabled: u64,
    /// Neither revoked nor expired, switched on, and held back because nobody used them.
    pub held: u64,
    /// Neither revoked nor expired, and nobody said that the secret, shown once, was stored.
    pub unacknowledged: u64,
}

impl KeyCounts {
    /// Neither revoked nor expired; switched off or held back may they be.
    #[must_use]
    pub const fn available(&self) -> u64 {
        self.total.saturating_sub(self.expired).saturating_sub(self.revoked)
    }

    /// These keys and those.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            total: self.total + other.total,
            expired: self.expired + other.expired,
            revoked: self.revoked + other.revoked,
            soon_unavailable: self.soon_unavailable + other.soon_unavailable,
            disabled: self.disabled + other.disabled,
            held: self.held + other.held,
            unacknowledged: self.unacknowledged + other.unacknowledged,
        }
    }
}

// What follows `SELECT key_type,`; by_type adds the scope and the grouping.
const TOTAL: &str = "COUNT(*) FROM keys WHERE deleted_at IS NULL";
const ENDED: &str = "SUM(CASE WHEN revoked_at <= $1 THEN 1 ELSE 0 END),
        SUM(CASE WHEN unavailable_at <= $1 THEN 1 ELSE 0 END),
        SUM(CASE WHEN unavailable_at > $1 THEN 1 ELSE 0 END)
    FROM keys WHERE deleted_at IS NULL AND unavailable_at IS NOT NULL AND unavailable_at <= $2";
const DISABLED: &str = "COUNT(*) FROM keys
    WHERE deleted_at IS NULL AND NOT enabled AND (unavailable_at IS NULL OR unavailable_at > $1)";
const HELD: &str = "COUNT(*) FROM keys
    WHERE deleted_at IS NULL AND held_at IS NOT NULL AND enabled
        AND (unavailable_at IS NULL OR unavailable_at > $1)";
const UNACKNOWLEDGED: &str = "COUNT(*) FROM keys
    WHERE deleted_at IS NULL AND unacknowledged_since IS NOT NULL
        AND (unavailable_at IS NULL OR unavailable_at > $1)";

/// Counts the keys of a scope, or of all, by their types.
///
/// # Errors
/// The database fails.
pub fn count(
    r: &mut Read,
    scope: Option<Scope>,
    now: Timestamp,
) -> Result<BTreeMap<String, KeyCounts>, Error> {
    let mut counts: BTreeMap<String, KeyCounts> = BTreeMap::new();
    let mut of = |r: &mut Read, sql: &str, args: &[Value], take: fn(&mut KeyCounts, [u64; 3])| {
        for (key_type, numbers) in by_type(r, sql, scope, args)? {
            take(counts.entry(key_type).or_default(), numbers);
        }
        Ok::<(), Error>(())
    };
    of(r, TOTAL, &[], |c, [n, ..]| c.total += n)?;
    let soon = now.plus_seconds(SOON_DAYS * 86_400);
    of(r, ENDED, &[now.into(), soon.into()], |c, [revoked, ended, soon]| {
        c.revoked += revoked;
        c.soon_unavailable += soon;
        // What is revoked ended, whatever its expiry.
        c.expired += ended.saturating_sub(revoked);
    })?;
    of(r, DISABLED, &[now.into()], |c, [n, ..]| c.disabled += n)?;
    of(r, HELD, &[now.into()], |c, [n, ..]| c.held += n)?;
    of(r, UNACKNOWLEDGED, &[now.into()], |c, [n, ..]| c.unacknowledged += n)?;
    Ok(counts)
}

/// How many keys each of these scopes has, by their types; what has none is left out.
///
/// # Errors
/// The database fails.
pub fn count_each(r: &mut Read, scopes: &[Scope]) -> Result<Vec<(Scope, String, u64)>, Error> {
    let sql = "SELECT scope, key_type, COUNT(*) FROM keys
         WHERE deleted_at IS NULL AND scope IN ({ids}) GROUP BY scope, key_type";
    let rows = many::rows(r, sql, &[], scopes.iter().map(|scope| (*scope).into()))?;
    let counted =
        |row: &Row| Ok((row.scope(0)?, row.text(1)?, u64::try_from(row.int(2)?).unwrap_or(0)));
    rows.iter().map(counted).collect()
}

/// The keys that are not revoked or expired at `now` and will be within 30 days, the soonest first. No
/// types: of every type.
///
/// # Errors
/// The database fails.
pub fn list_ending(
    r: &mut Read,
    scope: Option<Scope>,
    key_types: &[String],
    now: Timestamp,
    limit: u32,
) -> Result<Vec<Key>, Error> {
    let mut sql = concat!(
        "(SELECT id FROM keys WHERE deleted_at IS NULL AND unavailable_at IS NOT NULL",
        " AND unavailable_at > $1 AND unavailable_at <= $2"
    )
    .to_owned();
    let soon = now.plus_seconds(SOON_DAYS * 86_400);
    let mut args: Vec<Value> = vec![now.into(), soon.into()];
    push_scope(&mut sql, &mut args, scope);
    if !key_types.is_empty() {
        let places: Vec<String> = key_types
            .iter()
            .map(|name| {
                args.push(name.as_str().into());
                format!("${}", args.len())
            })
            .collect();
        sql.push_str(&format!(" AND key_type IN ({})", places.join(", ")));
    }
    args.push(limit.into());
    let sql = format!(
        "{}{sql} ORDER BY unavailable_at, id LIMIT ${}) ending JOIN keys k ON k.id = ending.id",
        select!(""),
        args.len()
    );
    let rows = r.query_dynamic(&sql, &args)?;
    let mut keys = rows.iter().map(read).collect::<Result<Vec<Key>, Error>>()?;
    keys.sort_by_key(|key| (key.unavailable_at(), key.id));
    Ok(keys)
}

fn push_scope(sql: &mut String, args: &mut Vec<Value>, scope: Option<Scope>) {
    if let Some(scope) = scope {
        args.push(scope.into());
        sql.push_str(&format!(" AND scope = ${}", args.len()));
    }
}

/// The numbers of each type, which may come more than once; a statement that has fewer than three leaves
/// the others at nothing.
fn by_type(
    r: &mut Read,
    sql: &str,
    scope: Option<Scope>,
    args: &[Value],
) -> Result<Vec<(String, [u64; 3])>, Error> {
    let (mut sql, mut args) = (format!("SELECT key_type, {sql}"), args.to_vec());
    push_scope(&mut sql, &mut args, scope);
    // In the order of the indexes, so that nothing is sorted: a type comes once for each scope.
    sql.push_str(if scope.is_some() { " GROUP BY key_type" } else { " GROUP BY scope, key_type" });
    let rows = r.query_dynamic(&sql, &args)?;
    let of_row = |row: &Row| {
        let mut numbers = [0; 3];
        for (at, number) in (1..row.0.len()).zip(&mut numbers) {
            *number = u64::try_from(row.int(at)?).unwrap_or(0);
        }
        Ok((row.text(0)?, numbers))
    };
    rows.iter().map(of_row).collect()
}
