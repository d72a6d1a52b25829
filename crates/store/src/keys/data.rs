//! The keys of data products, listed also when they are deleted: their wire shows both.

use super::{
    list::{Page, Position},
    row::{COLUMNS, read, select},
};
use crate::{Error, Read, value::Value};
use domain::{id::Scope, key::Key, time::Timestamp};

/// A key of a data product.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DataKey {
    /// The key.
    pub key: Key,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
}

/// Which of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DataKeyFilter {
    /// Where they belong.
    pub scope: Scope,
    /// Whether those that were deleted are among them.
    pub with_deleted: bool,
    /// The position to go on from.
    pub after: Option<Position>,
    /// How many at most.
    pub limit: u32,
}

/// A page of them, newest first.
///
/// # Errors
/// The database fails.
pub fn list_data_keys(r: &mut Read, filter: &DataKeyFilter) -> Result<Page<DataKey>, Error> {
    // The literals are those of the index.
    const OF_SCOPE: &str =
        select!(", k.deleted_at", "keys k WHERE k.key_type = 'data-psk' AND k.scope = $1");
    const BEHIND: &str = " AND (k.created_at, k.id) < ($3, $4)";
    const SERVING: &str = " AND k.deleted_at IS NULL";
    const ORDER: &str = " ORDER BY k.created_at DESC, k.id DESC LIMIT $2";
    // One more than wanted tells whether there is a next page.
    let mut args: Vec<Value> =
        vec![filter.scope.into(), i64::from(filter.limit).saturating_add(1).into()];
    let mut sql = OF_SCOPE.to_owned();
    if let Some(after) = filter.after {
        sql.push_str(BEHIND);
        args.extend([after.created_at.into(), after.id.as_bytes().into()]);
    }
    if !filter.with_deleted {
        sql.push_str(SERVING);
    }
    sql.push_str(ORDER);
    let rows = r.query_dynamic(&sql, &args)?;
    let mut items = rows
        .iter()
        .map(|row| Ok(DataKey { key: read(row)?, deleted_at: row.opt_timestamp(COLUMNS)? }))
        .collect::<Result<Vec<_>, Error>>()?;
    let limit = usize::try_from(filter.limit).unwrap_or(usize::MAX);
    if items.len() <= limit {
        return Ok(Page { items, next: None });
    }
    items.truncate(limit);
    let next =
        items.last().map(|last| Position { created_at: last.key.created_at, id: last.key.id });
    Ok(Page { items, next })
}
