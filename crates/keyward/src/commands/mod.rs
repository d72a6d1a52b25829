//! One file a command.

pub(crate) mod ask;
pub(crate) mod audit;
mod audit_verify;
mod backup;
mod bench;
mod clients;
mod completions;
mod config;
mod consents;
mod health;
mod issuers;
mod key_policies;
mod key_types;
mod keys;
mod login;
mod master_key;
mod persons;
mod policies;
mod psk;
mod recover;
mod restore;
mod roles;
mod routes;
mod session;
mod sessions;
mod staging;
mod steps;
mod tenants;
mod token;
mod whoami;

use crate::{
    cli::{Arguments, Audit, Command},
    config::{Config, Environment},
    failure::{Exit, Failure},
    logging, secret_environment, serve,
};

/// Runs what was asked for.
pub(crate) fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let environment = Environment::of_process();
    let settings = &arguments.settings;
    // Who asks the API needs no configuration: it is the server's.
    let command = match arguments.command {
        Command::Ask(command) => return ask::run(*command, settings, environment),
        Command::Audit(Audit::List(list)) => return ask::audit_list(list, settings, environment),
        Command::Audit(Audit::Export(export)) => {
            return ask::audit_export(export, settings, environment);
        }
        other => other,
    };
    let started_anew = matches!(&command, Command::Serve(serve) if serve.secrets_on_stdin);
    let environment =
        if started_anew { secret_environment::join(environment)? } else { environment };
    let mut config = Config::load(settings.config.as_deref(), &settings.flags(), &environment)?;
    if matches!(command, Command::Serve(_)) && !started_anew {
        config.warnings.extend(secret_environment::leave(&config, &environment));
    }
    // https://no-color.org: set to anything but the empty text.
    let colour = environment.given("NO_COLOR").is_none();
    // The secrets in it are in the configuration now; this copy is wiped.
    drop(environment);
    // Figures are easier to read without the events of the installations that they are taken on.
    if !matches!(command, Command::Bench(_)) {
        logging::start(&config.log, colour);
    }
    match command {
        Command::Serve(arguments) => serve::run(config, &arguments),
        Command::Config(arguments) => config::run(&config, &arguments),
        Command::Health => health::run(&config),
        Command::Bench(arguments) => {
            bench::run(&arguments, config.listeners.first().map(|l| l.address))
        }
        Command::Backup(arguments) => backup::run(&config, &arguments),
        Command::Recover(arguments) => recover::run(&config, &arguments),
        Command::Restore(arguments) => restore::run(&config, &arguments),
        Command::Audit(Audit::Verify(arguments)) => audit_verify::run(&config, &arguments),
        // Answered above.
        Command::Ask(_) | Command::Audit(Audit::List(_) | Audit::Export(_)) => Ok(Exit::Done),
    }
}

/// The runtime that every command that opens the database runs on.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Failure::failed(format!("cannot start threads: {e}")))
}
