//! `keyward recover`: a cluster person who is locked out gets a new password on the machine itself.
//!
//! Whoever may run this may read the data directory and the master key, so it asks for no password;
//! the audit log names the user of the machine who ran it.

use super::runtime;
use crate::{
    cli,
    config::Config,
    failure::{Exit, Failure},
    first_start::write_private,
    open, operator,
};
use domain::secret::Secret;
use service::{Caller, Context};
use std::io::{self, IsTerminal as _, Write as _};
use zeroize::Zeroizing;

/// The file in the data directory, where standard output is no terminal.
const FILE_NAME: &str = "recovered-credentials";

/// Sets the password and shows it once.
pub(crate) fn run(config: &Config, arguments: &cli::Recover) -> Result<Exit, Failure> {
    let user = &arguments.user;
    let password = runtime()?.block_on(async {
        let service = open::existing(config).await?;
        let context = Context { request_id: "recover".to_owned(), address: None };
        let caller = Caller::local(&operator::name(), context);
        let recovered = service.recover_person(&caller, user).await;
        service.close().await;
        recovered.map_err(|error| refused(user, &error))
    })?;
    let password = password
        .password
        .ok_or_else(|| Failure::failed("the new password was not made; run the command again"))?;
    show(config, user, &password)?;
    Ok(Exit::Done)
}

fn refused(user: &str, error: &service::Error) -> Failure {
    match error {
        service::Error::NotFound => {
            Failure::new(Exit::NotFound, format!("the cluster has no person `{user}`")).with_hint(
                "`--user` names another one; persons of tenants are helped by `keyward persons`",
            )
        }
        other => Failure::failed(format!("`{user}` was not changed: {other}")),
    }
}

/// On the terminal, or in a file for its owner alone: never in a pipe or a log.
fn show(config: &Config, user: &str, password: &Secret) -> Result<(), Failure> {
    let text = Zeroizing::new(format!(
        "{user} has a new password, shown this once; change it after signing in:\n\n  {}\n\nTokens are ended, \
         the lock after failed sign-ins is lifted, and the person is enabled.\n",
        password.expose()
    ));
    let mut terminal = io::stdout();
    if terminal.is_terminal()
        && terminal.write_all(text.as_bytes()).and_then(|()| terminal.flush()).is_ok()
    {
        return Ok(());
    }
    let path = config.data_dir.join(FILE_NAME);
    write_private(&path, text.as_bytes()).map_err(|e| {
        Failure::failed(format!("cannot write the new password to `{}`: {e}", path.display()))
            .with_hint("it is lost: run the command again on a terminal")
    })?;
    let said =
        format!("the new password of {user} is in `{}`: read it and delete it\n", path.display());
    terminal.write_all(said.as_bytes()).map_err(|e| Failure::failed(format!("cannot print: {e}")))
}
