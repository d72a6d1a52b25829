//! What a command prints on standard output: the API's JSON as it is, a secret alone, or a table for a
//! person. Progress and warnings go to standard error.

mod list;
mod progress;
mod table;
pub(crate) mod thing;

pub(crate) use list::List;
pub(crate) use progress::Progress;
pub(crate) use table::plain;
pub(crate) use thing::Thing;

use crate::{
    api::{ApiOptions, Whole},
    config::Environment,
    failure::Failure,
};
use serde_json::Value;
use std::io::{self, IsTerminal as _, Write as _};

/// How to print.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Output {
    json: bool,
    quiet: bool,
    /// Whether a person reads along: colours and progress are for terminals.
    terminal: bool,
}

impl Output {
    pub(crate) fn new(options: &ApiOptions, environment: &Environment) -> Self {
        let plain = environment.given("NO_COLOR").is_some();
        let terminal = io::stdout().is_terminal() && !plain;
        Self { json: options.json, quiet: options.quiet, terminal }
    }

    /// Whether people read it: neither JSON nor a single value is wanted.
    pub(crate) fn is_for_a_person(&self) -> bool {
        !self.json && !self.quiet
    }

    /// One thing that the API answered.
    ///
    /// # Errors
    /// It cannot be printed.
    pub(crate) fn one(&self, thing: &Thing, answer: &Whole) -> Result<(), Failure> {
        if self.json {
            return json(answer.bytes());
        }
        let value = answer.json()?;
        let secret = thing::SECRETS.iter().find_map(|name| value.get(name)?.as_str());
        match secret {
            Some(secret) if self.quiet => line(secret),
            Some(_) => {
                print(&table::one(&value, self.terminal))?;
                match thing.once {
                    "" => Ok(()),
                    once => warn(&format!("{once}; `--quiet` prints it alone")),
                }
            }
            None if self.quiet => line(&thing.id(&value)),
            None => print(&table::one(&value, self.terminal)),
        }
    }

    /// What was done, where the API answers with nothing.
    ///
    /// # Errors
    /// It cannot be printed.
    pub(crate) fn done(&self, what: &str) -> Result<(), Failure> {
        if self.json || self.quiet { Ok(()) } else { line(what) }
    }

    /// A secret alone, or the whole answer where JSON is wanted.
    ///
    /// # Errors
    /// It cannot be printed.
    pub(crate) fn secret(&self, secret: &str, answer: &[u8]) -> Result<(), Failure> {
        if self.json { json(answer) } else { line(secret) }
    }

    /// A line of the API's own, where JSON is wanted.
    ///
    /// # Errors
    /// It cannot be printed.
    pub(crate) fn raw(&self, line: &[u8]) -> Result<(), Failure> {
        if self.json { json(line) } else { Ok(()) }
    }

    /// Rows inside one answer.
    ///
    /// # Errors
    /// It cannot be printed.
    pub(crate) fn rows(&self, thing: &'static Thing, answer: &Whole) -> Result<(), Failure> {
        if self.json {
            return json(answer.bytes());
        }
        let value = answer.json()?;
        let rows = value.get(thing.many).and_then(Value::as_array).cloned().unwrap_or_default();
        let mut list = self.list(thing, "");
        list.add(rows)?;
        list.end(None)
    }

    /// More rows of an answer, for people: JSON has them anyhow, and the ids of others would mix.
    ///
    /// # Errors
    /// They cannot be printed.
    pub(crate) fn rows_besides(
        &self,
        thing: &'static Thing,
        answer: &Whole,
    ) -> Result<(), Failure> {
        let value = answer.json()?;
        let rows = value.get(thing.many).and_then(Value::as_array);
        if self.json || self.quiet || rows.is_none_or(Vec::is_empty) {
            return Ok(());
        }
        line("")?;
        self.rows(thing, answer)
    }

    /// A list that comes page by page.
    pub(crate) fn list(&self, thing: &'static Thing, what: &'static str) -> List {
        List::new(*self, thing, what)
    }
}

/// JSON as the API sent it, with a line break behind it.
fn json(bytes: &[u8]) -> Result<(), Failure> {
    let mut text = bytes.to_vec();
    if !text.is_empty() && !text.ends_with(b"\n") {
        text.push(b'\n');
    }
    write(&text)
}

/// One line.
///
/// # Errors
/// It cannot be printed.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    print(&format!("{text}\n"))
}

fn print(text: &str) -> Result<(), Failure> {
    write(text.as_bytes())
}

/// Bytes on standard output. `keyward … | head` is no failure.
///
/// # Errors
/// They cannot be written.
pub(crate) fn write(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("cannot print: {e}")))
        }
        _ => Ok(()),
    }
}

/// What a person should know, on standard error.
///
/// # Errors
/// None: who closed standard error does not want to know.
#[expect(clippy::unnecessary_wraps, reason = "it stands in the place of what prints")]
pub(crate) fn warn(text: &str) -> Result<(), Failure> {
    drop(writeln!(io::stderr().lock(), "note: {text}"));
    Ok(())
}
