//! The master key file. One of the few places outside `keyward::config` that reads a file.

use crate::{
    entropy::Entropy,
    master_key::{BadMasterKey, MasterKey},
};
use domain::secret::Secret;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, fchown},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

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
    /// It is a link: whoever made that also changes what is behind it.
    #[error("the master key file `{}` is a link; change what it points to, with the new key in front", .0.display())]
    Link(PathBuf),
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

/// Writes the file anew with these master keys, the first of which writes: in one piece, so that at every
/// moment the old file or the new one is there, and on the disk when this returns.
///
/// # Errors
/// It is a link, or the file system refused; the old file is there then.
#[expect(clippy::disallowed_methods, reason = "the key file is a named exception")]
pub fn rewrite(path: &Path, keys: &[&MasterKey]) -> Result<(), KeyFileError> {
    let lines: Vec<Secret> = keys.iter().map(|key| key.to_line()).collect();
    let mut text = Zeroizing::new(String::with_capacity(lines.len() * 160));
    for (n, line) in lines.iter().enumerate() {
        text.push_str(if n > 0 { "," } else { "" });
        text.push_str(line.expose());
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let new = path.with_file_name(format!("{name}.new"));
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let write = || -> io::Result<()> {
        let before = fs::symlink_metadata(path)?;
        // What an earlier try left.
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
        file.write_all(text.as_bytes())?;
        let made = file.metadata()?;
        if (made.uid(), made.gid()) != (before.uid(), before.gid()) {
            fchown(&file, Some(before.uid()), Some(before.gid()))?;
        }
        file.sync_all()?;
        fs::rename(&new, path)?;
        File::open(folder)?.sync_all()
    };
    if fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) {
        return Err(KeyFileError::Link(path.to_owned()));
    }
    write().map_err(|e| failed(path, e))
}

/// Tells a file that was changed from one that was not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stamp {
    inode: u64,
    bytes: u64,
    modified: (i64, i64),
}

/// The stamp of the file as it is now; `None`: it is not there.
#[must_use]
pub fn stamp(path: &Path) -> Option<Stamp> {
    let found = fs::metadata(path).ok()?;
    Some(Stamp {
        inode: found.ino(),
        bytes: found.len(),
        modified: (found.mtime(), found.mtime_nsec()),
    })
}

fn failed(path: &Path, source: io::Error) -> KeyFileError {
    KeyFileError::Io { path: path.to_owned(), source }
}
