//! The configuration: what was typed in, and what the process runs with.
//!
//! `definition.rs` lists every setting; `layers.rs` puts flags over environment over file;
//! `given.rs` is the result as typed in, `resolve.rs` makes [`Config`] of it, `show.rs` prints it.
//! Only `source.rs` reads files and the environment.

mod bootstrap;
mod definition;
mod file;
mod given;
mod issuers;
mod layers;
mod listeners;
mod path;
mod resolve;
mod rules;
mod setting;
mod show;
mod source;
mod value;
mod variables;

#[cfg(test)]
mod tests;

pub(crate) use rules::Rules;
pub(crate) use source::{Environment, read_file};

use domain::{allow_list::AllowList, secret::Secret};
use layers::Layers;
use server::{peer::SurfaceSet, tls::TlsFiles};
use service::{bootstrap::Bootstrap, issuers::ConfiguredIssuer};
use std::{
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

/// Names the configuration file.
const CONFIG_VARIABLE: &str = "KEYWARD_CONFIG";
/// The configuration file's name in the data directory.
const FILE_NAME: &str = "keyward.toml";

/// What the process runs with: checked, and every value there.
#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) listeners: Vec<Listener>,
    /// As given; else it follows from the first listener, see [`Config::public_url`].
    given_public_url: Option<String>,
    pub(crate) data_dir: PathBuf,
    pub(crate) database: Database,
    pub(crate) database_connections: usize,
    pub(crate) master_key: MasterKey,
    /// Host names besides that of the public address and loopback's: lower case, without port, IPv6 in brackets.
    pub(crate) hosts: Vec<String>,
    pub(crate) trusted_proxies: AllowList,
    pub(crate) verify_on_loopback: bool,
    pub(crate) nodes: u32,
    pub(crate) stale_after: Duration,
    /// Where metrics are served.
    pub(crate) metrics: Option<SocketAddr>,
    pub(crate) shutdown_delay: Duration,
    pub(crate) shutdown_grace: Duration,
    /// `None`: audit events stay for ever.
    pub(crate) audit_retention_days: Option<u32>,
    /// Seconds.
    pub(crate) session_idle: u32,
    /// Seconds.
    pub(crate) session_lifetime: u32,
    pub(crate) signing_key_days: u32,
    pub(crate) log: Log,
    /// What the first start makes.
    pub(crate) bootstrap: Bootstrap,
    /// Routes of the gateway, policies, and what tenants may bind.
    pub(crate) rules: Rules,
    /// Providers outside that are believed.
    pub(crate) issuers: Vec<ConfiguredIssuer>,
    /// What the operator should know though it is not an error.
    pub(crate) warnings: Vec<String>,
    /// The file that was read.
    pub(crate) file: Option<PathBuf>,
    layers: Layers,
}

/// One address to listen on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Listener {
    pub(crate) address: SocketAddr,
    /// What is served there.
    pub(crate) surfaces: SurfaceSet,
    /// Where its certificate is; `None`: plain HTTP.
    pub(crate) tls: Option<TlsFiles>,
}

/// Which database.
pub(crate) enum Database {
    /// A file in the data directory.
    Sqlite,
    /// This address.
    Postgres(Secret),
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "Sqlite",
            Self::Postgres(_) => "Postgres(…)",
        })
    }
}

/// Where the master keys are.
#[derive(Debug)]
pub(crate) enum MasterKey {
    /// In this file; made at the first start when it is the default one or named so.
    File(PathBuf),
    /// Given as text.
    Text(Secret),
}

/// How to log.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Log {
    pub(crate) json: bool,
    pub(crate) level: String,
}

/// A value given on the command line.
#[derive(Debug)]
pub(crate) struct Flag {
    /// `--listen`.
    pub(crate) name: &'static str,
    /// The setting's path.
    pub(crate) path: &'static str,
    pub(crate) value: String,
}

impl Config {
    /// Finds the file, reads all layers, and checks what they say together.
    ///
    /// # Errors
    /// The first thing that is wrong, with its place and, where one helps, a hint.
    pub(crate) fn load(
        file: Option<&Path>,
        flags: &[Flag],
        environment: &Environment,
    ) -> Result<Self, Error> {
        let named = file
            .map(Path::to_owned)
            .or_else(|| environment.given(CONFIG_VARIABLE).map(PathBuf::from));
        let (path, text) = match named {
            Some(path) => {
                let text = source::read_file(&path)?.ok_or_else(|| {
                    Error::new(format!("there is no configuration file `{}`", path.display()))
                })?;
                (path, Some(text))
            }
            None => {
                // Where the data directory is cannot be asked of the file that lies in it.
                let outside = Layers::read(None, environment, flags)?;
                let path = resolve::data_dir(&outside).join(FILE_NAME);
                let text = source::read_file(&path)?;
                (path, text)
            }
        };
        let layers =
            Layers::read(text.as_deref().map(|t| (path.as_path(), t)), environment, flags)?;
        let mut config = resolve::config(layers)?;
        let own_file = path.parent().is_some_and(|dir| path == dir.join(FILE_NAME));
        let found = file.is_none() && environment.given(CONFIG_VARIABLE).is_none();
        if text.is_some() && found && own_file && path.parent() != Some(config.data_dir.as_path()) {
            return Err(Error::new(format!(
                "`{}` sets `data_dir` to another directory than its own, `{}`",
                path.display(),
                config.data_dir.display()
            ))
            .with_hint("remove `data_dir` there, or name the file with `--config`"));
        }
        config.file = text.is_some().then_some(path);
        for name in variables::unknown_variables(environment) {
            config.warnings.push(format!("the environment variable `{name}` is no setting"));
        }
        Ok(config)
    }

    /// Where clients reach Keyward, given the address that the first listener got (its port may have
    /// been 0).
    pub(crate) fn public_url(&self, first: Option<SocketAddr>) -> String {
        match &self.given_public_url {
            Some(url) => url.clone(),
            None => {
                let encrypted = self.listeners.first().is_some_and(|l| l.tls.is_some());
                listeners::url_of(first.unwrap_or(listeners::LISTEN), encrypted)
            }
        }
    }

    /// The environment's variables that secrets came from, as long as nothing was forgotten.
    pub(crate) fn secret_variables(&self) -> Vec<String> {
        self.layers.secret_variables()
    }

    /// Forgets what only [`Config::to_toml`] needs: a server that runs for months keeps no copy of
    /// the secrets that it was configured with.
    pub(crate) fn forget_given(&mut self) {
        self.layers = Layers::default();
    }

    /// The whole configuration as TOML: secrets hidden, the source of each value beside it;
    /// `explain` adds what each is for.
    pub(crate) fn to_toml(&self, explain: bool) -> String {
        show::toml(self, explain)
    }
}

/// What is wrong with the configuration, in words for the operator. Holds no values of secrets.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Error {
    message: String,
    hint: Option<String>,
}

impl Error {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says where: the source and the setting.
    fn at(self, source: &layers::Source, setting: &str) -> Self {
        let message = match source {
            layers::Source::File { path, line } => {
                format!("`{}` line {line}: `{setting}`: {}", path.display(), self.message)
            }
            layers::Source::Variable(name) => format!("environment `{name}`: {}", self.message),
            layers::Source::Flag(flag) => format!("`{flag}`: {}", self.message),
        };
        Self { message, hint: self.hint }
    }

    /// What could be done about it.
    pub(crate) fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
