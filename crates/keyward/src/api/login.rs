//! Who is signed in: a file of mode 0600 with an access token, and with a refresh token where there is
//! one. A token is refreshed when the server refuses it, by one process at a time: a refresh token
//! that is presented twice ends the whole sign-in.

use super::{
    http::Server,
    tokens::{self, Tokens, optional_text, text},
};
use crate::{
    config::{self, Environment},
    failure::{Exit, Failure},
};
use domain::secret::Secret;
use serde::{Deserialize, Serialize};
use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::Write as _,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};
use zeroize::Zeroizing;

/// What `keyward login` keeps.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Login {
    /// The server that the tokens are of.
    pub(crate) server: String,
    /// The client that they were issued to.
    pub(crate) client_id: String,
    #[serde(with = "text")]
    pub(crate) access_token: Secret,
    #[serde(with = "optional_text")]
    pub(crate) refresh_token: Option<Secret>,
    /// Further authorities that the server is known by.
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) plain_http: bool,
    /// Where this lies.
    #[serde(skip)]
    path: PathBuf,
}

impl Login {
    /// A login that is not written yet.
    pub(crate) fn new(
        environment: &Environment,
        server: &Server,
        client_id: String,
        tokens: Tokens,
    ) -> Result<Self, Failure> {
        Ok(Self {
            server: server.url().as_str().to_owned(),
            client_id,
            access_token: tokens.access_token,
            refresh_token: tokens.refresh_token,
            ca_file: None,
            plain_http: false,
            path: path(environment)?,
        })
    }

    /// Reads the login file; `None` when nobody is signed in.
    ///
    /// # Errors
    /// Others may read it, or it is none of ours.
    pub(crate) fn read(environment: &Environment) -> Result<Option<Self>, Failure> {
        match path(environment) {
            Ok(path) => Self::read_at(&path),
            Err(_) => Ok(None),
        }
    }

    fn read_at(path: &Path) -> Result<Option<Self>, Failure> {
        let Ok(about) = std::fs::metadata(path) else { return Ok(None) };
        if about.mode() & 0o077 != 0 {
            return Err(Failure::new(
                Exit::Usage,
                format!("others may read the login file `{}`", path.display()),
            )
            .with_hint("delete it and sign in again with `keyward login`"));
        }
        let Some(text) = config::read_file(path)?.map(Zeroizing::new) else { return Ok(None) };
        let login: Self = serde_json::from_str(&text).map_err(|_| {
            Failure::new(Exit::Usage, format!("`{}` is not a login file", path.display()))
                .with_hint("delete it and sign in again with `keyward login`")
        })?;
        Ok(Some(Self { path: path.to_owned(), ..login }))
    }

    /// Writes the file anew: whole or not at all, and for its owner alone.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn write(&self) -> Result<(), Failure> {
        let failed = |e: std::io::Error| {
            Failure::failed(format!("cannot write `{}`: {e}", self.path.display()))
        };
        make_folder(&self.path).map_err(failed)?;
        let text = Zeroizing::new(serde_json::to_vec_pretty(self).unwrap_or_default());
        let beside = self.path.with_extension("new");
        match std::fs::remove_file(&beside) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(failed(e)),
            _ => {}
        }
        let write = || {
            let mut file =
                OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
            file.write_all(&text)?;
            file.sync_all()?;
            std::fs::rename(&beside, &self.path)
        };
        write().map_err(failed)
    }

    /// Forgets who was signed in.
    ///
    /// # Errors
    /// The file cannot be removed.
    pub(crate) fn remove(&self) -> Result<(), Failure> {
        std::fs::remove_file(&self.path)
            .map_err(|e| Failure::failed(format!("cannot remove `{}`: {e}", self.path.display())))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Takes a fresh token, from the file if another process was faster. `false`: there is none.
    pub(super) async fn refresh(&mut self, server: &mut Server) -> Result<bool, Failure> {
        let _turn = self.turn()?;
        // Who signed out meanwhile, or in to another server, has no token for this one any more.
        let now = Self::read_at(&self.path)?.filter(|now| now.server == self.server);
        let Some(now) = now else { return Ok(false) };
        if now.access_token.expose() != self.access_token.expose() {
            *self = now;
            return Ok(true);
        }
        let Some(refresh) = &self.refresh_token else { return Ok(false) };
        let form = [
            ("grant_type", "refresh_token"),
            ("client_id", self.client_id.as_str()),
            ("client_secret", ""),
            ("refresh_token", refresh.expose()),
        ];
        let Ok(answer) = tokens::ask(server, &form).await else { return Ok(false) };
        let tokens = tokens::read(&answer)?;
        self.access_token = tokens.access_token;
        self.refresh_token = tokens.refresh_token.or(self.refresh_token.take());
        self.write()?;
        Ok(true)
    }

    /// Waits until no other process refreshes.
    fn turn(&self) -> Result<File, Failure> {
        let path = self.path.with_extension("lock");
        let open = || {
            make_folder(&path)?;
            let file = OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o600)
                .open(&path)?;
            file.lock()?;
            Ok(file)
        };
        open().map_err(|e: std::io::Error| {
            Failure::failed(format!("cannot lock `{}`: {e}", path.display()))
        })
    }
}

/// `credentials` in the user's configuration folder.
fn path(environment: &Environment) -> Result<PathBuf, Failure> {
    let folder = match (environment.given("XDG_CONFIG_HOME"), environment.given("HOME")) {
        // https://specifications.freedesktop.org/basedir-spec: a relative one is to be ignored.
        (Some(folder), _) if Path::new(folder).is_absolute() => PathBuf::from(folder),
        (_, Some(home)) => Path::new(home).join(".config"),
        (_, None) => {
            return Err(Failure::new(Exit::Usage, "there is no place for the login file")
                .with_hint("set `HOME` or `XDG_CONFIG_HOME`, or give a token by `KEYWARD_TOKEN`"));
        }
    };
    Ok(folder.join("keyward").join("credentials"))
}

fn make_folder(file: &Path) -> std::io::Result<()> {
    let Some(folder) = file.parent() else { return Ok(()) };
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn login(server: &str, token: &str, path: &Path) -> Login {
        Login {
            server: server.to_owned(),
            client_id: "cli".to_owned(),
            access_token: Secret::new(token.to_owned()),
            refresh_token: None,
            ca_file: None,
            plain_http: false,
            path: path.to_owned(),
        }
    }

    #[tokio::test]
    async fn a_token_of_a_login_elsewhere_goes_to_no_other_server() {
        let folder = std::env::temp_dir().join(format!("keyward-login-{}", std::process::id()));
        let path = folder.join("credentials");
        let (ours, other) = ("http://127.0.0.1:1/", "http://127.0.0.2:1/");
        let none = || Err(Failure::failed("TLS is asked for"));
        let mut server = Server::new(ours, false, none).unwrap();
        let mut held = login(ours, "ended", &path);
        login(ours, "fresh", &path).write().unwrap();
        assert!(held.refresh(&mut server).await.unwrap(), "another process was faster");
        assert_eq!(held.access_token.expose(), "fresh");
        login(other, "of the other", &path).write().unwrap();
        assert!(!held.refresh(&mut server).await.unwrap(), "the file is of another server now");
        assert_eq!(held.access_token.expose(), "fresh");
        held.remove().unwrap();
        held.refresh_token = Some(Secret::new("r".to_owned()));
        assert!(!held.refresh(&mut server).await.unwrap(), "whoever signed out stays so");
        assert!(!path.exists());
        std::fs::remove_dir_all(folder).unwrap();
    }
}
