//! `PostgreSQL`'s pool, and how an operation goes through it.
//!
//! A write runs in a thread of its own that no cancelled client can stop: begin, closure, commit,
//! tell `verifier`, answer.

use crate::{
    Error, Live, Options, Secret,
    driver::Driver,
    error::Refused,
    feed,
    job::{self, Job},
    postgres::Connection,
    postgres_tls,
    tx::{Read, Writer},
};
use deadpool_postgres::{
    Hook, HookError, Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime,
};
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::{runtime::Handle, sync::Semaphore};

/// How long an operation waits for a connection.
const WAIT: Duration = Duration::from_secs(2);
/// Connections that only urgent writes, the feed and the loader may take.
const RESERVED: usize = 4;
/// How often an operation runs that the server asks to run again.
const RUNS: u32 = 8;

/// Every connection's settings. A lock that is not had in two seconds is a refusal, not a hang.
const SETTINGS: &str = "SET lock_timeout = '2s'; SET statement_timeout = '30s';
    SET idle_in_transaction_session_timeout = '60s'; SET client_min_messages = warning;
    SET synchronous_commit = on; SET default_transaction_isolation = 'read committed'";
/// A transaction has its number before it takes one from the feed's sequence: feed.rs relies on it
/// to know when a gap cannot be filled any more.
const BEGIN: &str = "BEGIN; SELECT pg_current_xact_id()";

#[derive(Clone)]
pub(crate) struct PostgresPool {
    pool: Pool,
    config: Arc<tokio_postgres::Config>,
    tls: Option<tokio_postgres_rustls::MakeRustlsConnect>,
    normal: Arc<Semaphore>,
    urgent: Arc<Semaphore>,
    live: Arc<OnceLock<Live>>,
}

