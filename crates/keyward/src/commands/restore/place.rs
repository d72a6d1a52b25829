//! The last step: the old database moves aside, whole, and the restored one takes its place.

use super::{super::staging::Staging, LIST_FILE};
use crate::open::DATABASE_FILE;
use domain::time::Timestamp;
use std::{
    fs::{self, File},
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

/// Does it; says where the old database is now.
#[expect(clippy::disallowed_methods, reason = "backup is a named exception")]
pub(super) fn take(
    dir: &Path,
    staging: &Staging,
    restored: &Path,
    replaces: bool,
    taken_at: Timestamp,
) -> io::Result<Option<PathBuf>> {
    File::open(restored)?.sync_all()?;
    let mut aside = None;
    if replaces {
        let folder = free_folder(dir, taken_at)?;
        for suffix in ["", "-wal", "-shm"] {
            let name = format!("{DATABASE_FILE}{suffix}");
            match fs::rename(dir.join(&name), folder.join(&name)) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
                _ => {}
            }
        }
        File::open(&folder)?.sync_all()?;
        aside = Some(folder);
    }
    fs::rename(restored, dir.join(DATABASE_FILE))?;
    fs::rename(staging.path("mark").join("keyward.mark"), dir.join("keyward.mark"))?;
    if staging.path(LIST_FILE).exists() {
        fs::rename(staging.path(LIST_FILE), dir.join(LIST_FILE))?;
    }
    File::open(dir)?.sync_all()?;
    Ok(aside)
}

/// A new folder for what is moved aside; nothing is ever written over.
fn free_folder(dir: &Path, taken_at: Timestamp) -> io::Result<PathBuf> {
    for n in 1..1_000 {
        let folder = dir.join(format!("replaced-by-backup-of-{taken_at}-{n}").replace(':', ""));
        match fs::DirBuilder::new().mode(0o700).create(&folder) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|()| folder),
        }
    }
    Err(io::Error::other("there are too many folders of replaced databases"))
}
