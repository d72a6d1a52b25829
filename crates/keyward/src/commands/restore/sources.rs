//! Databases that are newer than a backup: the one that it replaces, and others that are named.

use super::super::staging::Staging;
use crate::{
    config::Config,
    failure::Failure,
    mark::Mark,
    open::{self, DATABASE_FILE},
};
use service::{
    Service,
    audit::KnownHead,
    backup::{self, BackupError, Manifest},
    restore::Merged,
};
use std::path::{Path, PathBuf};

/// A copy of one of them, which may be opened.
pub(super) struct Source {
    copy: PathBuf,
    name: String,
    /// Whether it is the database that the restored one replaces.
    replaced: bool,
    /// What is wrong with it, from the outside.
    damage: Option<String>,
}

/// What was taken from one.
#[derive(Default)]
pub(super) struct Found {
    pub(super) merged: Merged,
    /// Whether nothing that ended since the backup can be missing from it.
    pub(super) proven: bool,
    /// What the operator should know.
    pub(super) remarks: Vec<String>,
}

/// Copies each, so that none is changed. One that is named and cannot be read is an error; of the
/// replaced one, which may be the reason for the restore, it is a remark.
pub(super) fn gather(
    staging: &Staging,
    replaced: Option<PathBuf>,
    newer: &[PathBuf],
) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    for (n, path) in newer.iter().enumerate() {
        let copy = staging.folder(&format!("newer-{n}"))?.path(DATABASE_FILE);
        unpack_or_copy(path, &copy)?;
        sources.push(source(copy, path, false));
    }
    if let Some(path) = replaced {
        let copy = staging.folder("replaced")?.path(DATABASE_FILE);
        let damage = store::backup::copy(&path, &copy).err().map(|e| e.to_string());
        sources.push(Source { damage, ..source(copy, &path, true) });
    }
    Ok(sources)
}

fn source(copy: PathBuf, path: &Path, replaced: bool) -> Source {
    Source { copy, name: path.display().to_string(), replaced, damage: None }
}

/// A backup, or a database file as it lies in a data directory.
fn unpack_or_copy(from: &Path, to: &Path) -> Result<(), Failure> {
    match backup::unpack(from, to, |_| {}) {
        Ok(_) => Ok(()),
        Err(BackupError::NotABackup(_)) => store::backup::copy(from, to).map_err(Failure::failed),
        Err(e) => Err(Failure::failed(format!("`{}`: {e}", from.display()))),
    }
}

impl Source {
    /// Merges what ended, if this is a later state of the same installation.
    pub(super) async fn merge(
        &self,
        config: &Config,
        restored: &Service,
        manifest: &Manifest,
        known: Option<&Mark>,
        heads: &[KnownHead],
    ) -> Result<Found, Failure> {
        if let Some(damage) = self.unfit(manifest) {
            return Ok(Found { remarks: vec![self.remark(&damage)], ..Found::default() });
        }
        let newer = open::copy(config, &self.copy).await?;
        let found = self.merge_opened(&newer, restored, manifest, known, heads).await;
        newer.close().await;
        found.map_err(|e| Failure::failed(format!("`{}`: {e}", self.name)))
    }

    /// Why nothing can be taken from it.
    fn unfit(&self, manifest: &Manifest) -> Option<String> {
        if let Some(damage) = &self.damage {
            return Some(damage.clone());
        }
        match store::backup::facts(&self.copy) {
            Err(e) => Some(e.to_string()),
            Ok(facts) if facts.installation != manifest.facts.installation => {
                Some("it is another installation".to_owned())
            }
            Ok(_) => None,
        }
    }

    async fn merge_opened(
        &self,
        newer: &Service,
        restored: &Service,
        manifest: &Manifest,
        known: Option<&Mark>,
        heads: &[KnownHead],
    ) -> Result<Found, service::Error> {
        let mut found = Found::default();
        if !newer.has_events(&manifest.facts.heads).await? {
            found.remarks.push(self.remark("it is no later state of the backup"));
            return Ok(found);
        }
        let check = newer.verify_audit(heads).await?;
        let damage = store::backup::check(&self.copy).unwrap_or_else(|e| vec![e.to_string()]);
        let whole = check.findings.is_empty() && damage.is_empty();
        found.remarks.extend(check.findings.iter().chain(&damage).map(|f| self.remark(f)));
        found.merged = restored.merge_ended(newer, &manifest.facts.heads).await?;
        let is_last = match known {
            // The mark is what was seen last, whichever file it is found in.
            Some(mark) => newer.has_events(mark.event.as_slice()).await?,
            None => self.replaced,
        };
        let tells_all = newer.has_all_since(&manifest.facts.heads).await?;
        if !tells_all {
            found.remarks.push(self.remark("events since the backup were pruned"));
        }
        found.proven = whole && is_last && tells_all && newer.unnamed_loss().await?.is_none();
        if whole && !is_last {
            found.remarks.push(self.remark("it is not the last state that was served"));
        }
        Ok(found)
    }

    fn remark(&self, what: &str) -> String {
        format!("`{}`: {what}", self.name)
    }
}
