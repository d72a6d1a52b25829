//! Pages of keys: newest first, filtered, behind a position.
//!
//! A page reads at most 200,000 rows and is then short, with a position to go on from: a rare
//! word among a million keys must not hold a reader for as long as it takes.

use super::{
    row::{read, select},
    statement::Statement,
};
use crate::{Error, Read};
use domain::{
    id::{KeyId, Scope},
    key::{Key, Standing},
    time::Timestamp,
};

/// Which keys. What is empty, `None` or not pressed does not narrow the list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct KeyFilter {
    /// Where they belong; `None`: everywhere.
    pub scope: Option<Scope>,
    /// Names of types; several unite.
    pub key_types: Vec<String>,
    /// A part of the name or of the creator's name, in any case.
    pub search: Option<String>,
    /// Neither revoked nor expired at `now`. The three of them unite.
    pub available: bool,
    /// Revoked or expired at `now`.
    pub unavailable: bool,
    /// Available at `now`, and revoked or expired within 30 days.
    pub soon_unavailable: bool,
    /// What must be against it at `now`.
    pub standing: Option<Standing>,
    /// A permission that a key must cover.
    pub permission: Option<String>,
    /// Whether its secret, shown once, was acknowledged; keys whose secrets can be read again are
    /// neither.
    pub acknowledged: Option<bool>,
    /// Whether it is held back because nobody used it.
    pub held: Option<bool>,
    /// The instant that the states are told by.
    pub now: Timestamp,
    /// The position to go on from.
    pub after: Option<Position>,
    /// How many at most.
    pub limit: u32,
}

/// How far a list was read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// The row's instant.
    pub created_at: Timestamp,
    /// The row's id.
    pub id: KeyId,
}

/// Part of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page<T> {
    /// What was found; may be fewer than asked for although there is more.
    pub items: Vec<T>,
    /// Where the list goes on; `None`: this was the end.
    pub next: Option<Position>,
}

/// A page is looked for in ever larger parts of the list, together 200,000 rows: common things are
/// found in the first one, and finding where a part ends costs as much as the part is long.
const WINDOWS: [u32; 3] = [2_000, 20_000, 178_000];
/// Permissions do not stand in the index (they can be too long for `PostgreSQL`'s), nor does what was
/// acknowledged, is held back or stands against a key: each row is read.
const WINDOWS_OF_ROWS: [u32; 2] = [2_000, 30_000];

/// A page of keys, newest first; both columns of the order run the same way, so that one row
/// comparison is the whole cursor.
///
/// # Errors
/// The database fails.
pub fn list(r: &mut Read, filter: &KeyFilter) -> Result<Page<Key>, Error> {
    let of_rows = filter.permission.is_some()
        || filter.acknowledged.is_some()
        || filter.held.is_some()
        || filter.standing.is_some();
    let windows: &[u32] = if of_rows { &WINDOWS_OF_ROWS } else { &WINDOWS };
    list_in(r, filter, windows)
}

pub(crate) fn list_in(
    r: &mut Read,
    filter: &KeyFilter,
    windows: &[u32],
) -> Result<Page<Key>, Error> {
    let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
    let mut items: Vec<Key> = Vec::new();
    let mut after = filter.after;
    for &window in windows {
        let end =
            if narrows(filter) { end_of_window(r, filter.scope, after, window)? } else { None };
        // One more than wanted tells whether there is a next page.
        let wanted = limit.saturating_sub(items.len()).saturating_add(1);
        items.extend(part(r, filter, after, end, wanted)?);
        if items.len() > limit {
            items.truncate(limit);
            let next = items.last().map(position).or(filter.after);
            return Ok(Page { items, next });
        }
        after = end;
        if end.is_none() {
            break;
        }
    }
    Ok(Page { items, next: after })
}

const fn position(key: &Key) -> Position {
    Position { created_at: key.created_at, id: key.id }
}

fn narrows(f: &KeyFilter) -> bool {
    !f.key_types.is_empty()
        || f.search.is_some()
        || f.permission.is_some()
        || f.acknowledged.is_some()
        || f.held.is_some()
        || f.standing.is_some()
        || f.available
        || f.unavailable
        || f.soon_unavailable
}

/// The last position of the next `window` rows; `None`: there are no more than that.
fn end_of_window(
    r: &mut Read,
    scope: Option<Scope>,
    after: Option<Position>,
    window: u32,
) -> Result<Option<Position>, Error> {
    let mut q = Statement::new("SELECT created_at, id FROM keys WHERE deleted_at IS NULL");
    q.between(scope, after, None);
    // The last row of the window and one behind it: without that one the list ends here.
    q.text(" ORDER BY created_at DESC, id DESC LIMIT 2 OFFSET ");
    q.value(window.saturating_sub(1));
    let rows = r.query_dynamic(&q.sql, &q.args)?;
    let [last, _] = rows.as_slice() else {
        return Ok(None);
    };
    Some(last)
        .map(|row| {
            Ok(Position { created_at: row.timestamp(0)?, id: KeyId::from_bytes(row.bytes(1)?) })
        })
        .transpose()
}

/// The keys behind `after`, up to and with `end`. The inner statement finds them in the index alone;
/// whole rows are read of those that are shown.
fn part(
    r: &mut Read,
    filter: &KeyFilter,
    after: Option<Position>,
    end: Option<Position>,
    wanted: usize,
) -> Result<Vec<Key>, Error> {
    let mut q = Statement::new(select!("(SELECT id FROM keys WHERE deleted_at IS NULL"));
    q.between(filter.scope, after, end);
    q.narrow(filter);
    q.text(" ORDER BY created_at DESC, id DESC LIMIT ");
    q.value(i64::try_from(wanted).unwrap_or(i64::MAX));
    q.text(") shown JOIN keys k ON k.id = shown.id");
    let mut keys =
        r.query_dynamic(&q.sql, &q.args)?.iter().map(read).collect::<Result<Vec<Key>, Error>>()?;
    keys.sort_unstable_by_key(|key| std::cmp::Reverse(position(key)));
    Ok(keys)
}

/// Every permission that covers `wanted`: itself, and each of its beginnings with `*` behind. They
/// are so few, a permission having six segments at most, that SQL can look for them.
pub(super) fn coverings(wanted: &str) -> Vec<String> {
    let borders = wanted.match_indices(':').map(|(at, _)| at);
    let mut held: Vec<String> =
        borders.filter_map(|at| wanted.get(..=at)).map(|stem| format!("{stem}*")).collect();
    if !held.iter().any(|h| h == wanted) {
        held.push(wanted.to_owned());
    }
    held
}