impl PostgresPool {
    pub(crate) fn new(
        url: &Secret,
        options: &Options,
        live: Arc<OnceLock<Live>>,
    ) -> Result<Self, Error> {
        let (mut config, tls) = postgres_tls::read_address(url.expose(), options)?;
        config
            .application_name("keyward")
            .connect_timeout(Duration::from_secs(5))
            .tcp_user_timeout(Duration::from_secs(15))
            .keepalives_idle(Duration::from_secs(30));
        let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let manager = match tls.clone() {
            Some(tls) => Manager::from_config(config.clone(), tls, recycling),
            None => Manager::from_config(config.clone(), tokio_postgres::NoTls, recycling),
        };
        let size = options.connections.max(RESERVED + 2);
        let pool = Pool::builder(manager)
            .max_size(size)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(Duration::from_secs(5)))
            .post_create(Hook::async_fn(|client, _| {
                Box::pin(
                    async move { client.batch_execute(SETTINGS).await.map_err(HookError::Backend) },
                )
            }))
            .build()
            .map_err(Error::unavailable)?;
        Ok(Self {
            pool,
            config: Arc::new(config),
            tls,
            normal: Arc::new(Semaphore::new(size - RESERVED)),
            urgent: Arc::new(Semaphore::new(RESERVED - 2)),
            live,
        })
    }

    /// A connection, from a thread that may block, outside of the lanes.
    pub(crate) fn connection(&self, runtime: &Handle) -> Result<Read, Error> {
        let client = runtime.block_on(self.pool.get()).map_err(pool_failure)?;
        Ok(Read {
            driver: Driver::Postgres(Connection::new(client, runtime.clone())),
            live: Arc::clone(&self.live),
        })
    }

    /// What the feed's listener connects with.
    pub(crate) fn listener_config(
        &self,
    ) -> (Arc<tokio_postgres::Config>, Option<tokio_postgres_rustls::MakeRustlsConnect>) {
        (Arc::clone(&self.config), self.tls.clone())
    }

    /// Runs an operation on a thread of its own and answers it there.
    pub(crate) async fn submit(&self, job: Box<dyn Job>, urgent: bool) {
        let lane = if urgent { &self.urgent } else { &self.normal };
        let permit = tokio::time::timeout(WAIT, Arc::clone(lane).acquire_owned()).await;
        let Ok(Ok(permit)) = permit else {
            return job.answer(Err(Error::unavailable("too many operations are waiting")));
        };
        let this = self.clone();
        let runtime = Handle::current();
        // Not awaited: the answer comes through the job, whether or not anyone waits for it.
        drop(tokio::task::spawn_blocking(move || {
            this.write(&runtime, job);
            drop(permit);
        }));
    }

    pub(crate) async fn read<T, E>(
        &self,
        op: impl FnOnce(&mut Read) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        E: From<Error> + Send + 'static,
        T: Send + 'static,
    {
        let permit = tokio::time::timeout(WAIT, Arc::clone(&self.normal).acquire_owned()).await;
        let Ok(Ok(permit)) = permit else {
            return Err(Error::unavailable("too many operations are waiting").into());
        };
        let this = self.clone();
        let runtime = Handle::current();
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let r = this.connection(&runtime)?;
            let (_, result) = job::read(r, op);
            Ok(result)
        });
        match done.await {
            Ok(Ok(Ok(result))) => result,
            Ok(Ok(Err(panic))) => std::panic::resume_unwind(panic),
            Ok(Err(error)) => Err(E::from(error)),
            Err(error) => Err(Error::unavailable(error).into()),
        }
    }

    /// Operations that hold a place in a lane.
    pub(crate) fn under_way(&self) -> usize {
        let free = self.normal.available_permits() + self.urgent.available_permits();
        (self.pool.status().max_size - 2).saturating_sub(free)
    }

    /// Waits for the operations that run, and takes no more.
    pub(crate) async fn close(&self) {
        for lane in [&self.urgent, &self.normal] {
            lane.close();
        }
        // The lanes' permits are given back as operations end.
        let all = self.pool.status().max_size - 2;
        while self.normal.available_permits() + self.urgent.available_permits() < all {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.pool.close();
    }

    fn write(&self, runtime: &Handle, mut job: Box<dyn Job>) {
        for run in 1..=RUNS {
            match self.attempt(runtime, &mut job) {
                Attempt::Done(committed) => return job.answer(committed),
                Attempt::Again if run < RUNS => {}
                Attempt::Again => break,
            }
        }
        job.answer(Err(Error::unavailable("the operation met others too often")));
    }

    fn attempt(&self, runtime: &Handle, job: &mut Box<dyn Job>) -> Attempt {
        let read = match self.connection(runtime) {
            Ok(read) => read,
            Err(error) => return Attempt::Done(Err(error)),
        };
        let mut writer = Writer::new(read);
        if let Err(error) = writer.driver.batch(BEGIN) {
            let closed = end(writer);
            // A connection that died in the pool: nothing was asked of it yet.
            return if closed { Attempt::Again } else { Attempt::Done(Err(error)) };
        }
        let (mut writer, keep) = job.run(writer);
        if !keep {
            let retry = writer.driver.may_run_again();
            end(writer);
            return if retry { Attempt::Again } else { Attempt::Done(Ok(())) };
        }
        let applies = std::mem::take(&mut writer.applies);
        // Before the commit: the feed may see these rows the moment they are committed.
        let removals = self.live.get().map(|live| {
            live.expect_own(&applies);
            live.token_removals()
        });
        writer.driver.commit_begins();
        match writer.driver.batch("COMMIT") {
            Ok(()) => {
                writer.driver.clear_deadline();
                if let (Some(live), Some(removals)) = (self.live.get(), removals) {
                    feed::apply_own(&mut writer, live, removals, applies);
                }
                Attempt::Done(Ok(()))
            }
            Err(error) => {
                // If it was made after all, the feed tells.
                if let Some(live) = self.live.get() {
                    live.forget_own(&applies);
                }
                not_committed(writer, error)
            }
        }
    }
}

fn not_committed(writer: Writer, error: Error) -> Attempt {
    let retry = writer.driver.may_run_again();
    // The server said no, or it said nothing.
    let refused = matches!(&error, Error::Unavailable(s) if s.is::<Refused>());
    end(writer);
    match (retry, refused) {
        (true, _) => Attempt::Again,
        (_, true) => Attempt::Done(Err(error)),
        _ => Attempt::Done(Err(Error::Unknown)),
    }
}

enum Attempt {
    Done(Result<(), Error>),
    Again,
}

/// Ends an operation that is not committed; says whether its connection was dead.
fn end(mut writer: Writer) -> bool {
    let late = writer.driver.is_late();
    writer.driver.clear_deadline();
    let rolled_back = !late && writer.driver.batch("ROLLBACK").is_ok();
    let closed = writer.driver.is_closed();
    if !rolled_back {
        writer.into_driver().discard();
    }
    closed
}

fn pool_failure(error: PoolError) -> Error {
    match error {
        PoolError::Backend(error) => crate::postgres::failure_of(error),
        PoolError::Timeout(_)
        | PoolError::Closed
        | PoolError::NoRuntimeSpecified
        | PoolError::PostCreateHook(_) => Error::unavailable(error),
    }
}
