//! The states of master keys, and what they let a transaction do.
//!
//! A new master key becomes *known*, then *next*, then the *writer*. The one before it is *retiring*: a
//! node that has not heard of the change may still write under it, and whatever lies under it is
//! sealed anew. Then it is *closed*: nobody writes under it any more; and, once nothing lies under it
//! and no older transaction is under way, *retired*.
//!
//! Whoever writes what is sealed asks [`require_writable`] in the same transaction, and whoever
//! makes sure that a secret is taken by nobody asks [`require_known`]. They keep no state from changing:
//! a change of state counts once all transactions that may not have seen it have ended ([`horizon`]).

use crate::{Bookkeeping, Error, Live, Read, Row, Tx, dialect::Dialect};
use domain::time::Timestamp;
use std::sync::Arc;

/// Whether master keys of these numbers are at hand.
pub type Knows = Arc<dyn Fn(&[i32]) -> bool + Send + Sync>;

/// Where a master key is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Some node has it; nothing is sealed under it.
    Known,
    /// About to write: a node that does not have it must not write any more.
    Next,
    /// What is sealed is sealed under it.
    Writer,
    /// It has a successor, and what lies under it is sealed anew.
    Retiring,
    /// Nothing more is written under it.
    Closed,
    /// Nothing lies under it.
    Retired,
}

impl State {
    const ALL: [Self; 6] =
        [Self::Known, Self::Next, Self::Writer, Self::Retiring, Self::Closed, Self::Retired];

    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Known => "known",
            Self::Next => "next",
            Self::Writer => "writer",
            Self::Retiring => "retiring",
            Self::Closed => "closed",
            Self::Retired => "retired",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether every node must have it: something may lie under it, now or in a moment.
    #[must_use]
    pub const fn is_in_use(self) -> bool {
        matches!(self, Self::Next | Self::Writer | Self::Retiring | Self::Closed)
    }
}

/// A master key, without the key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MasterKeyState {
    /// Its number: the generation that sealed rows carry.
    pub n: i32,
    /// Its name in the key file.
    pub name: String,
    /// Where it is in its life.
    pub state: State,
    /// Since when; `None`: before this was noted.
    pub since: Option<Timestamp>,
    /// How often it has sealed.
    pub seals: u64,
}

/// Every master key that was ever used.
///
/// # Errors
/// The database fails.
pub fn list(r: &mut Read) -> Result<Vec<MasterKeyState>, Error> {
    r.query("SELECT n, name, state, since, seals FROM master_keys ORDER BY n", &[])?
        .iter()
        .map(read)
        .collect()
}

fn read(row: &Row) -> Result<MasterKeyState, Error> {
    Ok(MasterKeyState {
        n: row.i32(0)?,
        name: row.text(1)?,
        state: State::parse(row.str(2)?)
            .ok_or_else(|| Error::corrupt("a master key's unknown state"))?,
        since: row.opt_timestamp(3)?,
        seals: u64::try_from(row.int(4)?).unwrap_or(0),
    })
}

/// The numbers of the master keys that every node must have.
///
/// # Errors
/// The database fails.
pub fn in_use(r: &mut Read) -> Result<Vec<i32>, Error> {
    r.query(
        "SELECT n FROM master_keys WHERE state IN ('next', 'writer', 'retiring', 'closed') ORDER BY n",
        &[],
    )?
    .iter()
    .map(|row| row.i32(0))
    .collect()
}

/// Demands that whoever sealed something with `known` had every master key that something may lie
/// under: a look-up that is missing could be the one that a secret is taken by. Where there are several,
/// whoever asks takes its turn: of two that write the same secret under two of them at once, neither
/// would see the other's row, and no index would hold them apart.
///
/// # Errors
/// `Unavailable`: the node lacks one, or has only just got it; the caller begins anew.
pub fn require_known(tx: &mut Tx, known: &[i32]) -> Result<(), Error> {
    let in_use = in_use(tx)?;
    if let Some(n) = in_use.iter().find(|n| !known.contains(n)) {
        return Err(Error::unavailable(format!("master key {n} is not known here yet")));
    }
    // The one that leaves: as long as something can be written under it, it is among them.
    if let (Some(oldest), true) = (in_use.first(), in_use.len() > 1) {
        let turn = "SELECT n FROM master_keys WHERE n = $1 FOR UPDATE";
        tx.query_one(turn, &[(*oldest).into()])?;
    }
    Ok(())
}

