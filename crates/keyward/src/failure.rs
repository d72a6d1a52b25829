//! How the process ends: the exit codes, which `docs/cli.md` lists, and the words for a person.

use crate::config;
use std::{fmt::Display, io::Write as _, process::ExitCode};

/// How the process ended. The numbers are a contract with scripts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Exit {
    /// It did what it was told; `serve` stopped because it was asked to.
    Done = 0,
    /// Something failed that another try may mend: the database, the network, the disk.
    Failed = 1,
    /// The arguments or the configuration cannot be used. Nothing was touched.
    Usage = 2,
    /// The data is locked: another process holds it, the master key is missing or wrong, or changes
    /// are lost and nobody has said so.
    Locked = 3,
    /// It was looked at and something was found: a broken audit log, a secret that is not valid, a key
    /// that could not be imported.
    Found = 4,
    /// Whoever asks is not signed in, or may not do this.
    Refused = 5,
    /// There is no such thing, or whoever asks may not know of it.
    NotFound = 6,
    /// The state of the thing, or another thing, stands against it.
    Conflict = 7,
}

impl Exit {
    /// Every code with its meaning, for the document.
    #[cfg(test)]
    pub(crate) const ALL: [(Self, &str); 8] = [
        (Self::Done, "done; `serve` was asked to stop and did"),
        (
            Self::Failed,
            "failed: the database, the network, the disk or another cause that is named",
        ),
        (Self::Usage, "the arguments or the configuration cannot be used; nothing was touched"),
        (
            Self::Locked,
            "locked: another process holds the data, the master key is missing or wrong, or a loss \
             must be named first",
        ),
        (
            Self::Found,
            "`audit verify` or `backup` found something; `keys verify` got another verdict than VALID; `import` \
             refused a line",
        ),
        (Self::Refused, "not signed in, or not allowed"),
        (Self::NotFound, "there is no such thing, or not for you"),
        (Self::Conflict, "the state of the thing, or another thing, stands against it"),
    ];
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why the process ends early: for a person, terse, with a hint on a line of its own.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    message: String,
    hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Display) -> Self {
        Self { exit, message: message.to_string(), hint: None }
    }

    /// Something failed that another try may mend.
    pub(crate) fn failed(message: impl Display) -> Self {
        Self::new(Exit::Failed, message)
    }

    pub(crate) fn with_hint(mut self, hint: impl Display) -> Self {
        self.hint = Some(hint.to_string());
        self
    }

    /// Why, without the hint.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Says it on standard error and gives the code to end with.
    pub(crate) fn report(&self) -> ExitCode {
        drop(write!(std::io::stderr().lock(), "{self}"));
        self.exit.into()
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "error: {}", self.message)?;
        match &self.hint {
            Some(hint) => writeln!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

impl From<config::Error> for Failure {
    fn from(error: config::Error) -> Self {
        let failure = Self::new(Exit::Usage, &error);
        match error.hint() {
            Some(hint) => failure.with_hint(hint),
            None => failure,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_stands_on_its_own_line() {
        let failure = Failure::new(Exit::Locked, "`x` is locked").with_hint("stop the other one");
        assert_eq!(failure.to_string(), "error: `x` is locked\n\nhint: stop the other one\n");
    }

    #[test]
    fn exit_codes_are_those_of_the_document() {
        let document = include_str!("../../../docs/cli.md");
        for (exit, meaning) in Exit::ALL {
            let row = format!("| {} | {meaning} |", exit as u8);
            assert!(document.contains(&row), "docs/cli.md lacks: {row}");
        }
    }
}
