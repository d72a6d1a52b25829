//! The audit log: reading it, its heads, whether it is whole ([`verify()`]), and letting it go
//! ([`prune()`]).
//!
//! Events are written by a write's commit alone (chain.rs).

mod findings;
mod list;
mod prune;
mod rows;
mod verify;
mod words;

pub use findings::{Finding, Problem, Report};
#[cfg(test)]
pub(crate) use list::list_in;
pub use list::{AuditFilter, Found, list};
pub use prune::{Cut, is_pruned, last_cut, list_for_prune, prune};
pub use verify::{CheckedChain, verify, verify_chain};

use crate::{
    Error,
    tx::{Read, Writer},
    value::{Row, Value},
};
use domain::{id::Scope, time::Timestamp};

/// An event as it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredEvent {
    /// Counts all events of the installation; not without gaps. Where the next page begins.
    pub seq: i64,
    /// The chain.
    pub scope: Scope,
    /// The place in its chain, from 1, without gaps.
    pub position: i64,
    /// Canonical JSON: what the link covers.
    pub text: String,
    /// HMAC over the link before it and the text.
    pub link: [u8; 32],
}

/// Position and link of a chain's last event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ChainHead {
    /// The chain.
    pub scope: Scope,
    /// Events in it.
    pub position: i64,
    /// The last one's link.
    pub link: [u8; 32],
}

/// A head that was signed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedHead {
    /// The head.
    pub head: ChainHead,
    /// When it was signed.
    pub at: Timestamp,
    /// The signature; made and checked above this crate.
    pub signature: Vec<u8>,
}

/// The event at this place of a chain.
///
/// # Errors
/// The database fails.
pub fn find_by_position(
    r: &mut Read,
    scope: Scope,
    position: i64,
) -> Result<Option<StoredEvent>, Error> {
    r.query_one(
        "SELECT seq, scope, position, event, link FROM audit_events WHERE scope = $1 AND position = $2",
        &[scope.into(), position.into()],
    )?
    .as_ref()
    .map(event)
    .transpose()
}

/// At most `limit` events of a chain behind a place, oldest first.
///
/// # Errors
/// The database fails.
pub fn chain(
    r: &mut Read,
    scope: Scope,
    after: i64,
    limit: u32,
) -> Result<Vec<StoredEvent>, Error> {
    r.query(
        "SELECT seq, scope, position, event, link FROM audit_events
         WHERE scope = $1 AND position > $2 ORDER BY position LIMIT $3",
        &[scope.into(), after.into(), limit.into()],
    )?
    .iter()
    .map(event)
    .collect()
}

/// A chain's head; `None`: nothing was written to it yet.
///
/// # Errors
/// The database fails.
pub fn head(r: &mut Read, scope: Scope) -> Result<Option<ChainHead>, Error> {
    let row =
        r.query_one("SELECT position, link FROM audit_heads WHERE scope = $1", &[scope.into()])?;
    row.map(|row| Ok(ChainHead { scope, position: row.int(0)?, link: row.bytes(1)? })).transpose()
}

/// The number of the newest event of all chains; 0 when there is none.
///
/// # Errors
/// The database fails.
pub fn newest(r: &mut Read) -> Result<i64, Error> {
    let row = r.query_one("SELECT COALESCE(MAX(seq), 0) FROM audit_events", &[])?;
    row.map_or(Ok(0), |row| row.int(0))
}

/// Every chain's head.
///
/// # Errors
/// The database fails.
pub fn heads(r: &mut Read) -> Result<Vec<ChainHead>, Error> {
    r.query("SELECT scope, position, link FROM audit_heads ORDER BY scope", &[])?
        .iter()
        .map(|row| {
            Ok(ChainHead { scope: row.scope(0)?, position: row.int(1)?, link: row.bytes(2)? })
        })
        .collect()
}

/// Keeps signed heads.
///
/// # Errors
/// The database fails.
pub fn sign_heads(w: &mut Writer, signed: &[SignedHead]) -> Result<(), Error> {
    for one in signed {
        w.execute(
            "INSERT INTO audit_signed_heads (scope, position, link, at, signature)
             VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            &[
                one.head.scope.into(),
                one.head.position.into(),
                one.head.link.into(),
                one.at.into(),
                one.signature.as_slice().into(),
            ],
        )?;
    }
    Ok(())
}

/// Every signed head of a chain, or of all, oldest first.
///
/// # Errors
/// The database fails.
pub fn signed_heads(r: &mut Read, scope: Option<Scope>) -> Result<Vec<SignedHead>, Error> {
    r.query(
        "SELECT scope, position, link, at, signature FROM audit_signed_heads
         WHERE scope = $1 OR $1 = '' ORDER BY at, scope",
        &[scope.map_or_else(|| Value::from(""), Into::into)],
    )?
    .iter()
    .map(|row| {
        Ok(SignedHead {
            head: ChainHead { scope: row.scope(0)?, position: row.int(1)?, link: row.bytes(2)? },
            at: row.timestamp(3)?,
            signature: row.blob(4)?,
        })
    })
    .collect()
}

fn event(row: &Row) -> Result<StoredEvent, Error> {
    Ok(StoredEvent {
        seq: row.int(0)?,
        scope: row.scope(1)?,
        position: row.int(2)?,
        text: row.text(3)?,
        link: row.bytes(4)?,
    })
}
