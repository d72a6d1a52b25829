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
    /// The data is locked: another process holds it, or the master key is missing or wrong.
    Locked = 3,
    /// `audit verify` found something.
    Found = 4,
}

impl Exit {
    /// Every code with its meaning, for the document.
    #[cfg(test)]
    pub(crate) const ALL: [(Self, &str); 5] = [
        (Self::Done, "done; `serve` was asked to stop and did"),
        (
            Self::Failed,
            "failed: the database, the network, the disk or another cause that is named",
        ),
        (Self::Usage, "the arguments or the configuration cannot be used; nothing was touched"),
        (
            Self::Locked,
            "locked: another process holds the data, or the master key is missing or wrong",
        ),
        (Self::Found, "`audit verify` found something"),
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
