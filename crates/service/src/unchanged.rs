//! Changes that turn out to change nothing: they write nothing, and so no audit event either.

use crate::error::Error;

/// Why a transaction changed nothing.
pub(crate) enum Stopped<T> {
    /// Everything is as it was asked to be.
    Unchanged(Box<T>),
    /// It cannot be done.
    Failed(Error),
}

impl<T> From<Error> for Stopped<T> {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl<T> From<store::Error> for Stopped<T> {
    fn from(error: store::Error) -> Self {
        match error {
            // The row was locked when it was read; this is the net below that.
            store::Error::Conflict("version") => Self::Failed(Error::PreconditionFailed),
            other => Self::Failed(other.into()),
        }
    }
}

/// The thing as it is now, whether or not it was changed.
pub(crate) fn settled<T>(written: Result<T, Stopped<T>>) -> Result<T, Error> {
    match written {
        Ok(thing) => Ok(thing),
        Err(Stopped::Unchanged(thing)) => Ok(*thing),
        Err(Stopped::Failed(error)) => Err(error),
    }
}

/// Holds the version that a caller demands against the one that is there.
pub(crate) fn check_version(wanted: Option<u32>, found: u32) -> Result<(), Error> {
    if wanted.is_some_and(|wanted| wanted != found) {
        return Err(Error::PreconditionFailed);
    }
    Ok(())
}