/// Demands that this node has every master key that something may lie under. What it could not open would
/// seem not to be there: so until it has them, memory answers nothing at all.
pub(crate) fn require_here(r: &mut Read, live: &Live) -> Result<(), Error> {
    let known = (live.knows)(&in_use(r)?);
    live.verifier.refuse_all(!known);
    if known {
        return Ok(());
    }
    let why = "this node lacks a master key that is in use: it answers 503 until it has it";
    Err(Error::Unusable(why.to_owned()))
}

/// Demands that something may still be written under a master key.
///
/// # Errors
/// `Unavailable`: it is closed; the caller begins anew, under its successor.
pub fn require_writable(r: &mut Read, n: i32) -> Result<(), Error> {
    let row = r.query_one(
        "SELECT 1 FROM master_keys WHERE n = $1 AND state IN ('writer', 'retiring')",
        &[n.into()],
    )?;
    match row {
        Some(_) => Ok(()),
        None => Err(Error::unavailable(format!("master key {n} does not write"))),
    }
}

/// Moves a master key from one state to another; false when it was not in the first one.
///
/// # Errors
/// The database fails.
pub fn change(
    b: &mut Bookkeeping,
    n: i32,
    from: State,
    to: State,
    at: Timestamp,
) -> Result<bool, Error> {
    set(b, n, from, to, at)
}

/// The same with an event.
///
/// # Errors
/// The database fails.
pub fn change_audited(
    tx: &mut Tx,
    n: i32,
    from: State,
    to: State,
    at: Timestamp,
) -> Result<bool, Error> {
    set(tx, n, from, to, at)
}

fn set(
    w: &mut crate::Writer,
    n: i32,
    from: State,
    to: State,
    at: Timestamp,
) -> Result<bool, Error> {
    w.execute(
        "UPDATE master_keys SET state = $3, since = $4 WHERE n = $1 AND state = $2",
        &[n.into(), from.as_str().into(), to.as_str().into(), at.into()],
    )
    .map(|rows| rows > 0)
}

/// A number behind every transaction that has begun so far, for [`is_past`]; `None` where operations
/// follow one another, so that none is under way.
///
/// # Errors
/// The database fails.
pub fn horizon(r: &mut Read) -> Result<Option<i64>, Error> {
    match r.driver.dialect() {
        Dialect::Sqlite => Ok(None),
        Dialect::Postgres => r
            .query_one("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint", &[])?
            .map(|row| row.int(0))
            .transpose(),
    }
}

/// Whether every transaction from before a [`horizon`] has ended. All of ours have their number from
/// their first statement on.
///
/// # Errors
/// The database fails.
pub fn is_past(r: &mut Read, horizon: i64) -> Result<bool, Error> {
    let row = r.query_one("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint", &[])?;
    Ok(row.map(|row| row.int(0)).transpose()?.is_some_and(|oldest| oldest >= horizon))
}

/// What lies under a master key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Sealed {
    /// Secrets of keys.
    pub secrets: u64,
    /// All else: secrets of clients and issuers, signing keys, long-lived keys.
    pub others: u64,
}

/// Counts what lies under a master key: all of it, so for a person who asks, not for a job.
///
/// # Errors
/// The database fails.
pub fn count_sealed(r: &mut Read, n: i32) -> Result<Sealed, Error> {
    let row = r.query_one(
        "SELECT (SELECT count(*) FROM secrets WHERE generation = $1),
             (SELECT count(*) FROM clients WHERE secret_generation = $1)
             + (SELECT count(*) FROM signing_keys WHERE generation = $1)
             + (SELECT count(*) FROM issuers WHERE generation = $1)
             + (SELECT count(*) FROM sealed_keys WHERE generation = $1)",
        &[n.into()],
    )?;
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    row.map_or(Ok(Sealed::default()), |row| {
        Ok(Sealed { secrets: count(row.int(0)?), others: count(row.int(1)?) })
    })
}
