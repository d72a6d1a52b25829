//! `SQLite`'s readers: a few read-only connections, lent one operation at a time.

use crate::{Error, Live, Options, driver::Driver, sqlite, tx::Read};
use std::{
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};
use tokio::sync::{Semaphore, SemaphorePermit};

pub(crate) struct Readers {
    idle: Mutex<Vec<Read>>,
    permits: Semaphore,
}

impl Readers {
    pub(crate) fn open(
        path: &Path,
        options: &Options,
        live: &Arc<OnceLock<Live>>,
    ) -> Result<Self, Error> {
        let idle = (0..options.readers.max(1))
            .map(|_| {
                Ok(Read {
                    driver: Driver::Sqlite(sqlite::Connection::reader(path, options)?),
                    live: Arc::clone(live),
                })
            })
            .collect::<Result<Vec<_>, Error>>()?;
        Ok(Self { permits: Semaphore::new(idle.len()), idle: Mutex::new(idle) })
    }

    /// A connection, as soon as one is free.
    pub(crate) async fn lend(&self) -> Result<(Read, SemaphorePermit<'_>), Error> {
        let permit = self
            .permits
            .acquire()
            .await
            .map_err(|_| Error::unavailable("the store is shutting down"))?;
        let read = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        read.map(|read| (read, permit)).ok_or_else(|| Error::unavailable("no reader is left"))
    }

    /// Gives it back; before the permit goes.
    pub(crate) fn give_back(&self, read: Read) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(read);
    }

    /// Closes every idle connection; nothing is lent any more.
    pub(crate) fn close(&self) {
        self.permits.close();
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
