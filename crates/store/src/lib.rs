//! The only crate that knows SQL: one text for `SQLite` and `PostgreSQL`.
//!
//! Everything below the door is synchronous; async ends at [`Store::write`] and its like. A write
//! is a closure over [`Tx`] that ends in [`Tx::commit`] with an audit event, or changes nothing; what
//! it changed is told to `verifier` after the commit and before the answer. Read tx.rs next, then
//! the file of a table family; `sqlite_writer.rs` and `postgres_pool.rs` are how a write runs.
//! No HTTP, no policy, no clock: instants and randomness come in as values.

mod chain;
mod changes;
mod dialect;
mod driver;
mod error;
mod event_text;
mod job;
mod json_list;
mod like;
mod migrate;
mod pool;
mod postgres;
mod postgres_pool;
mod postgres_tls;
mod sealed;
mod sqlite;
mod sqlite_writer;
mod tx;
mod value;

pub mod clients;
pub mod installation;
pub mod keys;
pub mod persons;
pub mod roles;
pub mod tenants;
pub mod tokens;

pub use domain::secret::Secret;
pub use error::{Error, Source};
pub use installation::{Installation, MasterKeyRow, NewInstallation, SealedKeyRow};
pub use sealed::{Opener, SealedDigest, StoredSecret};
pub use tx::{Bookkeeping, Committed, Read, Tx, Writer};

pub(crate) use changes::Apply;
pub(crate) use value::{Row, Value};

use job::Answer;
use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, OnceLock, PoisonError},
};
use verifier::{Now, Verifier};
use zeroize::Zeroizing;

/// Where the data lies.
pub enum Database {
    /// A file, and a lock beside it.
    Sqlite {
        /// The database file; made when it is not there.
        path: PathBuf,
    },
    /// A server.
    Postgres {
        /// `postgres://…`; never printed, it holds a password.
        url: Secret,
    },
}

/// What an operator may set.
#[derive(Clone, Debug)]
pub struct Options {
    /// `SQLite`: connections for reading.
    pub readers: usize,
    /// `SQLite`: whether a commit waits for the disk. Off only in tests.
    pub fsync: bool,
    /// `SQLite`: page cache of each connection, in KiB.
    pub cache_kib: u32,
    /// `PostgreSQL`: connections.
    pub connections: usize,
    /// `PostgreSQL`: certificate authorities in PEM; the public ones when absent.
    pub database_ca: Option<Vec<u8>>,
}

impl Default for Options {
    fn default() -> Self {
        Self { readers: 4, fsync: true, cache_kib: 16 * 1024, connections: 16, database_ca: None }
    }
}

/// What the store needs of the keys that were unsealed.
pub struct Unlocked {
    /// The key of the audit chain.
    pub audit_key: Zeroizing<[u8; 32]>,
    /// Opens a key's sealed digest.
    pub opener: Opener,
}

/// Both clocks; the store reads none by itself.
#[derive(Clone)]
pub struct Clock(pub Arc<dyn Fn() -> Now + Send + Sync>);

/// What is there once the store was started.
pub(crate) struct Live {
    pub(crate) audit_key: chain::AuditKey,
    pub(crate) opener: Opener,
    pub(crate) verifier: Arc<Verifier>,
    pub(crate) clock: Clock,
    /// Counts the removals of tokens; see changes.rs.
    pub(crate) token_removals: Mutex<u64>,
}

/// The database, opened. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    backend: Backend,
    live: Arc<OnceLock<Live>>,
}

enum Backend {
    Sqlite {
        writer: sqlite_writer::SqliteWriter,
        readers: pool::Readers,
        /// Held until the store goes: a second process would not see this one's memory.
        lock: Mutex<Option<File>>,
    },
    Postgres(postgres_pool::PostgresPool),
}

impl Store {
    /// Opens the database and brings its tables up to this program. No keys are needed yet.
    ///
    /// # Errors
    /// `Locked`, `Unusable` (says what to do), `Unavailable`.
    pub async fn connect(database: Database, options: Options) -> Result<Self, Error> {
        let live = Arc::new(OnceLock::new());
        let backend = match database {
            Database::Sqlite { path } => {
                let live = Arc::clone(&live);
                blocking(move || open_sqlite(&path, &options, &live)).await?
            }
            Database::Postgres { url } => {
                let pool = postgres_pool::PostgresPool::new(&url, &options, Arc::clone(&live))?;
                let runtime = tokio::runtime::Handle::current();
                let ours = pool.clone();
                blocking(move || migrate::run(&mut ours.connection(&runtime)?)).await?;
                Backend::Postgres(pool)
            }
        };
        Ok(Self(Arc::new(Inner { backend, live })))
    }

