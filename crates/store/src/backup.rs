//! Copies of the embedded database: made beside a process that writes, and looked into.
//!
//! The copy is `VACUUM INTO`: one snapshot of one instant, in one file without a journal, and without
//! the pages that deleted rows leave behind. It is a read transaction, so the writer goes on; its
//! journal cannot begin anew until the copy is done. The lock of the folder is not taken: it keeps a
//! second process from writing, and this one only reads. PostgreSQL has tools of its own.

use crate::{Error, audit::ChainHead, sqlite::failure};
use domain::id::Scope;
use rusqlite::{Connection, OpenFlags};
use std::{fs::File, os::unix::fs::OpenOptionsExt, path::Path, time::Duration};
use uuid::Uuid;

/// How long a start or a stop of the server may keep the copy waiting.
const BUSY: Duration = Duration::from_secs(10);

/// What a copy says of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    /// The installation.
    pub installation: Uuid,
    /// The newest migration in it.
    pub schema: i64,
    /// Where each audit chain ends.
    pub heads: Vec<ChainHead>,
}

/// Copies the database `from`, as it is at one instant, into the new file `to`, for its owner alone.
///
/// # Errors
/// `Unusable` when `to` exists or `from` cannot be read.
pub fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    let made = File::options().write(true).create_new(true).mode(0o600).open(to);
    made.map_err(|e| Error::Unusable(format!("`{}` cannot be made: {e}", to.display())))?;
    let source = open(from)?;
    let target =
        to.to_str().ok_or_else(|| Error::Unusable(format!("`{}` is not UTF-8", to.display())))?;
    source.execute("VACUUM INTO ?1", [target]).map_err(|e| unreadable(from, &e))?;
    Ok(())
}

/// Bytes that a copy of the database will have, at most.
///
/// # Errors
/// It cannot be read.
pub fn size(path: &Path) -> Result<u64, Error> {
    let source = open(path)?;
    let of = |pragma| source.query_row(pragma, [], |row| row.get::<_, i64>(0));
    let bytes = of("PRAGMA page_count")
        .and_then(|pages| Ok(pages.saturating_mul(of("PRAGMA page_size")?)))
        .map_err(|e| unreadable(path, &e))?;
    Ok(u64::try_from(bytes).unwrap_or(0))
}

/// What `SQLite` finds wrong with the file, a sentence each; empty: it is whole.
///
/// # Errors
/// It is no database, or cannot be read at all.
pub fn check(path: &Path) -> Result<Vec<String>, Error> {
    let source = open(path)?;
    let found = source
        .prepare("PRAGMA integrity_check(20)")
        .and_then(|mut s| s.query_map([], |row| row.get::<_, String>(0))?.collect());
    let mut found: Vec<String> = found.map_err(|e| unreadable(path, &e))?;
    found.retain(|line| line != "ok");
    Ok(found)
}

/// Reads what a copy says of itself. Whatever its schema: nothing is migrated.
///
/// # Errors
/// It is no database of ours, or cannot be read.
pub fn facts(path: &Path) -> Result<Facts, Error> {
    let source = open(path)?;
    let failed = |e: rusqlite::Error| unreadable(path, &e);
    let id: String =
        source.query_row("SELECT id FROM installation", [], |row| row.get(0)).map_err(failed)?;
    let schema = source
        .query_row("SELECT MAX(number) FROM migrations", [], |row| row.get(0))
        .map_err(failed)?;
    let mut heads = source
        .prepare("SELECT scope, position, link FROM audit_heads ORDER BY scope")
        .map_err(failed)?;
    let heads = heads
        .query_map([], head)
        .map_err(failed)?
        .map(|row| row.map_err(failed)?)
        .collect::<Result<Vec<ChainHead>, Error>>()?;
    Ok(Facts { installation: Uuid::parse_str(&id).map_err(|_| not_ours())?, schema, heads })
}

fn head(row: &rusqlite::Row<'_>) -> rusqlite::Result<Result<ChainHead, Error>> {
    let (scope, position, link): (String, i64, Vec<u8>) = (row.get(0)?, row.get(1)?, row.get(2)?);
    Ok(Scope::parse(&scope)
        .ok()
        .zip(link.try_into().ok())
        .map(|(scope, link)| ChainHead { scope, position, link })
        .ok_or_else(not_ours))
}

fn not_ours() -> Error {
    Error::corrupt("the installation or a head of the audit log")
}

/// For reading only: whoever closes such a connection last leaves the journal as it is.
fn open(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let source = Connection::open_with_flags(path, flags).map_err(|e| unreadable(path, &e))?;
    source.busy_timeout(BUSY).map_err(|e| failure(&e))?;
    Ok(source)
}

/// `SQLite`'s messages name tables and columns, never values.
fn unreadable(path: &Path, error: &rusqlite::Error) -> Error {
    Error::Unusable(format!("the database `{}` cannot be read: {error}", path.display()))
}
