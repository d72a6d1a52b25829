//! One file a command.

mod audit_verify;
mod bench;
mod config;

use crate::{
    cli::{Arguments, Audit, Command},
    config::{Config, Environment},
    failure::{Exit, Failure},
    logging, serve,
};

/// Runs what was asked for.
pub(crate) fn run(arguments: Arguments) -> Result<Exit, Failure> {
    let environment = Environment::of_process();
    let settings = &arguments.settings;
    let config = Config::load(settings.config.as_deref(), &settings.flags(), &environment)?;
    // https://no-color.org: set to anything but the empty text.
    let colour = environment.given("NO_COLOR").is_none();
    // The secrets in it are in the configuration now; this copy is wiped.
    drop(environment);
    // Figures are easier to read without the events of the installations that they are taken on.
    if !matches!(arguments.command, Command::Bench(_)) {
        logging::start(&config.log, colour);
    }
    match arguments.command {
        Command::Serve(arguments) => serve::run(config, &arguments),
        Command::Config(arguments) => config::run(&config, &arguments),
        Command::Bench(arguments) => {
            bench::run(&arguments, config.listeners.first().map(|l| l.address))
        }
        Command::Audit(Audit::Verify(arguments)) => audit_verify::run(&config, &arguments),
    }
}

/// The runtime that every command that opens the database runs on.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|e| Failure::failed(format!("cannot start threads: {e}")))
}
