//! From the configuration to a running [`Service`]; shared by every command that opens the data.

use crate::{
    config::{Config, Database, MasterKey},
    failure::{Exit, Failure},
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
use std::{fs::DirBuilder, os::unix::fs::DirBuilderExt as _, path::Path};

/// The database's file in the data directory.
const DATABASE_FILE: &str = "keyward.db";

/// Opens the installation. `plan` is what a first start makes; the public address goes into links.
///
/// # Errors
/// The data cannot be opened, is held by another process, or is locked with another master key.
pub(crate) async fn open(
    config: &Config,
    plan: Bootstrap,
    public_url: String,
) -> Result<(Service, Option<FirstStart>), Failure> {
    make_directory(&config.data_dir)?;
    let database = match &config.database {
        Database::Sqlite => store::Database::Sqlite { path: config.data_dir.join(DATABASE_FILE) },
        Database::Postgres(url) => {
            store::Database::Postgres { url: Secret::new(url.expose().to_owned()) }
        }
    };
    let opening = Opening {
        database,
        master_keys: master_keys(&config.master_key)?,
        bootstrap: plan,
        settings: Settings {
            public_url,
            nodes: config.nodes,
            stale_after_ms: u64::try_from(config.stale_after.as_millis()).unwrap_or(u64::MAX),
            database_connections: config.database_connections,
            ..Settings::default()
        },
        // The store knows the latest instant of an earlier run; nothing is known before it is open.
        clock: Clock::system(Timestamp::from_millis(0)),
        entropy: Entropy::system(),
    };
    Service::open(opening).await.map_err(|error| failure(&error))
}

/// Makes the data directory for its owner alone; one that exists keeps its mode.
fn make_directory(path: &Path) -> Result<(), Failure> {
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
        OpenError::Store(_) => Failure::failed(error),
        OpenError::KeyFile(_) => Failure::new(Exit::Locked, error),
        OpenError::WrongMasterKey | OpenError::MasterKeyInUse(_) => {
            Failure::new(Exit::Locked, error)
                .with_hint("`master_key` must list the key that the database was made with")
        }
        OpenError::FirstStart(service::Error::Invalid { .. }) | OpenError::Settings(_) => {
            Failure::new(Exit::Usage, error)
        }
        OpenError::FirstStart(_) | OpenError::Seal(_) => Failure::failed(error),
    }
}
