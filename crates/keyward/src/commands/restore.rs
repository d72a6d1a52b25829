//! `keyward restore`: a data directory out of a backup, without bringing a revoked key back unnoticed.
//!
//! The steps: unpack beside the data; merge what ended since the backup out of newer databases; note
//! in the audit log what was done and what is not proven; move the old database aside; put the new
//! one in its place. Until the last step the data directory is as it was.

mod outcome;
mod place;
mod sources;

use super::{
    audit_verify::known_head,
    runtime,
    staging::{Staging, folder_of},
    steps::Step,
};
use crate::{
    cli,
    config::{Config, Database},
    failure::{Exit, Failure},
    mark::{self, Mark},
    open::{self, DATABASE_FILE},
};
use domain::time::Timestamp;
use outcome::Outcome;
use service::{
    Service,
    backup::{self, Manifest},
    restore::Merged,
};
use std::{
    fmt::Write as _,
    fs::{self, File},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

/// The list of keys to look through, in the data directory.
const LIST_FILE: &str = "restored-keys.tsv";

/// Restores, or names a loss.
pub(crate) fn run(config: &Config, arguments: &cli::Restore) -> Result<Exit, Failure> {
    let accepted = arguments.accept_loss.as_deref().map(instant).transpose()?;
    let said = match (&arguments.from, accepted) {
        (None, Some(since)) => runtime()?.block_on(accept(config, since))?,
        (None, None) => {
            return Err(Failure::new(Exit::Usage, "`--from` names the backup to restore"));
        }
        (Some(from), accepted) => restore(config, arguments, from, accepted)?,
    };
    io::stdout()
        .lock()
        .write_all(said.as_bytes())
        .map_err(|e| Failure::failed(format!("cannot print: {e}")))?;
    Ok(Exit::Done)
}

fn instant(text: &str) -> Result<Timestamp, Failure> {
    Timestamp::parse(text).map_err(|_| {
        Failure::new(
            Exit::Usage,
            "`--accept-loss` takes an instant such as 2026-03-01T12:00:00.000Z",
        )
        .with_hint("`keyward serve` and `keyward restore` print the one that is meant")
    })
}

/// Names the loss of an installation that is in place already.
async fn accept(config: &Config, since: Timestamp) -> Result<String, Failure> {
    let service = open::existing(config).await?;
    let named = name_loss(&service, &config.data_dir, since).await;
    service.close().await;
    named.map(|()| format!("the loss of what changed after {since} stands in the audit log\n"))
}

async fn name_loss(service: &Service, data_dir: &Path, since: Timestamp) -> Result<(), Failure> {
    let unnamed = service.unnamed_loss().await.map_err(|e| failed(&e))?;
    let missing = mark::missing(service, data_dir).await.map_err(|e| failed(&e))?;
    if ![unnamed, missing].contains(&Some(since)) {
        let message = match unnamed.or(missing) {
            Some(meant) => format!("the loss to name is that of {meant}"),
            None => "nothing is known to be lost".to_owned(),
        };
        return Err(Failure::new(Exit::Usage, message));
    }
    service.accept_loss(since).await.map_err(|e| failed(&e))?;
    put_mark(service, data_dir).await
}

async fn put_mark(service: &Service, data_dir: &Path) -> Result<(), Failure> {
    let mark = Mark::of(service).await.map_err(|e| failed(&e))?;
    mark.write(data_dir, true)
        .map_err(|e| Failure::failed(format!("the mark of the data directory: {e}")))
}

fn restore(
    config: &Config,
    arguments: &cli::Restore,
    from: &Path,
    accepted: Option<Timestamp>,
) -> Result<String, Failure> {
    if matches!(config.database, Database::Postgres(_)) {
        return Err(Failure::new(Exit::Usage, "`restore` makes an embedded database alone")
            .with_hint("restore PostgreSQL by its own tools; `serve` then says whether changes are missing"));
    }
    let dir = &config.data_dir;
    open::make_directory(dir)?;
    let held = open::hold(dir)?;
    let database = dir.join(DATABASE_FILE);
    let replaces = database.exists();
    if replaces && !arguments.replace {
        let message = format!("`{}` holds a database already", dir.display());
        return Err(Failure::new(Exit::Usage, message)
            .with_hint("`--replace` moves it aside; or name another `--data-dir`"));
    }
    let staging = Staging::make(dir.join("restoring"))?;
    let done = Restore { config, arguments, staging: &staging, accepted }.run(from, replaces);
    if done.is_err() {
        staging.remove();
    }
    let said = done?;
    drop(held);
    Ok(said)
}

/// One restore under way.
struct Restore<'a> {
    config: &'a Config,
    arguments: &'a cli::Restore,
    staging: &'a Staging,
    accepted: Option<Timestamp>,
}

