//! A backup as one file: a few lines that say what it is, an empty line, and the database.
//!
//! ```text
//! keyward-backup/1
//! installation 7b1c…
//! taken 2026-03-01T12:00:00.000Z
//! schema 4
//! head * 12 5f3a…
//! bytes 258048
//! sha256 9c2e…
//!
//! ```
//!
//! What follows is a whole SQLite database, so that one can get at it without this program. It holds
//! no master key, and without one no secret in it can be used (KR-10). One of the few places outside
//! `keyward::config` that reads files.

use domain::{id::Scope, time::Timestamp};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};
use store::{audit::ChainHead, backup::Facts};
use uuid::Uuid;

const FORMAT: &str = "keyward-backup/1";
/// The longest line of a manifest, and the most lines: a chain each.
const MAX_LINE: u64 = 256;
const MAX_LINES: usize = 2_000_000;

/// What a backup says of itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Manifest {
    /// When it was taken: what happened later is not in it.
    pub taken_at: Timestamp,
    /// The installation, its schema, and where its audit chains ended.
    pub facts: Facts,
    /// Bytes of the database.
    pub bytes: u64,
    /// SHA-256 of the database.
    pub sha256: [u8; 32],
}

/// Why a backup cannot be written or read.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// It does not begin as a backup does.
    #[error("this is no backup: {0}")]
    NotABackup(&'static str),
    /// The database in it is not the one that was written.
    #[error("the backup is damaged: {0}")]
    Damaged(&'static str),
    /// The file system refused.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Writes the copy `database` as the new file `to`, for its owner alone, and on the disk when this
/// returns. `progress` is told how many bytes went by.
///
/// # Errors
/// The file system refuses, or `to` exists.
pub fn pack(
    database: &Path,
    to: &Path,
    taken_at: Timestamp,
    facts: Facts,
    mut progress: impl FnMut(u64),
) -> Result<Manifest, BackupError> {
    let (bytes, sha256) = digest(open(database)?, &mut progress)?;
    let manifest = Manifest { taken_at, facts, bytes, sha256 };
    let file = File::options().write(true).create_new(true).mode(0o600).open(to)?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    out.write_all(manifest.to_text().as_bytes())?;
    io::copy(&mut open(database)?, &mut out)?;
    let file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(manifest)
}

/// Writes the database in the backup `from` as the new file `to`, for its owner alone.
///
/// # Errors
/// It is no backup, it is damaged, or the file system refuses.
pub fn unpack(
    from: &Path,
    to: &Path,
    mut progress: impl FnMut(u64),
) -> Result<Manifest, BackupError> {
    let mut source = BufReader::with_capacity(1 << 20, open(from)?);
    let manifest = Manifest::read(&mut source)?;
    let file = File::options().write(true).create_new(true).mode(0o600).open(to)?;
    let mut out = BufWriter::with_capacity(1 << 20, file);
    let mut hash = Sha256::new();
    let mut bytes = 0_u64;
    loop {
        let chunk = source.fill_buf()?;
        let length = chunk.len();
        if length == 0 {
            break;
        }
        hash.update(chunk);
        out.write_all(chunk)?;
        source.consume(length);
        bytes = bytes.saturating_add(u64::try_from(length).unwrap_or(0));
        progress(bytes);
    }
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    if bytes != manifest.bytes {
        return Err(BackupError::Damaged("it is longer or shorter than when it was written"));
    }
    if <[u8; 32]>::from(hash.finalize()) != manifest.sha256 {
        return Err(BackupError::Damaged("its checksum is another one than when it was written"));
    }
    Ok(manifest)
}

impl Manifest {
    fn to_text(&self) -> String {
        let mut text = format!(
            "{FORMAT}\ninstallation {}\ntaken {}\nschema {}\n",
            self.facts.installation, self.taken_at, self.facts.schema
        );
        for head in &self.facts.heads {
            text.push_str(&format!("head {} {} {}\n", head.scope, head.position, hex(&head.link)));
        }
        text.push_str(&format!("bytes {}\nsha256 {}\n\n", self.bytes, hex(&self.sha256)));
        text
    }

    /// Reads up to the empty line.
    fn read(source: &mut impl BufRead) -> Result<Self, BackupError> {
        if line(source)? != FORMAT {
            return Err(BackupError::NotABackup("its first line is another one"));
        }
        let bad = || BackupError::NotABackup("a line of its head cannot be read");
        let (mut installation, mut taken_at, mut schema) = (None, None, None);
        let (mut bytes, mut sha256, mut heads) = (None, None, Vec::new());
        for _ in 0..MAX_LINES {
            let line = line(source)?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(' ').ok_or_else(bad)?;
            match name {
                "installation" => installation = Some(Uuid::parse_str(value).map_err(|_| bad())?),
                "taken" => taken_at = Some(Timestamp::parse(value).map_err(|_| bad())?),
                "schema" => schema = Some(value.parse().map_err(|_| bad())?),
                "head" => heads.push(head(value).ok_or_else(bad)?),
                "bytes" => bytes = Some(value.parse().map_err(|_| bad())?),
                "sha256" => sha256 = Some(from_hex(value).ok_or_else(bad)?),
                _ => return Err(bad()),
            }
        }
        let facts = Facts {
            installation: installation.ok_or_else(bad)?,
            schema: schema.ok_or_else(bad)?,
            heads,
        };
        Ok(Self {
            taken_at: taken_at.ok_or_else(bad)?,
            facts,
            bytes: bytes.ok_or_else(bad)?,
            sha256: sha256.ok_or_else(bad)?,
        })
    }
}

/// `<chain> <position> <link in hex>`, as the manifest and the mark of a data directory have it.
#[must_use]
pub fn head(text: &str) -> Option<ChainHead> {
    let mut words = text.split(' ');
    let scope = Scope::parse(words.next()?).ok()?;
    let position = words.next()?.parse().ok()?;
    let link = from_hex(words.next()?)?;
    words.next().is_none().then_some(ChainHead { scope, position, link })
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (n, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()?;
    }
    Some(bytes)
}

fn line(source: &mut impl BufRead) -> Result<String, BackupError> {
    let mut line = Vec::new();
    source.take(MAX_LINE).read_until(b'\n', &mut line)?;
    match line.pop() {
        Some(b'\n') => String::from_utf8(line)
            .map_err(|_| BackupError::NotABackup("a line of its head is no text")),
        _ => Err(BackupError::NotABackup("a line of its head has no end")),
    }
}

fn digest(source: File, progress: &mut impl FnMut(u64)) -> Result<(u64, [u8; 32]), BackupError> {
    let mut source = BufReader::with_capacity(1 << 20, source);
    let mut hash = Sha256::new();
    let mut bytes = 0_u64;
    loop {
        let chunk = source.fill_buf()?;
        let length = chunk.len();
        if length == 0 {
            return Ok((bytes, hash.finalize().into()));
        }
        hash.update(chunk);
        source.consume(length);
        bytes = bytes.saturating_add(u64::try_from(length).unwrap_or(0));
        progress(bytes);
    }
}

#[expect(clippy::disallowed_methods, reason = "backup is a named exception")]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest() -> Manifest {
        let head = ChainHead { scope: Scope::Cluster, position: 12, link: [0xab; 32] };
        Manifest {
            taken_at: Timestamp::from_millis(1_772_366_400_000),
            facts: Facts { installation: Uuid::from_u128(7), schema: 4, heads: vec![head] },
            bytes: 3,
            sha256: [1; 32],
        }
    }

    #[test]
    fn what_a_backup_says_of_itself_reads_back_and_ends_before_the_database() {
        let text = format!("{}SQLite format 3", manifest().to_text());
        let mut source = text.as_bytes();
        assert_eq!(Manifest::read(&mut source).unwrap(), manifest());
        assert_eq!(source, b"SQLite format 3");
    }

    #[test]
    fn what_is_no_backup_is_refused() {
        let good = manifest().to_text();
        for text in [
            String::new(),
            "SQLite format 3\0".to_owned(),
            good.replace("backup/1", "backup/2"),
            good.replace("taken", "token"),
            good.replace("bytes 3\n", ""),
            good.replace("head * 12", "head * x"),
            format!("{FORMAT}\n{}\n", "x".repeat(400)),
        ] {
            let refused = Manifest::read(&mut text.as_bytes());
            assert!(matches!(refused, Err(BackupError::NotABackup(_))), "{text}");
        }
    }
}
