//! `keyward backup`: one file with everything but the master key, while the server runs.
//!
//! The copy is made by this process, from the database's file; the server is not asked and goes on
//! writing. What was written is then opened as a server would open it, and its audit log checked.

use super::{
    runtime,
    staging::{Staging, folder_of},
    steps::Step,
};
use crate::{
    cli,
    config::{Config, Database},
    failure::{Exit, Failure},
    mark::Mark,
    open::{self, DATABASE_FILE},
};
use domain::time::Timestamp;
use service::{
    audit::AuditCheck,
    backup::{self, Manifest},
    clock::Clock,
};
use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Writes the backup and says what is in it.
pub(crate) fn run(config: &Config, arguments: &cli::Backup) -> Result<Exit, Failure> {
    if matches!(config.database, Database::Postgres(_)) {
        return Err(Failure::new(Exit::Usage, "`backup` copies the embedded database alone")
            .with_hint(
                "PostgreSQL has tools of its own: `pg_dump`, or a base backup with its log",
            ));
    }
    let database = config.data_dir.join(DATABASE_FILE);
    if !database.exists() {
        let message = format!("there is no database in `{}`", config.data_dir.display());
        return Err(Failure::new(Exit::Usage, message));
    }
    let to = &arguments.to;
    if to.exists() {
        let message = format!("`{}` is there already", to.display());
        return Err(Failure::new(Exit::Usage, message).with_hint("name a new file"));
    }
    let staging = Staging::make(with_suffix(to, ".partial"))?;
    let written = write(config, &database, &staging, to);
    staging.remove();
    let (manifest, check) = written?;
    io::stdout()
        .lock()
        .write_all(text(to, &manifest, &check).as_bytes())
        .map_err(|e| Failure::failed(format!("cannot print: {e}")))?;
    Ok(if check.findings.is_empty() { Exit::Done } else { Exit::Found })
}

fn write(
    config: &Config,
    database: &Path,
    staging: &Staging,
    to: &Path,
) -> Result<(Manifest, AuditCheck), Failure> {
    let copy = staging.path(DATABASE_FILE);
    // Before the copy: whatever happened later may be missing from it.
    let seen = Mark::read(&config.data_dir).map_or(Timestamp::from_millis(0), |mark| mark.seen_at);
    let taken_at = Clock::system(seen).wall();
    let step = Step::start("copying", store::backup::size(database).unwrap_or(0));
    store::backup::copy(database, &copy).map_err(Failure::failed)?;
    step.next("checking");
    let damage = store::backup::check(&copy).map_err(Failure::failed)?;
    if let Some(first) = damage.first() {
        return Err(Failure::failed(format!("the database is damaged: {first}"))
            .with_hint("keep the last backup; `sqlite3` can tell more, and perhaps recover it"));
    }
    let facts = store::backup::facts(&copy).map_err(Failure::failed)?;
    step.next("writing");
    let packed = staging.path("backup");
    let manifest = backup::pack(&copy, &packed, taken_at, facts, |bytes| step.at(bytes))
        .map_err(|e| Failure::failed(format!("the backup cannot be written: {e}")))?;
    step.next("checking the audit log");
    let check = runtime()?.block_on(async {
        let service = open::copy(config, &copy).await?;
        let check = service.verify_audit(&[]).await;
        service.close().await;
        check.map_err(|e| Failure::failed(format!("the audit log could not be read: {e}")))
    })?;
    step.done();
    publish(&packed, to)
        .map_err(|e| Failure::failed(format!("`{}` cannot be written: {e}", to.display())))?;
    Ok((manifest, check))
}

/// Gives the finished file its name; both the name and the content outlive a power cut.
#[expect(clippy::disallowed_methods, reason = "backup is a named exception")]
fn publish(packed: &Path, to: &Path) -> io::Result<()> {
    fs::rename(packed, to)?;
    fs::File::open(folder_of(to))?.sync_all()
}

fn text(to: &Path, manifest: &Manifest, check: &AuditCheck) -> String {
    let mut text = String::new();
    for finding in &check.findings {
        text.push_str(&format!("{finding}\n"));
    }
    let whole = match check.findings.len() {
        0 => "whole".to_owned(),
        1 => "1 finding".to_owned(),
        n => format!("{n} findings"),
    };
    text.push_str(&format!(
        "`{}`: {} bytes, taken {}\nsha256 of the database in it: {}\naudit log: {whole}, {} events \
         in {} chains\nThe master key is not in it: keep a copy of that elsewhere.\n",
        to.display(),
        manifest.bytes,
        manifest.taken_at,
        backup::hex(&manifest.sha256),
        check.events,
        check.chains,
    ));
    text
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::backup::Facts;
    use uuid::Uuid;

    #[test]
    fn what_was_written_is_said_with_what_it_lacks() {
        let manifest = Manifest {
            taken_at: Timestamp::from_millis(0),
            facts: Facts { installation: Uuid::nil(), schema: 4, heads: Vec::new() },
            bytes: 12,
            sha256: [0xab; 32],
        };
        let check = AuditCheck { events: 3, chains: 2, ..AuditCheck::default() };
        let said = text(Path::new("b"), &manifest, &check);
        for part in
            ["`b`: 12 bytes", "1970-01-01T00:00:00.000Z", "abab", "whole, 3 events", "master key"]
        {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
}