    /// The installation; `None` in a new, empty database.
    ///
    /// # Errors
    /// The database fails.
    pub async fn installation(&self) -> Result<Option<Installation>, Error> {
        self.read(installation::find).await
    }

    /// Writes the installation, once.
    ///
    /// # Errors
    /// `Conflict("installation")`: there is one already; or the database fails.
    pub async fn install(&self, new: NewInstallation) -> Result<Installation, Error> {
        self.record(move |b| {
            installation::insert(b, &new)?;
            Ok(new.clone())
        })
        .await
    }

    /// An audited write. `op` may run several times; only the last run counts.
    ///
    /// # Errors
    /// Whatever `op` returns, and this crate's own.
    pub async fn write<T, E>(
        &self,
        op: impl Fn(&mut Tx) -> Result<Committed<T>, E> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        E: From<Error> + Send + 'static,
        T: Send + 'static,
    {
        let (job, answer) = job::audited(op);
        self.submit(job, answer, false).await
    }

    /// An audited write that goes before all others: revocations.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn write_urgent<T, E>(
        &self,
        op: impl Fn(&mut Tx) -> Result<Committed<T>, E> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        E: From<Error> + Send + 'static,
        T: Send + 'static,
    {
        let (job, answer) = job::audited(op);
        self.submit(job, answer, true).await
    }

    /// An unaudited write: tokens, sign-in attempts, usage, jobs.
    ///
    /// # Errors
    /// As [`Self::write`].
    pub async fn record<T, E>(
        &self,
        op: impl Fn(&mut Bookkeeping) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<T, E>
    where
        E: From<Error> + Send + 'static,
        T: Send + 'static,
    {
        let (job, answer) = job::unaudited(op);
        self.submit(job, answer, false).await
    }

    /// Reads.
    ///
    /// # Errors
    /// Whatever `op` returns, and this crate's own.
    pub async fn read<T, E>(
        &self,
        op: impl FnOnce(&mut Read) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        E: From<Error> + Send + 'static,
        T: Send + 'static,
    {
        match &self.0.backend {
            Backend::Sqlite { readers, .. } => {
                let (r, permit) = readers.lend().await?;
                let (r, result) = in_place(|| job::read(r, op));
                readers.give_back(r);
                drop(permit);
                result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            }
            Backend::Postgres(pool) => pool.read(op).await,
        }
    }

    /// Finishes what is under way and closes the database.
    pub async fn shutdown(&self) {
        match &self.0.backend {
            Backend::Sqlite { readers, .. } => {
                readers.close();
                let this = self.clone();
                let _ = tokio::task::spawn_blocking(move || this.0.close_sqlite()).await;
            }
            Backend::Postgres(pool) => pool.close().await,
        }
    }

    async fn submit<T, E: From<Error>>(
        &self,
        job: Box<dyn job::Job>,
        answer: Answer<T, E>,
        urgent: bool,
    ) -> Result<T, E> {
        match &self.0.backend {
            Backend::Sqlite { writer, .. } => writer.submit(job, urgent),
            Backend::Postgres(pool) => pool.submit(job, urgent).await,
        }
        answer.wait().await
    }
}

impl Inner {
    fn close_sqlite(&self) {
        if let Backend::Sqlite { writer, lock, .. } = &self.backend {
            writer.finish();
            lock.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
    }
}

fn open_sqlite(
    path: &Path,
    options: &Options,
    live: &Arc<OnceLock<Live>>,
) -> Result<Backend, Error> {
    let lock = lock_beside(path)?;
    let connection = sqlite::Connection::writer(path, options)?;
    let mut r = Read { driver: driver::Driver::Sqlite(connection), live: Arc::clone(live) };
    migrate::run(&mut r)?;
    let readers = pool::Readers::open(path, options, live)?;
    let writer = sqlite_writer::SqliteWriter::start(r)?;
    Ok(Backend::Sqlite { writer, readers, lock: Mutex::new(Some(lock)) })
}

/// Takes the lock of the folder that the database lies in.
fn lock_beside(path: &Path) -> Result<File, Error> {
    let path = path.with_file_name("keyward.lock");
    let file = File::create(&path)
        .map_err(|e| Error::Unusable(format!("{} cannot be made: {e}", path.display())))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(Error::Locked(path)),
        Err(std::fs::TryLockError::Error(e)) => Err(Error::unavailable(e)),
    }
}

/// Runs what blocks for a moment on this very thread: `SQLite` answers in microseconds, a change of
/// threads costs ten times that.
fn in_place<T>(work: impl FnOnce() -> T) -> T {
    let runtime = tokio::runtime::Handle::current();
    if runtime.runtime_flavor() == tokio::runtime::RuntimeFlavor::MultiThread {
        tokio::task::block_in_place(work)
    } else {
        work()
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(Error::unavailable)?
}
