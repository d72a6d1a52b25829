//! Migrations: texts compiled in, each run once, in order, in a transaction of its own.
//!
//! The checksum of what ran is kept, so that a text that was changed after it ran is noticed before
//! anything is written; and a database of a newer program is left alone.

use crate::{Error, dialect::Dialect, tx::Read};
use sha2::{Digest, Sha256};

struct Migration {
    number: i64,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! migration {
    ($number:literal, $file:literal) => {
        Migration {
            number: $number,
            sqlite: include_str!(concat!("../migrations/", $file, ".sql")),
            postgres: include_str!(concat!("../migrations/", $file, ".sql")),
        }
    };
    ($number:literal, $file:literal, apart) => {
        Migration {
            number: $number,
            sqlite: include_str!(concat!("../migrations/", $file, ".sqlite.sql")),
            postgres: include_str!(concat!("../migrations/", $file, ".postgres.sql")),
        }
    };
}

const MIGRATIONS: [Migration; 22] = [
    migration!(1, "0001_foundation"),
    migration!(2, "0002_things"),
    // Triggers share no grammar.
    migration!(3, "0003_triggers", apart),
    migration!(4, "0004_idempotency"),
    migration!(5, "0005_roles_and_clients"),
    migration!(6, "0006_key_types"),
    migration!(7, "0007_seals"),
    migration!(8, "0008_usage_and_imports"),
    migration!(9, "0009_environment"),
    migration!(10, "0010_rules"),
    migration!(11, "0011_allow_lists"),
    migration!(12, "0012_no_statistics", apart),
    migration!(13, "0013_realms"),
    migration!(14, "0014_signing_keys"),
    migration!(15, "0015_sessions"),
    migration!(16, "0016_issuers"),
    migration!(17, "0017_nexusone"),
    // A trigger.
    migration!(18, "0018_data_keys", apart),
    migration!(19, "0019_key_lives"),
    migration!(20, "0020_nodes"),
    migration!(21, "0021_overview"),
    migration!(22, "0022_secret_generations"),
];

/// Any number will do, as long as every node of every version uses the same.
const LOCK: &str = "SELECT pg_advisory_lock(7723540128931)";
const UNLOCK: &str = "SELECT pg_advisory_unlock(7723540128931)";

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migrations (
    number {int} NOT NULL PRIMARY KEY, checksum TEXT NOT NULL) {strict}";

/// Brings the database up to this program. Nodes that start at once wait for each other.
pub(crate) fn run(r: &mut Read) -> Result<(), Error> {
    let dialect = r.driver.dialect();
    if dialect == Dialect::Sqlite {
        return apply_missing(r, dialect);
    }
    // The wait may be long where another node migrates much data.
    r.driver.batch("SET lock_timeout = 0; SET statement_timeout = 0")?;
    r.query(LOCK, &[])?;
    let result = apply_missing(r, dialect);
    r.query(UNLOCK, &[])?;
    r.driver.batch("SET lock_timeout = '2s'; SET statement_timeout = '30s'")?;
    result
}

fn apply_missing(r: &mut Read, dialect: Dialect) -> Result<(), Error> {
    r.driver.batch(&dialect.migration(TABLE))?;
    let rows = r.query("SELECT number, checksum FROM migrations ORDER BY number", &[])?;
    let mut done = Vec::with_capacity(rows.len());
    for row in &rows {
        done.push((row.int(0)?, row.text(1)?));
    }
    let newest = MIGRATIONS.last().map_or(0, |m| m.number);
    if done.iter().any(|(number, _)| *number > newest) {
        return Err(Error::Unusable(
            "the database was written by a newer version of this program: run that version"
                .to_owned(),
        ));
    }
    for migration in &MIGRATIONS {
        let text = match dialect {
            Dialect::Sqlite => migration.sqlite,
            Dialect::Postgres => migration.postgres,
        };
        let checksum = crate::changes::hex(&Sha256::digest(text.as_bytes()));
        match done.iter().find(|(number, _)| *number == migration.number) {
            Some((_, ran)) if *ran == checksum => {}
            Some(_) => {
                return Err(Error::Unusable(format!(
                    "migration {} of the database is not that of this program",
                    migration.number
                )));
            }
            None => apply(r, dialect, migration.number, text, &checksum)?,
        }
    }
    Ok(())
}

fn apply(r: &mut Read, dialect: Dialect, number: i64, text: &str, sum: &str) -> Result<(), Error> {
    tracing::info!(number, "migrating the database");
    let text = dialect.migration(text);
    // Number and sum are ours: digits and hexadecimal.
    r.driver.batch(&format!(
        "BEGIN;\n{text}\n;INSERT INTO migrations (number, checksum) VALUES ({number}, '{sum}');\nCOMMIT;"
    )).inspect_err(|_| {
        let _ = r.driver.batch("ROLLBACK");
    })
}
