//! `SQLite`'s one writer: a thread, two bounded lanes, group commit.
//!
//! `BEGIN IMMEDIATE`; a savepoint for each operation but the first; `COMMIT`; tell `verifier`; answer. Nobody is
//! answered before the commit is on disk, and no future that a client can cancel stands between.

use crate::{
    Error, Live,
    job::Job,
    sqlite,
    tx::{Read, Writer},
};
use crate::{changes::Apply, driver::Driver};
use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
    thread::JoinHandle,
};

/// Operations that one commit may carry.
const BATCH: usize = 256;
/// Operations that may wait in each lane; more are refused at once.
const WAITING: usize = 4096;

/// The queue's front door; dropping the last one ends the thread.
pub(crate) struct SqliteWriter {
    queue: Arc<Queue>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Queue {
    lanes: Mutex<Lanes>,
    ready: Condvar,
}

#[derive(Default)]
struct Lanes {
    urgent: VecDeque<Box<dyn Job>>,
    normal: VecDeque<Box<dyn Job>>,
    closed: bool,
}

impl Queue {
    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self) {
        self.lanes().closed = true;
        self.ready.notify_all();
    }

    /// Waits for an operation; `None` when the queue is closed and empty.
    fn wait(&self) -> Option<Box<dyn Job>> {
        let mut lanes = self.lanes();
        loop {
            if let Some(job) = lanes.next() {
                return Some(job);
            }
            if lanes.closed {
                return None;
            }
            lanes = self.ready.wait(lanes).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Lanes {
    fn next(&mut self) -> Option<Box<dyn Job>> {
        self.urgent.pop_front().or_else(|| self.normal.pop_front())
    }
}

impl SqliteWriter {
    /// Takes the one connection that writes.
    pub(crate) fn start(read: Read) -> Result<Self, Error> {
        let queue = Arc::new(Queue::default());
        let theirs = Arc::clone(&queue);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || {
                Loop {
                    live: Arc::clone(&read.live),
                    writer: Some(Writer::new(read)),
                    queue: theirs,
                }
                .run();
            })
            .map_err(Error::unavailable)?;
        Ok(Self { queue, thread: Mutex::new(Some(thread)) })
    }

    /// Queues an operation. One that is refused answers its caller itself.
    pub(crate) fn submit(&self, job: Box<dyn Job>, urgent: bool) {
        let refused = {
            let mut lanes = self.queue.lanes();
            let closed = lanes.closed;
            let lane = if urgent { &mut lanes.urgent } else { &mut lanes.normal };
            if closed || lane.len() >= WAITING {
                Some(job)
            } else {
                lane.push_back(job);
                None
            }
        };
        match refused {
            Some(job) => job.answer(Err(Error::unavailable("too many writes are waiting"))),
            None => self.queue.ready.notify_one(),
        }
    }

    /// Operations that wait.
    pub(crate) fn waiting(&self) -> usize {
        let lanes = self.queue.lanes();
        lanes.urgent.len() + lanes.normal.len()
    }

    /// Takes nothing more, writes what waits, closes the database. Blocks until that is done.
    pub(crate) fn finish(&self) {
        self.queue.close();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

impl Drop for SqliteWriter {
    fn drop(&mut self) {
        self.finish();
    }
}

/// An operation that waits for the commit, and what to apply after it.
///
/// One that refused waits too: it may have seen what another of the batch did ("this key is revoked
/// already"), and nobody may be told of that before it is on disk and in memory.
struct Kept {
    job: Box<dyn Job>,
    commits: bool,
    applies: Vec<Apply>,
}

struct Loop {
    /// Lent to each operation in turn.
    writer: Option<Writer>,
    queue: Arc<Queue>,
    live: Arc<OnceLock<Live>>,
}

impl Loop {
    fn run(mut self) {
        while let Some(first) = self.queue.wait() {
            self.batch(first);
        }
    }

    fn connection(&mut self) -> Option<&mut sqlite::Connection> {
        match &mut self.writer.as_mut()?.driver {
            Driver::Sqlite(connection) => Some(connection),
            Driver::Postgres(_) => None,
        }
    }

    fn control(&mut self, sql: &str) -> Result<(), Error> {
        self.connection().ok_or_else(lost_writer).and_then(|c| c.control(sql))
    }

    fn batch(&mut self, first: Box<dyn Job>) {
        if let Err(error) = self.control("BEGIN IMMEDIATE") {
            return first.answer(Err(error));
        }
        let mut kept = Vec::new();
        let mut taken = 1;
        let mut next = Some(first);
        while let Some(job) = next {
            if !self.operation(job, &mut kept) {
                return;
            }
            next = if taken < BATCH { self.queue.lanes().next() } else { None };
            taken += 1;
        }
        self.commit(kept);
    }

    /// Runs one operation. False when the transaction is gone, and all in it.
    ///
    /// The first is undone with the whole transaction; each further one has a savepoint. Within a savepoint
    /// `SQLite` notes every page that is changed, and walks these notes at the end of each statement: what
    /// writes thousands of rows would take minutes there.
    fn operation(&mut self, mut job: Box<dyn Job>, kept: &mut Vec<Kept>) -> bool {
        let first = kept.is_empty();
        if !first && let Err(error) = self.control("SAVEPOINT operation") {
            job.answer(Err(error));
            return self.still_open(kept);
        }
        let Some(writer) = self.writer.take() else {
            job.answer(Err(lost_writer()));
            return self.still_open(kept);
        };
        let (mut writer, keep) = job.run(writer);
        let applies = std::mem::take(&mut writer.applies);
        self.writer = Some(writer);
        if !self.still_open(kept) {
            job.answer(Err(Error::unavailable("the transaction was lost")));
            return false;
        }
        let end: &[&str] = match (first, keep) {
            (true, true) => &[],
            (true, false) => &["ROLLBACK", "BEGIN IMMEDIATE"],
            (false, true) => &["RELEASE operation"],
            (false, false) => &["ROLLBACK TO operation", "RELEASE operation"],
        };
        match end.iter().try_for_each(|sql| self.control(sql)) {
            Ok(()) => {
                let applies = if keep { applies } else { Vec::new() };
                kept.push(Kept { job, commits: keep, applies });
            }
            Err(error) => {
                job.answer(Err(error));
                // What this operation did can no longer be told from what others did.
                self.give_up(kept);
                return false;
            }
        }
        true
    }

    /// Whether the transaction lives. Disk full and I/O errors end it behind our back: then every
    /// operation in it is undone, and says so.
    fn still_open(&mut self, kept: &mut Vec<Kept>) -> bool {
        let open = self.connection().is_some_and(|c| !c.is_autocommit());
        if !open {
            refuse(kept);
        }
        open
    }

    fn give_up(&mut self, kept: &mut Vec<Kept>) {
        let _ = self.control("ROLLBACK");
        refuse(kept);
    }

    fn commit(&mut self, mut kept: Vec<Kept>) {
        if !kept.iter().any(|one| one.commits) {
            let _ = self.control("ROLLBACK");
            return kept.into_iter().for_each(|one| one.job.answer(Ok(())));
        }
        if self.control("COMMIT").is_err() {
            let code = self.connection().map_or(0, |c| c.last_code);
            if code & 0xff == rusqlite::ffi::SQLITE_IOERR {
                end_the_process(code);
            }
            return self.give_up(&mut kept);
        }
        if let Some(live) = self.live.get() {
            for one in &mut kept {
                live.apply(std::mem::take(&mut one.applies));
            }
        }
        for one in kept {
            one.job.answer(Ok(()));
        }
    }
}

fn refuse(kept: &mut Vec<Kept>) {
    for one in kept.drain(..) {
        one.job.answer(Err(Error::unavailable("the transaction was rolled back")));
    }
}

fn lost_writer() -> Error {
    Error::unavailable("the writer lost its connection")
}

/// A commit whose sync failed may or may not be on disk, and the kernel forgets which pages it could
/// not write: trying again would prove nothing. The next start reads what is really there.
#[allow(
    clippy::disallowed_methods,
    reason = "after a failed sync there is no true answer left to give"
)]
fn end_the_process(code: i32) -> ! {
    tracing::error!(
        code,
        "the database file could not be written; the process ends so that nothing unproven is served"
    );
    std::process::abort()
}
