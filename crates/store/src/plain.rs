//! A yardstick for benchmarks: writes as an operator's own program could make them, one connection on
//! one thread. The statements, the pragmas and the audit chain are those of the real writer; the queue,
//! the savepoints, the answers and the memory to keep true are left out. Nothing serves through it.

use crate::{
    Clock, Error, Live, Options, Tx, Unlocked,
    chain::AuditKey,
    driver::Driver,
    sqlite,
    tx::{Read, Writer},
};
use domain::audit::AuditEvent;
use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, OnceLock},
};
use verifier::Verifier;

/// The one connection.
pub struct PlainWriter(Option<Writer>);

impl PlainWriter {
    /// Opens a database that nobody else has open, its tables made.
    ///
    /// # Errors
    /// The database fails.
    pub fn open(path: &Path, unlocked: Unlocked, clock: Clock) -> Result<Self, Error> {
        let live = OnceLock::from(Live {
            audit_key: AuditKey::new(&unlocked.audit_key)?,
            opener: unlocked.opener,
            knows: unlocked.knows,
            key_types: unlocked.key_types,
            cors: unlocked.cors,
            rules: unlocked.rules,
            issuers: unlocked.issuers,
            signing_keys: unlocked.signing_keys,
            verifier: Arc::new(Verifier::new(verifier::Options::default())),
            clock,
            token_removals: Mutex::default(),
            own: None::<Mutex<HashMap<_, _>>>,
            doubtful: Mutex::default(),
        });
        let connection = sqlite::Connection::writer(path, &Options::default())?;
        let read = Read { driver: Driver::Sqlite(connection), live: Arc::new(live) };
        Ok(Self(Some(Writer::new(read))))
    }

    /// Writes all of these in one durable commit, each with its event.
    ///
    /// # Errors
    /// The database fails; nothing of the batch is written then.
    pub fn commit<T>(
        &mut self,
        batch: &[T],
        op: impl Fn(&mut Tx, &T) -> Result<AuditEvent, Error>,
    ) -> Result<(), Error> {
        let lost = || Error::unavailable("the connection was lost by an earlier failure");
        let mut tx = Tx(self.0.take().ok_or_else(lost)?);
        control(&mut tx, "BEGIN IMMEDIATE")?;
        for one in batch {
            let event = op(&mut tx, one)?;
            tx.finish(std::slice::from_ref(&event))?;
            tx.applies.clear();
        }
        control(&mut tx, "COMMIT")?;
        self.0 = Some(tx.0);
        Ok(())
    }
}

fn control(tx: &mut Tx, sql: &str) -> Result<(), Error> {
    match &mut tx.driver {
        Driver::Sqlite(connection) => connection.control(sql),
        Driver::Postgres(_) => Err(Error::unavailable("only SQLite has a plain writer")),
    }
}
