//! `keyward bench`: the figures of `docs/performance.md`, each beside what it is compared with, taken in
//! one run on one machine. Nothing here passes or fails: the numbers are for a person to read.
//!
//! All traffic goes to 127.0.0.1, to processes that are started here and ended here, on a database
//! made for the run in a folder that goes with it.

// The clock and a few files of the kernel and of this run are what this command is about.
#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock, the kernel's counters and the files of its own run"
)]

mod bare;
mod callgrind;
mod client;
mod console;
mod contest;
mod front;
mod http;
mod import;
mod index;
mod installation;
mod machine;
mod made;
mod nginx;
mod process;
mod reindex;
mod report;
mod revoke;
mod sessions;
mod sign;
mod slow;
mod stream;
mod write;

use crate::{
    cli::{Bench, Figure},
    failure::{Exit, Failure},
};
use anyhow::Result;
use report::Report;
use std::net::SocketAddr;

/// Measures what was asked for and prints it. `listen` is for the bare server alone.
pub(crate) fn run(arguments: &Bench, listen: Option<SocketAddr>) -> Result<Exit, Failure> {
    measure(arguments, listen).map_err(|error| Failure::failed(format!("{error:#}")))?;
    Ok(Exit::Done)
}

fn measure(arguments: &Bench, listen: Option<SocketAddr>) -> Result<()> {
    let mut report = Report::new();
    match arguments.figure {
        Figure::Bare => return bare::serve(arguments.bytes, listen),
        Figure::Digests => {
            callgrind::digest(arguments.bytes);
            return Ok(());
        }
        Figure::Index => index::run(arguments, &mut report),
        Figure::Http => http::run(arguments, &mut report)?,
        Figure::Write => write::run(arguments, &mut report)?,
        Figure::Import => import::run(arguments, &mut report)?,
        Figure::Revoke => revoke::run(arguments, &mut report)?,
        Figure::Gateway => front::gateway(arguments, &mut report)?,
        Figure::Check => front::check(arguments, &mut report)?,
        Figure::Stream => stream::run(arguments, &mut report)?,
        Figure::Sign => sign::run(arguments, &mut report)?,
        Figure::Reindex => reindex::run(arguments, &mut report)?,
        Figure::Slow => slow::run(arguments, &mut report)?,
        Figure::Console => console::run(arguments, &mut report)?,
        Figure::Sessions => sessions::run(arguments, &mut report)?,
        Figure::All => {
            index::run(arguments, &mut report);
            http::run(arguments, &mut report)?;
            write::run(arguments, &mut report)?;
            import::run(arguments, &mut report)?;
            revoke::run(arguments, &mut report)?;
            front::gateway(arguments, &mut report)?;
            front::check(arguments, &mut report)?;
            stream::run(arguments, &mut report)?;
            sign::run(arguments, &mut report)?;
            console::run(arguments, &mut report)?;
        }
    }
    Ok(())
}
