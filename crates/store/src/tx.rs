//! What an operation gets in hand: [`Read`], [`Writer`] and the two that end a write, [`Tx`] and
//! [`Bookkeeping`].
//!
//! A write is a closure that may run again and whose only success is made by
//! [`Tx::commit`]: what it returns commits, an error or a panic rolls back, nothing else can.

use crate::{
    Error, Live, chain,
    changes::{self, Apply},
    driver::Driver,
    sealed::SealedDigest,
    value::{Row, Value},
};
use domain::{audit::AuditEvent, secret::SecretDigest};
use std::{
    ops::{Deref, DerefMut},
    sync::{Arc, OnceLock},
};

/// Reads. Each statement sees what was committed before it; inside a write also its own changes.
pub struct Read {
    pub(crate) driver: Driver,
    pub(crate) live: Arc<OnceLock<Live>>,
}

impl Read {
    pub(crate) fn query(&mut self, sql: &'static str, args: &[Value]) -> Result<Vec<Row>, Error> {
        self.driver.query(sql, args)
    }

    pub(crate) fn query_one(
        &mut self,
        sql: &'static str,
        args: &[Value],
    ) -> Result<Option<Row>, Error> {
        Ok(self.driver.query(sql, args)?.into_iter().next())
    }

    /// For the few lists whose text depends on what is asked; never with a value in the text.
    pub(crate) fn query_dynamic(&mut self, sql: &str, args: &[Value]) -> Result<Vec<Row>, Error> {
        self.driver.query(sql, args)
    }

    /// Opens a sealed digest; `None` when no master key at hand opens it, or before
    /// [`crate::Store::start`].
    pub(crate) fn open(&self, sealed: &SealedDigest) -> Option<SecretDigest> {
        self.live.get().and_then(|live| (live.opener)(sealed))
    }
}

/// What both kinds of write can do. Table functions that serve both take this.
pub struct Writer {
    read: Read,
    pub(crate) applies: Vec<Apply>,
}

impl Writer {
    pub(crate) const fn new(read: Read) -> Self {
        Self { read, applies: Vec::new() }
    }

    pub(crate) fn execute(&mut self, sql: &'static str, args: &[Value]) -> Result<u64, Error> {
        self.read.driver.execute(sql, args)
    }

    /// Notes what `verifier` must learn: here after the commit and before the answer, on other
    /// nodes through the `changes` table. Call it after the row itself was written.
    pub(crate) fn changed(&mut self, apply: Apply) {
        self.applies.push(apply);
    }

    /// Ends the writer; what is left is its connection.
    pub(crate) fn into_driver(self) -> Driver {
        self.read.driver
    }

    /// The last statements of a write: the audit chain, whose head is the last row locked, and the
    /// change feed.
    pub(crate) fn finish(&mut self, events: &[AuditEvent]) -> Result<(), Error> {
        chain::append(&mut self.read, events)?;
        changes::append(&mut self.read.driver, &self.applies)
    }
}

impl Deref for Writer {
    type Target = Read;
    fn deref(&self) -> &Read {
        &self.read
    }
}

impl DerefMut for Writer {
    fn deref_mut(&mut self) -> &mut Read {
        &mut self.read
    }
}

/// An audited write: it can end only in a commit with an event, or be undone.
pub struct Tx(pub(crate) Writer);

impl Tx {
    /// Ends the write with the event that says what was done.
    ///
    /// # Errors
    /// None today; callers pass it on with `?`-free tail position.
    pub fn commit<T>(&mut self, event: AuditEvent, value: T) -> Result<Committed<T>, Error> {
        self.commit_all(vec![event], value)
    }

    /// Ends the write with several events; they may belong to several chains.
    ///
    /// # Errors
    /// There is no event: nothing changes without one.
    pub fn commit_all<T>(
        &mut self,
        events: Vec<AuditEvent>,
        value: T,
    ) -> Result<Committed<T>, Error> {
        if events.is_empty() {
            return Err(Error::unavailable("a change without an audit event"));
        }
        Ok(Committed { value, events })
    }
}

/// The proof that a write ended in [`Tx::commit`]. Only that makes one.
#[must_use = "only what the closure returns is committed"]
pub struct Committed<T> {
    pub(crate) value: T,
    pub(crate) events: Vec<AuditEvent>,
}

/// An unaudited write: tokens, sign-in attempts, usage, jobs. Functions that change keys, tenants,
/// persons, clients and roles do not take it.
pub struct Bookkeeping(pub(crate) Writer);

macro_rules! derefs_to_writer {
    ($($name:ident),+) => {$(
        impl Deref for $name {
            type Target = Writer;
            fn deref(&self) -> &Writer {
                &self.0
            }
        }

        impl DerefMut for $name {
            fn deref_mut(&mut self) -> &mut Writer {
                &mut self.0
            }
        }
    )+};
}

derefs_to_writer!(Tx, Bookkeeping);
