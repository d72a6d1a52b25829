//! The nodes that serve one database, and which master keys each of them has.

use crate::{Bookkeeping, Error, Read};
use domain::time::Timestamp;
use uuid::Uuid;

/// A node, as it last told of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    /// Drawn when it was opened.
    pub id: Uuid,
    /// The names of its master keys.
    pub master_keys: Vec<String>,
    /// When it told.
    pub seen_at: Timestamp,
}

/// Writes what a node says of itself.
///
/// # Errors
/// The database fails.
pub fn put(b: &mut Bookkeeping, node: &Node) -> Result<(), Error> {
    b.execute(
        "INSERT INTO nodes (id, master_keys, seen_at) VALUES ($1, $2, $3)
         ON CONFLICT (id) DO UPDATE SET master_keys = excluded.master_keys, seen_at = excluded.seen_at",
        &[node.id.into(), node.master_keys.join(" ").into(), node.seen_at.into()],
    )
    .map(drop)
}

/// The nodes that told of themselves after this instant.
///
/// # Errors
/// The database fails.
pub fn list(r: &mut Read, after: Timestamp) -> Result<Vec<Node>, Error> {
    r.query(
        "SELECT id, master_keys, seen_at FROM nodes WHERE seen_at > $1 ORDER BY id",
        &[after.into()],
    )?
    .iter()
    .map(|row| {
        let names = row.str(1)?.split_whitespace().map(str::to_owned).collect();
        Ok(Node { id: row.uuid(0)?, master_keys: names, seen_at: row.timestamp(2)? })
    })
    .collect()
}

/// Forgets a node that stopped, and those that have not told of themselves since this instant.
///
/// # Errors
/// The database fails.
pub fn delete(b: &mut Bookkeeping, id: Uuid, before: Timestamp) -> Result<(), Error> {
    b.execute("DELETE FROM nodes WHERE id = $1 OR seen_at < $2", &[id.into(), before.into()])
        .map(drop)
}
