//! The door: where async ends.

use crate::{
    Bookkeeping, Committed, Database, Error, Installation, Live, NewInstallation, Options, Read,
    Tx, driver, feed, installation, job, job::Answer, migrate, pool, postgres_pool, sqlite,
    sqlite_writer,
};
use domain::secret::SecretDigest;
use std::{
    fs::File,
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};
use tokio::task::JoinHandle;
use verifier::TokenState;

/// The database, opened. Cheap to clone.
#[derive(Clone)]
pub struct Store(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) backend: Backend,
    pub(crate) live: Arc<OnceLock<Live>>,
    /// The feed, its listener, or the ticker.
    pub(crate) background: Mutex<Vec<JoinHandle<()>>>,
}

pub(crate) enum Backend {
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
                on_blocking_thread(move || open_sqlite(&path, &options, &live)).await?
            }
            Database::Postgres { url } => {
                let pool = postgres_pool::PostgresPool::new(&url, &options, Arc::clone(&live))?;
                let runtime = tokio::runtime::Handle::current();
                let ours = pool.clone();
                on_blocking_thread(move || migrate::run(&mut ours.connection(&runtime)?)).await?;
                Backend::Postgres(pool)
            }
        };
        Ok(Self(Arc::new(Inner { backend, live, background: Mutex::default() })))
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

    /// Looks a token up that memory does not know: on `PostgreSQL` another node may have issued it a
    /// moment ago. What lives is told to `verifier` too. The caller limits how often this is asked.
    ///
    /// # Errors
    /// The database fails.
    pub async fn token_by_digest(
        &self,
        digest: &SecretDigest,
    ) -> Result<Option<TokenState>, Error> {
        let digest = *digest;
        let live = Arc::clone(&self.0.live);
        self.read(move |r| match live.get() {
            Some(live) => feed::refresh_token(r, live, &digest),
            None => Ok(None),
        })
        .await
    }

    /// Finishes what is under way and closes the database.
    pub async fn shutdown(&self) {
        self.0.stop_background();
        match &self.0.backend {
            Backend::Sqlite { readers, .. } => {
                readers.close();
                let this = self.clone();
                let _ = tokio::task::spawn_blocking(move || this.0.close_sqlite()).await;
            }
            Backend::Postgres(pool) => pool.close().await,
        }
    }

    /// Operations that wait for `SQLite`'s one writer, or are under way on `PostgreSQL`; for metrics.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.0.waiting()
    }

    /// Whether other nodes may write to the same database.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(self.0.backend, Backend::Postgres(_))
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

impl Drop for Inner {
    fn drop(&mut self) {
        self.stop_background();
    }
}

impl Inner {
    fn stop_background(&self) {
        let mut tasks = self.background.lock().unwrap_or_else(PoisonError::into_inner);
        for task in tasks.drain(..) {
            task.abort();
        }
    }

    /// Operations that wait for the one writer, or are under way on `PostgreSQL`.
    pub(crate) fn waiting(&self) -> usize {
        match &self.backend {
            Backend::Sqlite { writer, .. } => writer.waiting(),
            Backend::Postgres(pool) => pool.under_way(),
        }
    }

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
    make_file(path)?;
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

/// Makes the database's file, where there is none, for this user alone: `SQLite` would let everybody
/// read it. Its journals get the mode that the file has.
fn make_file(path: &Path) -> Result<(), Error> {
    let file = File::options().append(true).create(true).mode(0o600).open(path);
    file.map(drop).map_err(|e| Error::Unusable(format!("{} cannot be made: {e}", path.display())))
}

/// Runs what blocks for a moment on this very thread: `SQLite` answers in microseconds, a change of
/// threads costs ten times that.
pub(crate) fn in_place<T>(work: impl FnOnce() -> T) -> T {
    let runtime = tokio::runtime::Handle::current();
    if runtime.runtime_flavor() == tokio::runtime::RuntimeFlavor::MultiThread {
        tokio::task::block_in_place(work)
    } else {
        work()
    }
}

pub(crate) async fn on_blocking_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    tokio::task::spawn_blocking(work).await.map_err(Error::unavailable)?
}
