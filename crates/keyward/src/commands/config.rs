//! `keyward config`: the configuration as it was understood.

use crate::{
    cli::ShowConfig,
    config::Config,
    failure::{Exit, Failure},
};
use std::io::Write as _;

/// Prints it as TOML.
pub(crate) fn run(config: &Config, arguments: &ShowConfig) -> Result<Exit, Failure> {
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    match std::io::stdout().lock().write_all(config.to_toml(arguments.explain).as_bytes()) {
        // `keyward config | head` is no failure.
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::failed(format!("cannot print: {e}")))
        }
        _ => Ok(Exit::Done),
    }
}
