//! A PostgreSQL database that has the tables already, for tests to copy: running every migration
//! again for each test would take longer than most tests do.

use crate::postgres;
use anyhow::{Context as _, Result};
use std::{
    fs,
    hash::{DefaultHasher, Hash as _, Hasher as _},
    path::PathBuf,
    thread,
};
use store::{Database, Options, Secret, Store};

/// The name of the template; it is made by whoever asks first.
pub(crate) fn template() -> Result<String> {
    let name = format!("keyward_tables_{:016x}", of_migrations()?);
    postgres::template(&name, |address| {
        let url = Secret::new(address.to_owned());
        // The caller may stand on a runtime, which must not wait for another one.
        let migrated = thread::spawn(move || -> Result<()> {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
            runtime.block_on(async {
                let database = Database::Postgres { url };
                Store::connect(database, Options::default()).await?.shutdown().await;
                Ok(())
            })
        });
        migrated.join().expect("migrating does not panic")
    })
}

/// A number that changes with every migration.
fn of_migrations() -> Result<u64> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../store/migrations"));
    let mut files = Vec::new();
    for file in fs::read_dir(&folder).context("the folder of the migrations")? {
        files.push(file?.path());
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        fs::read(file)?.hash(&mut hasher);
    }
    Ok(hasher.finish())
}
