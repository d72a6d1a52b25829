//! User instructions a request, counted by `valgrind --tool=callgrind`: two runs of different length,
//! and the difference of their counts, so that start and stop cancel out.

use super::{
    client::{self, Requests, Until},
    http,
    installation::{Folder, Installation},
    made,
    process::{self, Server},
    report::Report,
};
use crate::cli::Bench;
use anyhow::{Context as _, Result, bail};
use domain::secret::SecretDigest;
use std::{hint::black_box, net::SocketAddr, path::Path, process::Command};

/// Few keys: the start is part of each run, and under the instrument everything is fifty times slower.
pub(super) const KEYS: u64 = 1_000;
const SHORT: u64 = 2_000;
const LONG: u64 = 12_000;

/// What the counts are of.
pub(super) const NOTE: &str =
    "the instrument has no SHA-NI, so the digests it counts are the slow ones";

/// Counts of a verification for Keyward, for the bare server, and for the digests alone.
pub(super) fn run(
    arguments: &Bench,
    report: &mut Report,
    runtime: &tokio::runtime::Runtime,
) -> Result<()> {
    report.section("User instructions a request (valgrind --tool=callgrind)");
    let folder = Folder::new(arguments.folder.as_deref())?;
    let made = runtime.block_on(Installation::make(folder, None, KEYS))?;
    let folder = made.folder.path();
    let token = made.token.expose();
    let server = Server::keyward(&made, &[])?;
    let request = http::verify(server.address, token, 0);
    let bytes = runtime.block_on(http::answer_bytes(server.address, &request))?;
    server.stop()?;

    let requests = |address| http::requests(address, token, KEYS);
    let under = wrapper(folder);
    let keyward = a_request(requests, http::VALID, || Server::keyward(&made, &under))?;
    let bare = a_request(requests, "", || Server::bare(bytes, folder, &under))?;
    let digests = 2.0 * of_a_digest(folder)?;
    report.plain("Keyward", &format!("{keyward:.0}"));
    report.plain("bare hyper", &format!("{bare:.0}"));
    report.plain("two digests, without SHA instructions", &format!("{digests:.0}"));
    report.note(NOTE);
    report.at_most("(Keyward - digests) / bare hyper", (keyward - digests) / bare, "x", 1.15);
    Ok(())
}

/// A program under the instrument.
pub(super) fn wrapper(folder: &Path) -> Vec<String> {
    let out = folder.join("callgrind.%p").display().to_string();
    ["valgrind", "--tool=callgrind", &format!("--callgrind-out-file={out}")]
        .map(str::to_owned)
        .to_vec()
}

/// Counts of a server's for one request.
pub(super) fn a_request(
    requests: impl Fn(SocketAddr) -> Requests,
    wanted: &'static str,
    start: impl Fn() -> Result<Server>,
) -> Result<f64> {
    let counted = |count| {
        let server = start()?;
        let all = requests(server.address);
        let tally = client::run(server.address, &all, 1, Until::Count(count), wanted)?;
        if tally.others > 0 {
            bail!("{} answers are not what they should be", tally.others);
        }
        collected(&server.stop()?)
    };
    let (short, long) = (counted(SHORT)?, counted(LONG)?);
    Ok((long - short) / (LONG - SHORT) as f64)
}

/// Counts of one digest: tokens and keys are UUIDs.
pub(super) fn of_a_digest(folder: &Path) -> Result<f64> {
    let counted = |rounds: u64| {
        let wrapper = wrapper(folder);
        let (first, rest) = wrapper.split_first().context("an instrument")?;
        let output = Command::new(first)
            .args(rest)
            .arg(process::this_program()?)
            .args(["bench", "digests", "--bytes", &rounds.to_string()])
            .output()?;
        collected(&String::from_utf8_lossy(&output.stderr))
    };
    Ok((counted(LONG)? - counted(SHORT)?) / (LONG - SHORT) as f64)
}

/// Makes so many digests and ends: what the instrument counts for them.
pub(super) fn digest(rounds: usize) {
    let secret = made::secret(1);
    for _ in 0..rounds {
        black_box(SecretDigest::of(black_box(made::text(&secret))));
    }
}

/// The count in what the instrument wrote: `==42== Collected : 123456`.
fn collected(output: &str) -> Result<f64> {
    let count = output
        .lines()
        .rev()
        .find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    count.with_context(|| format!("valgrind counted nothing:\n{output}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_count_is_read() {
        let output = "==7== \n==7== Events    : Ir\n==7== Collected : 123456\n==7== \n";
        assert_eq!(collected(output).unwrap().to_string(), "123456");
        assert!(collected("nothing").is_err());
    }
}
