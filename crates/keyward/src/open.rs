//! From the configuration to a running [`Service`]; shared by every command that opens the data.

use crate::{
    config::{Config, Database, MasterKey},
    failure::{Exit, Failure},
    mark::Mark,
};
use domain::{secret::Secret, time::Timestamp};
use service::{
    Service, Settings,
    bootstrap::{Bootstrap, FirstStart},
    clock::Clock,
    entropy::Entropy,
    master_key,
    open::{MasterKeys, OpenError, Opening},
};
use std::{
    error::Error as StdError,
    fs::{DirBuilder, File, TryLockError},
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};
use store::Store;

/// The database's file in the data directory.
pub(crate) const DATABASE_FILE: &str = "keyward.db";
/// What a server holds as long as it runs.
const LOCK_FILE: &str = "keyward.lock";

/// Opens the installation, and makes it when the database is new: `plan` says what.
///
/// # Errors
/// The data cannot be opened, is held by another process, or is locked with another master key.
pub(crate) async fn open(
    config: &Config,
    plan: Bootstrap,
    public_url: String,
) -> Result<(Service, Option<FirstStart>), Failure> {
    make_directory(&config.data_dir)?;
    if matches!(config.database, Database::Sqlite)
        && !database_file(config).exists()
        && Mark::read(&config.data_dir).is_some()
    {
        let message = format!("the database of `{}` is gone", config.data_dir.display());
        return Err(Failure::new(Exit::Locked, message).with_hint(
            "a restore that was cut off leaves it in a folder beside its place; to begin anew, delete \
             `keyward.mark` too",
        ));
    }
    let opening = Opening {
        database: database(config),
        master_keys: master_keys(&config.master_key)?,
        bootstrap: plan,
        settings: Settings {
            public_url,
            nodes: config.nodes,
            stale_after_ms: u64::try_from(config.stale_after.as_millis()).unwrap_or(u64::MAX),
            database_connections: config.database_connections,
            audit_retention_days: config.audit_retention_days,
            session_idle_s: config.session_idle,
            session_absolute_s: config.session_lifetime,
            signing_key_days: config.signing_key_days,
            ..Settings::default()
        },
        clock: clock(config),
        entropy: Entropy::system(),
    };
    Service::open(opening).await.map_err(|error| failure(&error))
}

/// Opens a copy of an embedded database, which nobody else knows of yet: the disk is not waited for.
///
/// # Errors
/// As [`open`].
pub(crate) async fn copy(config: &Config, path: &Path) -> Result<Service, Failure> {
    let opening = Opening {
        database: store::Database::Sqlite { path: path.to_owned() },
        master_keys: master_keys(&config.master_key)?,
        bootstrap: Bootstrap::default(),
        settings: Settings { durable: false, ..Settings::default() },
        clock: clock(config),
        entropy: Entropy::system(),
    };
    Service::open(opening).await.map(|(service, _)| service).map_err(|error| failure(&error))
}

/// Holds a data directory as a server does, for whoever changes its files.
///
/// # Errors
/// Another process holds it.
pub(crate) fn hold(data_dir: &Path) -> Result<File, Failure> {
    let path = data_dir.join(LOCK_FILE);
    let cannot = |e: std::io::Error| Failure::failed(format!("`{}`: {e}", path.display()));
    let file = File::create(&path).map_err(cannot)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(failure(&OpenError::Store(store::Error::Locked(path))))
        }
        Err(TryLockError::Error(e)) => Err(cannot(e)),
    }
}

/// Time, not before what an earlier run saw: an expired key does not come back because somebody set
/// the clock back.
fn clock(config: &Config) -> Clock {
    let machine = Clock::system(Timestamp::from_millis(0)).wall();
    let Some(mark) = Mark::read(&config.data_dir) else { return Clock::system(machine) };
    if mark.seen_at > machine.plus_seconds(60) {
        tracing::warn!(
            clock = %machine,
            seen = %mark.seen_at,
            "the clock is behind what an earlier run saw; time stands until it has caught up"
        );
    }
    Clock::system(mark.seen_at)
}

/// Opens an installation that is there; one that is not is not made.
///
/// # Errors
/// As [`open`], and when there is none.
pub(crate) async fn existing(config: &Config) -> Result<Service, Failure> {
    let none = |place: String| {
        Failure::new(Exit::Usage, format!("there is no installation in {place}"))
            .with_hint("`keyward config` shows which data directory and database are meant")
    };
    match &config.database {
        Database::Sqlite => {
            let path = database_file(config);
            if !path.exists() {
                return Err(none(format!("`{}`", config.data_dir.display())));
            }
        }
        Database::Postgres(_) => {
            let opened = async {
                let store = Store::connect(database(config), store::Options::default()).await?;
                let installation = store.installation().await;
                store.shutdown().await;
                installation
            };
            let installation = opened.await.map_err(|error| failure(&error.into()))?;
            if installation.is_none() {
                return Err(none("this PostgreSQL database".to_owned()));
            }
        }
    }
    let public_url = config.public_url(None);
    open(config, Bootstrap::default(), public_url).await.map(|(service, _)| service)
}

fn database(config: &Config) -> store::Database {
    match &config.database {
        Database::Sqlite => store::Database::Sqlite { path: database_file(config) },
        Database::Postgres(url) => {
            store::Database::Postgres { url: Secret::new(url.expose().to_owned()) }
        }
    }
}

fn database_file(config: &Config) -> PathBuf {
    config.data_dir.join(DATABASE_FILE)
}

/// Makes the data directory for its owner alone; one that exists keeps its mode.
///
/// # Errors
/// The file system refuses.
pub(crate) fn make_directory(path: &Path) -> Result<(), Failure> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|e| {
        Failure::failed(format!("cannot make the data directory `{}`: {e}", path.display()))
    })
}

fn master_keys(given: &MasterKey) -> Result<MasterKeys, Failure> {
    match given {
        MasterKey::File(path) => Ok(MasterKeys::File(path.clone())),
        MasterKey::Text(text) => master_key::MasterKey::parse_list(text)
            .map(MasterKeys::Given)
            .map_err(|e| Failure::new(Exit::Usage, format!("`master_key`: {e}"))),
    }
}

/// What stands in the way, and what can be done about it.
fn failure(error: &OpenError) -> Failure {
    match error {
        OpenError::Store(store::Error::Locked(path)) => {
            Failure::new(Exit::Locked, format!("another process holds `{}`", path.display()))
                .with_hint("stop it first: `keyward serve` holds its data as long as it runs")
        }
        OpenError::KeyFile(_) => Failure::new(Exit::Locked, error),
        OpenError::WrongMasterKey | OpenError::MasterKeyInUse(_) => {
            Failure::new(Exit::Locked, error)
                .with_hint("`master_key` must list every master key that is in use")
        }
        OpenError::FirstStart(service::Error::Invalid { .. }) | OpenError::Settings(_) => {
            Failure::new(Exit::Usage, error)
        }
        OpenError::Store(_) | OpenError::FirstStart(_) | OpenError::Seal(_) => {
            Failure::failed(with_causes(error))
        }
    }
}

/// The error and what it came from: strangers do not read this, the operator does.
fn with_causes(error: &OpenError) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if !text.contains(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        cause = error.source();
    }
    text
}
