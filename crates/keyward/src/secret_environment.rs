//! Taking secrets out of the environment (MH-02).
//!
//! `/proc/<pid>/environ` shows for as long as a process lives what it was started with, and a program
//! cannot take it out of its own memory safely. So `serve` replaces itself: the same program in the same
//! process starts anew without the variables that held secrets, and reads them from a pipe on standard
//! input, which is empty and closed after that.

use crate::{
    config::{Config, Environment},
    failure::Failure,
};
use std::{
    env,
    io::{self, Read as _, Write as _},
    os::unix::process::CommandExt as _,
    process::Command,
};
use zeroize::Zeroizing;

/// Tells the new start where its secrets are.
const FLAG: &str = "--secrets-on-stdin";
/// What a pipe of Linux holds while nobody reads it.
const PIPE_BYTES: usize = 65_536;

/// Starts anew without the secrets. Returns only when there are none, or when it could not: then with
/// the reason, and nothing was changed.
pub(crate) fn leave(config: &Config, environment: &Environment) -> Option<String> {
    let names = config.secret_variables();
    if names.is_empty() {
        return None;
    }
    let why = start_without(&names, environment).err()?;
    Some(format!(
        "the environment of this process goes on showing {}: {why}; prefer `file:`",
        names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    ))
}

fn start_without(names: &[String], environment: &Environment) -> io::Result<()> {
    let mut text = Zeroizing::new(String::new());
    for name in names {
        // Neither names nor values can hold a zero byte.
        let value = environment.get(name).unwrap_or_default();
        text.extend([name, "=", value, "\0"]);
    }
    if text.len() > PIPE_BYTES {
        return Err(io::Error::other("they are too long for a pipe"));
    }
    let (reader, mut writer) = io::pipe()?;
    writer.write_all(text.as_bytes())?;
    drop(writer);
    let mut again = Command::new(env::current_exe()?);
    let mut arguments = env::args_os();
    if let Some(own_name) = arguments.next() {
        again.arg0(own_name);
    }
    again.args(arguments).arg(FLAG).stdin(reader);
    for name in names {
        again.env_remove(name);
    }
    // Returns only when it failed.
    Err(again.exec())
}

/// The environment together with the secrets that the earlier start handed over.
///
/// # Errors
/// Standard input holds something else.
pub(crate) fn join(environment: Environment) -> Result<Environment, Failure> {
    let mut text = Zeroizing::new(String::with_capacity(PIPE_BYTES));
    io::stdin()
        .lock()
        .take(PIPE_BYTES as u64)
        .read_to_string(&mut text)
        .map_err(|error| Failure::failed(format!("cannot read what `{FLAG}` says: {error}")))?;
    let given = text.split_terminator('\0').filter_map(|one| one.split_once('='));
    let given = given.map(|(name, value)| (name.to_owned(), value.to_owned()));
    Ok(environment.with(given))
}
