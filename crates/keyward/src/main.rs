//! Keyward: issues, enforces and audits API keys. This is the process: arguments, configuration,
//! commands, exit codes. What it does is in `service`, how it speaks in `server`.

mod api;
mod authorities;
mod cli;
mod commands;
mod config;
mod failure;
mod first_start;
mod hardening;
mod issuers;
mod listening;
mod logging;
mod mark;
mod open;
mod open_files;
mod operator;
mod output;
mod rules;
mod secret_environment;
mod secret_source;
mod serve;

use clap::Parser as _;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // Before anything secret is read. Where the kernel refuses, `serve` says so.
    drop(hardening::keep_memory_private());
    let arguments = match cli::Arguments::try_parse() {
        Ok(arguments) => arguments,
        // Help and version come this way too. A closed pipe is no reason to fail.
        Err(answer) => {
            let code = if answer.use_stderr() { failure::Exit::Usage } else { failure::Exit::Done };
            drop(answer.print());
            return code.into();
        }
    };
    match commands::run(arguments) {
        Ok(exit) => exit.into(),
        Err(failure) => failure.report(),
    }
}
