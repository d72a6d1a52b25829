//! Where secrets come from: a file, standard input, the environment, or a prompt. Never an argument,
//! because process lists and shell histories keep those.

use crate::{
    config::{self, Environment},
    failure::{Exit, Failure},
};
use clap::Args;
use domain::secret::Secret;
use std::{
    io::{self, IsTerminal as _, Read as _},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// The secret of a key, or a new password or client secret.
pub(crate) const SECRET: &str = "KEYWARD_SECRET";
/// The password of whoever signs in.
pub(crate) const PASSWORD: &str = "KEYWARD_PASSWORD";
/// The secret of the client that signs in.
pub(crate) const CLIENT_SECRET: &str = "KEYWARD_CLIENT_SECRET";

/// More is no secret.
const MAX_BYTES: u64 = 64 * 1024;

/// Where the secret is.
#[derive(Args, Debug, Default)]
pub(crate) struct SecretSource {
    /// File that holds the secret, `-` for standard input; the secret itself may be in `KEYWARD_SECRET`,
    /// that of whoever signs in in `KEYWARD_PASSWORD`, that of a client in `KEYWARD_CLIENT_SECRET`
    #[arg(long, value_name = "FILE")]
    secret_file: Option<PathBuf>,
    /// Ask for the secret on the terminal
    #[arg(long, conflicts_with = "secret_file")]
    prompt: bool,
}

impl SecretSource {
    /// The secret: from the file, else the environment, else the terminal.
    ///
    /// # Errors
    /// It is nowhere, or cannot be read.
    pub(crate) fn required(
        &self,
        environment: &Environment,
        variable: &str,
        what: &str,
    ) -> Result<Secret, Failure> {
        match self.optional(environment, variable, what)? {
            Some(secret) => Ok(secret),
            None => prompted(what, variable),
        }
    }

    /// The secret, where one was given or the terminal is to be asked.
    ///
    /// # Errors
    /// It cannot be read.
    pub(crate) fn optional(
        &self,
        environment: &Environment,
        variable: &str,
        what: &str,
    ) -> Result<Option<Secret>, Failure> {
        if let Some(path) = &self.secret_file {
            return from_file(path).map(Some);
        }
        if self.prompt {
            return prompted(what, variable).map(Some);
        }
        Ok(environment.given(variable).map(|text| Secret::new(text.to_owned())))
    }
}

/// The first line of a file, which editors and `echo` end with a line break; `-` is standard input.
///
/// # Errors
/// It cannot be read, is empty, or holds more than a line.
pub(crate) fn from_file(path: &Path) -> Result<Secret, Failure> {
    let name = path.display();
    let text = if path == Path::new("-") {
        let mut text = Zeroizing::new(String::new());
        let read = io::stdin().lock().take(MAX_BYTES).read_to_string(&mut text);
        read.map_err(|e| Failure::failed(format!("cannot read standard input: {e}")))?;
        text
    } else {
        Zeroizing::new(
            config::read_file(path)?
                .ok_or_else(|| Failure::new(Exit::Usage, format!("there is no file `{name}`")))?,
        )
    };
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() || line.contains('\n') {
        return Err(Failure::new(Exit::Usage, format!("`{name}` must hold one line, the secret")));
    }
    Ok(Secret::new(line.to_owned()))
}

/// Asks on the terminal, without showing what is typed.
fn prompted(what: &str, variable: &str) -> Result<Secret, Failure> {
    let nowhere = || {
        Failure::new(Exit::Usage, format!("{what} was not given")).with_hint(format!(
            "put it into a file for `--secret-file`, or into the variable `{variable}`"
        ))
    };
    if !io::stdin().is_terminal() {
        return Err(nowhere());
    }
    let text = rpassword::prompt_password(format!("{what}: ")).map_err(|_| nowhere())?;
    let secret = Secret::new(text);
    if secret.expose().is_empty() { Err(nowhere()) } else { Ok(secret) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_file_holds_one_line() {
        let dir = std::env::temp_dir().join(format!("keyward-secret-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let path = dir.join("secret");
        for (text, secret) in
            [("s e cret\n", Some("s e cret")), ("x\r\n", Some("x")), ("x", Some("x"))]
                .into_iter()
                .chain([("", None), ("\n", None), ("a\nb\n", None)])
        {
            std::fs::write(&path, text).unwrap();
            let found = from_file(&path).ok();
            assert_eq!(found.as_ref().map(Secret::expose), secret, "{text:?}");
        }
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
