//! Where values come from outside of the program: the environment and files. Nothing else in the
//! process reads them.

use super::Error;
use std::{
    collections::BTreeMap,
    io::Read as _,
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// The environment as it was when the process started. The values are wiped with it.
#[derive(Clone, Default)]
pub(crate) struct Environment(BTreeMap<String, Zeroizing<String>>);

impl Environment {
    /// Takes the process's variables. Names and values that are not UTF-8 cannot be ours.
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub(crate) fn of_process() -> Self {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect()
    }

    /// A variable's value, also when it is empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| value.as_str())
    }

    /// A variable that is set to something. Compose files pass unset variables on as empty ones.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// The same with these besides.
    pub(crate) fn with(mut self, more: impl IntoIterator<Item = (String, String)>) -> Self {
        self.0.extend(more.into_iter().map(|(name, value)| (name, Zeroizing::new(value))));
        self
    }

    /// All that are set to something.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl FromIterator<(String, String)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(variables: I) -> Self {
        Self(variables.into_iter().map(|(name, value)| (name, Zeroizing::new(value))).collect())
    }
}

/// A configuration or a secret that is longer is a mistake, such as the path of a device.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// Reads a text file; `None` when there is none.
///
/// # Errors
/// It exists and cannot be read, is too long, or is not UTF-8.
#[allow(clippy::disallowed_methods, reason = "the one place that reads files")]
pub(crate) fn read_file(path: &Path) -> Result<Option<String>, Error> {
    let failed = |why: &dyn std::fmt::Display| {
        Error::new(format!("cannot read `{}`: {why}", path.display()))
    };
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(failed(&e)),
    };
    let mut text = String::new();
    file.take(MAX_FILE_BYTES + 1).read_to_string(&mut text).map_err(|e| failed(&e))?;
    if text.len() as u64 > MAX_FILE_BYTES {
        return Err(failed(&"longer than 1 MiB"));
    }
    Ok(Some(text))
}

/// A value that says where the real one is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Reference {
    /// `env:NAME`.
    Variable(String),
    /// `file:PATH`; relative to the working directory.
    File(PathBuf),
}

impl Reference {
    /// Reads `env:…` and `file:…`; any other text is a value itself.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Some(name) = text.strip_prefix("env:") {
            Some(Self::Variable(name.to_owned()))
        } else {
            text.strip_prefix("file:").map(|path| Self::File(PathBuf::from(path)))
        }
    }

    /// Fetches the value; it is taken as it is, even if it looks like a reference again. Of a file
    /// the last line end is left out, because editors add one.
    ///
    /// # Errors
    /// No such variable or file.
    pub(crate) fn fetch(&self, environment: &Environment) -> Result<String, Error> {
        match self {
            Self::Variable(name) => environment
                .get(name)
                .map(str::to_owned)
                .ok_or_else(|| Error::new(format!("the environment has no variable `{name}`"))),
            Self::File(path) => {
                let mut text = read_file(path)?
                    .ok_or_else(|| Error::new(format!("there is no file `{}`", path.display())))?;
                if text.ends_with('\n') {
                    text.pop();
                    if text.ends_with('\r') {
                        text.pop();
                    }
                }
                Ok(text)
            }
        }
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "env:{name}"),
            Self::File(path) => write!(f, "file:{}", path.display()),
        }
    }
}
