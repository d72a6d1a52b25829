//! Flags of every command that asks the API.

use super::{http::Server, login::Login, tls};
use crate::{
    config::Environment,
    failure::{Exit, Failure},
    secret_source,
};
use clap::Args;
use domain::secret::Secret;
use std::path::PathBuf;
use url::Url;

const SERVER: &str = "KEYWARD_SERVER";
const TOKEN: &str = "KEYWARD_TOKEN";
/// Where `keyward serve` listens when nothing is said.
const DEFAULT_SERVER: &str = "http://127.0.0.1:8080";

/// Whom to ask, as whom, and how to print the answer.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Asking")]
pub(crate) struct ApiOptions {
    /// Address of the server; also `KEYWARD_SERVER` [default: that of the login, else http://127.0.0.1:8080]
    #[arg(long, value_name = "URL", global = true)]
    server: Option<String>,
    /// File with a token, `-` for standard input; also the token itself in `KEYWARD_TOKEN` [default: the login]
    #[arg(long, value_name = "FILE", global = true)]
    token_file: Option<PathBuf>,
    /// PEM file of further authorities to trust; also `KEYWARD_CA_FILE`
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) ca_file: Option<PathBuf>,
    /// Send the token without TLS to a server beyond this machine
    #[arg(long, global = true)]
    plain_http: bool,
    /// Print the API's JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Print only the secret, or only the ids
    #[arg(long, global = true, conflicts_with = "json")]
    pub(crate) quiet: bool,
}

impl ApiOptions {
    /// `--data-dir` asks no server.
    pub(super) fn refuse_beside_data_dir(&self) -> Result<(), Failure> {
        let given =
            [("--server", self.server.is_some()), ("--token-file", self.token_file.is_some())];
        match given.iter().find(|(_, given)| *given) {
            None => Ok(()),
            Some((flag, _)) => Err(Failure::new(
                Exit::Usage,
                format!("`{flag}` and `--data-dir` exclude each other"),
            )
            .with_hint("a server is asked by `--server`; `--data-dir` works on the data itself")),
        }
    }

    /// The server that is meant: flag, environment, login, this machine.
    ///
    /// # Errors
    /// It is no address, or must not be used.
    pub(crate) fn server(
        &self,
        environment: &Environment,
        login: Option<&Login>,
    ) -> Result<Server, Failure> {
        let address = self
            .server
            .as_deref()
            .or_else(|| environment.given(SERVER))
            .or_else(|| login.map(|login| login.server.as_str()))
            .unwrap_or(DEFAULT_SERVER);
        // What a login says of its server holds for no other.
        let login = login.filter(|login| same(&login.server, address));
        let login_file = login.and_then(|login| login.ca_file.clone());
        let ca_file = self.ca_file.clone().or(login_file);
        let plain = self.plain_http || login.is_some_and(|login| login.plain_http);
        Server::new(address, plain, || tls::connector(ca_file.as_deref(), environment))
    }

    /// Whether the server was named, by flag or environment.
    pub(crate) fn names_server(&self, environment: &Environment) -> bool {
        self.server.is_some() || environment.given(SERVER).is_some()
    }

    /// This address in place of the flag's.
    pub(crate) fn with_server(self, address: String) -> Self {
        Self { server: Some(address), ..self }
    }

    pub(crate) fn plain_http(&self) -> bool {
        self.plain_http
    }

    /// The file of `--ca-file`, from wherever the working directory will be.
    pub(crate) fn absolute_ca_file(&self) -> Option<PathBuf> {
        self.ca_file.as_ref().map(|path| std::path::absolute(path).unwrap_or_else(|_| path.clone()))
    }

    /// The token that was given, by file or environment.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn token(&self, environment: &Environment) -> Result<Option<Secret>, Failure> {
        match &self.token_file {
            Some(path) => secret_source::from_file(path).map(Some),
            None => Ok(environment.given(TOKEN).map(|text| Secret::new(text.trim().to_owned()))),
        }
    }
}

/// Whether two addresses are one, however they are written.
fn same(one: &str, other: &str) -> bool {
    matches!((Url::parse(one), Url::parse(other)), (Ok(one), Ok(other)) if one == other)
}

/// Variables of commands that ask the API: none of them is a setting of a server.
pub(crate) const VARIABLES: [&str; 6] = [
    SERVER,
    TOKEN,
    tls::CA_FILE,
    secret_source::SECRET,
    secret_source::PASSWORD,
    secret_source::CLIENT_SECRET,
];
