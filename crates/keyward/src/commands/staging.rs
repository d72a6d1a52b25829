//! Where a command makes what is not finished: a folder of its own, beside what it makes, so that a
//! rename is enough at the end.

use crate::failure::Failure;
use std::{
    fs, io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

/// The folder.
#[derive(Debug)]
pub(super) struct Staging(PathBuf);

impl Staging {
    /// Makes it, for its owner alone. One that an earlier run left behind is only half a copy.
    pub(super) fn make(path: PathBuf) -> Result<Self, Failure> {
        let failed =
            |e: io::Error| Failure::failed(format!("cannot make `{}`: {e}", path.display()));
        match fs::remove_dir_all(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(failed(e)),
            _ => {}
        }
        fs::DirBuilder::new().mode(0o700).create(&path).map_err(failed)?;
        Ok(Self(path))
    }

    /// A file in it.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A folder in it.
    pub(super) fn folder(&self, name: &str) -> Result<Self, Failure> {
        Self::make(self.0.join(name))
    }

    /// What is left of it goes.
    pub(super) fn remove(&self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(folder = %self.0.display(), %error, "a temporary folder was left");
        }
    }
}

/// The folder that a path lies in.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
