//! Rows of many ids, so many of them a statement.

use crate::{
    Error,
    tx::Read,
    value::{Row, Value},
};

/// Ids that one statement asks for; a shorter rest is filled up, so that the text stays the same.
const AT_ONCE: usize = 50;

/// The rows of `sql` for these ids, which stand in it as `{ids}`, behind the arguments `first`.
pub(crate) fn rows(
    r: &mut Read,
    sql: &str,
    first: &[Value],
    ids: impl IntoIterator<Item = Value>,
) -> Result<Vec<Row>, Error> {
    let ids: Vec<Value> = ids.into_iter().collect();
    let places: Vec<String> = (1..=AT_ONCE).map(|n| format!("${}", first.len() + n)).collect();
    let sql = sql.replace("{ids}", &places.join(", "));
    let mut rows = Vec::new();
    for ids in ids.chunks(AT_ONCE) {
        // An id that is asked for twice is found once.
        let rest = ids.last().into_iter().cycle().take(AT_ONCE - ids.len());
        let args: Vec<Value> = first.iter().chain(ids).chain(rest).cloned().collect();
        rows.extend(r.query_dynamic(&sql, &args)?);
    }
    Ok(rows)
}
