//! The master key file. One of the few places outside `keyward::config` that reads a file.

use crate::{
    entropy::Entropy,
    master_key::{BadMasterKey, MasterKey},
};
use domain::secret::Secret;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

/// Why the key file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It is not there, and the database is not new.
    #[error("the master key file `{}` is missing; restore it from your copy: the keys in the database cannot be read without it", .0.display())]
    Missing(PathBuf),
    /// Group or others may read it.
    #[error("the master key file `{}` can be read by others; run `chmod 600` on it", .0.display())]
    TooOpen(PathBuf),
    /// What it holds is no list of master keys.
    #[error("the master key file `{}`: {problem}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: BadMasterKey,
    },
    /// The file system refused.
    #[error("the master key file `{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
}

/// Reads the file.
///
/// # Errors
/// It is missing, readable by others, or holds no master keys.
#[expect(clippy::disallowed_methods, reason = "the key file is a named exception")]
pub fn read(path: &Path) -> Result<Vec<MasterKey>, KeyFileError> {
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => KeyFileError::Missing(path.to_owned()),
        _ => failed(path, error),
    })?;
    if metadata.mode() & 0o077 != 0 {
        return Err(KeyFileError::TooOpen(path.to_owned()));
    }
    let text = fs::read_to_string(path).map_err(|e| failed(path, e))?;
    MasterKey::parse_list(&Secret::new(text))
        .map_err(|problem| KeyFileError::Content { path: path.to_owned(), problem })
}

/// Makes the file with a new master key: never over an old one, and on the disk (the folder's entry
/// too) before the database's first commit relies on it.
///
/// # Errors
/// It exists already, or the file system refused.
#[expect(clippy::disallowed_methods, reason = "the key file is a named exception")]
pub fn create(path: &Path, entropy: &Entropy) -> Result<MasterKey, KeyFileError> {
    let key = MasterKey::generate("k1", entropy);
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(key.to_line().expose().as_bytes())?;
        file.sync_all()?;
        match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
            _ => File::open(".")?.sync_all(),
        }
    };
    write().map_err(|e| failed(path, e))?;
    Ok(key)
}

fn failed(path: &Path, source: io::Error) -> KeyFileError {
    KeyFileError::Io { path: path.to_owned(), source }
}
