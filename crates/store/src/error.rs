//! What can go wrong below the use cases.

use std::path::PathBuf;

/// Where an [`Error::Unavailable`] comes from: for the log, never for a stranger.
pub type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why the store did not do what it was asked. *Not found* is `None`, not an error.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was changed: the database is down, the queue full, a lock or the audit log too slow.
    #[error("the database cannot be used at the moment")]
    Unavailable(#[source] Source),
    /// Something that must be unique is taken; names what: `domain`, `username`, `secret`, …
    #[error("{0} is taken")]
    Conflict(&'static str),
    /// A row does not hold what this program writes.
    #[error("the database holds what cannot be read: {0}")]
    Corrupt(String),
    /// The connection was lost while committing: the change may have been made or not.
    #[error("the connection was lost while committing; the change may have been made")]
    Unknown,
    /// Another process has the data directory open.
    #[error(
        "{} is held by another process: stop the running server first, or name another data directory",
        .0.display()
    )]
    Locked(PathBuf),
    /// The database cannot be opened as it is; says what to do.
    #[error("{0}")]
    Unusable(String),
}

impl Error {
    pub(crate) fn unavailable(why: impl Into<Source>) -> Self {
        Self::Unavailable(why.into())
    }

    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Self::Corrupt(what.into())
    }
}

/// A statement that the database refused. Without the driver's own text where that could repeat
/// values of a row.
#[derive(Debug, thiserror::Error)]
#[error("{message} ({state})")]
pub(crate) struct Refused {
    pub(crate) state: String,
    pub(crate) message: String,
}
