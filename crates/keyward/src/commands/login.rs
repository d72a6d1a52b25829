//! `keyward login` and `keyward logout`: who is signed in, kept in a file of mode 0600.

use super::token::Grant;
use crate::{
    api::{ApiOptions, login, tokens},
    config::Environment,
    failure::{Exit, Failure},
    output,
};
use clap::Args;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

/// Where and as whom to sign in.
#[derive(Args, Debug)]
pub(crate) struct Login {
    #[command(flatten)]
    pub(crate) options: ApiOptions,
    #[command(flatten)]
    grant: Grant,
}

/// `keyward logout`.
#[derive(Args, Debug)]
pub(crate) struct Logout {
    #[command(flatten)]
    options: ApiOptions,
}

/// Signs in and keeps the tokens.
pub(crate) async fn login(arguments: Login, environment: &Environment) -> Result<Exit, Failure> {
    let mut options = arguments.options;
    if !options.names_server(environment) && io::stdin().is_terminal() {
        let address = asked("Server [http://127.0.0.1:8080]")?;
        if !address.is_empty() {
            options = options.with_server(address);
        }
    }
    let mut server = options.server(environment, None)?;
    let grant = match arguments.grant.names_nobody() {
        true => arguments.grant.for_user(user)?,
        false => arguments.grant,
    };
    let answer = grant.ask(&mut server, environment).await?;
    let client = grant.client().to_owned();
    let mut kept = login::Login::new(environment, &server, client, tokens::read(&answer)?)?;
    kept.ca_file = options.absolute_ca_file();
    kept.plain_http = options.plain_http();
    kept.write()?;
    let place = kept.path().display();
    output::warn(&format!("signed in at {}; the tokens are in `{place}`", kept.server))?;
    Ok(Exit::Done)
}

/// Ends the sign-in at the server, and forgets it here whether or not the server could be told.
pub(crate) async fn logout(arguments: Logout, environment: &Environment) -> Result<Exit, Failure> {
    let Some(kept) = login::Login::read(environment)? else {
        return Err(Failure::new(Exit::NotFound, "nobody is signed in"));
    };
    let told = async {
        let mut server = arguments.options.server(environment, Some(&kept))?;
        tokens::revoke(&mut server, &kept).await
    };
    let told = told.await;
    kept.remove()?;
    match told {
        Ok(()) => output::warn("signed out")?,
        Err(failure) => output::warn(&format!(
            "forgotten here, but the server was not told, so the token lives until it ends: {}",
            failure.message()
        ))?,
    }
    Ok(Exit::Done)
}

fn user() -> Result<String, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::new(Exit::Usage, "who signs in was not given")
            .with_hint("name a person by `--user`, or a client by `--client-id`"));
    }
    asked("User (`domain\\name`, or the name alone for the cluster)")
}

/// One line from the terminal.
fn asked(what: &str) -> Result<String, Failure> {
    let failed = |e: io::Error| Failure::failed(format!("cannot ask on the terminal: {e}"));
    let mut terminal = io::stderr().lock();
    write!(terminal, "{what}: ").and_then(|()| terminal.flush()).map_err(failed)?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(failed)?;
    Ok(line.trim().to_owned())
}