impl Restore<'_> {
    fn run(&self, from: &Path, replaces: bool) -> Result<String, Failure> {
        let dir = &self.config.data_dir;
        let restored = self.staging.path(DATABASE_FILE);
        let step = Step::start("unpacking", fs::metadata(from).map_or(0, |m| m.len()));
        let manifest = backup::unpack(from, &restored, |bytes| step.at(bytes))
            .map_err(|e| Failure::failed(format!("`{}`: {e}", from.display())))?;
        step.next("checking");
        whole(&restored, &manifest, from)?;
        step.next("reading newer databases");
        let sources = sources::gather(
            self.staging,
            replaces.then(|| dir.join(DATABASE_FILE)),
            &self.arguments.newer,
        )?;
        step.next("merging");
        let outcome = runtime()?.block_on(self.merge(&restored, &manifest, sources))?;
        step.done();
        let aside = self.swap(&restored, replaces, outcome.taken_at)?;
        Ok(outcome.text(dir, aside.as_deref()))
    }

    async fn merge(
        &self,
        restored: &Path,
        manifest: &Manifest,
        sources: Vec<sources::Source>,
    ) -> Result<Outcome, Failure> {
        let service = open::copy(self.config, restored).await?;
        let outcome = self.merge_into(&service, manifest, sources).await;
        service.close().await;
        outcome
    }

    async fn merge_into(
        &self,
        service: &Service,
        manifest: &Manifest,
        sources: Vec<sources::Source>,
    ) -> Result<Outcome, Failure> {
        let known = Mark::read(&self.config.data_dir)
            .filter(|mark| mark.installation == manifest.facts.installation);
        let heads =
            self.arguments.head.iter().map(|h| known_head(h)).collect::<Result<Vec<_>, _>>()?;
        let mut outcome = Outcome {
            taken_at: manifest.taken_at,
            merged: Merged::default(),
            proven: false,
            named: false,
            live_keys: 0,
            remarks: Vec::new(),
        };
        let check = service.verify_audit(&[]).await.map_err(|e| failed(&e))?;
        outcome.remarks.extend(check.findings);
        let replaced = known.as_ref().and_then(|mark| mark.event);
        service.note_restore(manifest.taken_at, replaced.as_ref()).await.map_err(|e| failed(&e))?;
        for source in sources {
            let found =
                source.merge(self.config, service, manifest, known.as_ref(), &heads).await?;
            outcome.merged = outcome.merged.and(found.merged);
            outcome.proven |= found.proven;
            outcome.remarks.extend(found.remarks);
        }
        if outcome.proven {
            service.note_merge(outcome.merged).await.map_err(|e| failed(&e))?;
        } else if self.accepted == Some(manifest.taken_at) {
            service.accept_loss(manifest.taken_at).await.map_err(|e| failed(&e))?;
            outcome.named = true;
        } else if self.accepted.is_some() {
            let meant = format!("the loss to name is that of {}", manifest.taken_at);
            return Err(Failure::new(Exit::Usage, meant));
        }
        if !outcome.proven {
            outcome.live_keys = self.list_live_keys(service).await?;
        }
        put_mark(service, &self.staging.folder("mark")?.path("")).await?;
        Ok(outcome)
    }

    /// Writes the keys that are live now to a file of the data directory.
    async fn list_live_keys(&self, service: &Service) -> Result<u64, Failure> {
        let mut list = String::from("id\ttenant\ttype\thint\tname\n");
        let count = service
            .each_live_key(|key| {
                // A name holds no control characters, so no tab either.
                let _ = writeln!(
                    list,
                    "{}\t{}\t{}\t{}\t{}",
                    key.id, key.scope, key.key_type, key.hint, key.name
                );
            })
            .await
            .map_err(|e| failed(&e))?;
        let path = self.staging.path(LIST_FILE);
        let written = File::options()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .and_then(|mut file| file.write_all(list.as_bytes()));
        written.map_err(|e| Failure::failed(format!("`{}`: {e}", path.display())))?;
        Ok(count)
    }

    /// Moves the old database aside and the new one to its place, and syncs both.
    fn swap(
        &self,
        restored: &Path,
        replaces: bool,
        taken_at: Timestamp,
    ) -> Result<Option<PathBuf>, Failure> {
        let dir = &self.config.data_dir;
        let moved = place::take(dir, self.staging, restored, replaces, taken_at);
        let aside = moved.map_err(|e| {
            Failure::failed(format!("the database could not be put in place: {e}")).with_hint(format!(
                "the restored one is in `{}`, the old one in `{}` or a folder `replaced-…` there",
                folder_of(restored).display(),
                dir.display()
            ))
        })?;
        self.staging.remove();
        Ok(aside)
    }
}

fn whole(database: &Path, manifest: &Manifest, from: &Path) -> Result<(), Failure> {
    let damage = store::backup::check(database).map_err(Failure::failed)?;
    let facts = store::backup::facts(database).map_err(Failure::failed)?;
    match damage.first() {
        Some(first) => Err(Failure::failed(format!("`{}` is damaged: {first}", from.display()))),
        None if facts != manifest.facts => Err(Failure::failed(format!(
            "`{}` says of itself what is not true of the database in it",
            from.display()
        ))),
        None => Ok(()),
    }
}

fn failed(error: &service::Error) -> Failure {
    Failure::failed(format!("the restored database: {error}"))
}
