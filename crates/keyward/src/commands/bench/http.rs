//! Verification over HTTP: the whole program against a bare server and nginx, and how soon after its
//! start it answers.

use super::{
    callgrind,
    client::{self, Connection, Requests},
    contest::{self, Contender},
    installation::{Folder, Installation},
    machine, made, nginx,
    process::Server,
    report::{Report, rounded},
};
use crate::{cli::Bench, commands};
use anyhow::{Result, bail};
use std::{net::SocketAddr, sync::Arc, time::Duration};

/// Different requests of a run, spread over all keys.
const REQUESTS: u64 = 4_096;
/// What every answer of Keyward holds.
pub(super) const VALID: &str = "\"verdict\":\"VALID\"";

/// Measures the start, then the requests.
pub(super) fn run(arguments: &Bench, report: &mut Report) -> Result<()> {
    let runtime = commands::runtime().map_err(|failure| anyhow::anyhow!("{failure}"))?;
    let folder = Folder::new(arguments.folder.as_deref())?;
    report.section(&format!("Start, SQLite, {} keys", arguments.keys));
    let made = runtime.block_on(Installation::make(folder, None, arguments.keys))?;
    let filled = arguments.keys as f64 / made.filled_in;
    report.at_least("keys written a second (20,000 a batch, no fsync)", filled, "keys", 50_000.0);
    let server = start(&made, arguments.keys, report, &runtime)?;
    if arguments.callgrind {
        drop(server);
        return callgrind::run(arguments, report, &runtime);
    }
    compare(&made, server, arguments, report, &runtime)
}

/// From the start of the process to its first right verdict.
fn start(
    made: &Installation,
    keys: u64,
    report: &mut Report,
    runtime: &tokio::runtime::Runtime,
) -> Result<Server> {
    let server = Server::keyward(made, &[])?;
    let request = verify(server.address, made.token.expose(), keys / 2);
    runtime.block_on(first_verdict(server.address, &request))?;
    let seconds = server.started.elapsed().as_secs_f64();
    let promised = if keys > 1_000_000 { 25.0 } else { 2.5 };
    report.at_most("from process start to the first verdict", seconds, "s", promised);
    report.plain("keys loaded a second", &format!("{:.0}", keys as f64 / seconds));
    let cpu = machine::cpu_seconds(server.pid())?;
    report.plain("CPU time of the start, all threads", &format!("{} s", rounded(cpu)));
    Ok(server)
}

/// Asks until the verdict is `VALID`. Until all is loaded a server answers right, or 503.
async fn first_verdict(address: SocketAddr, request: &[u8]) -> Result<()> {
    loop {
        let mut connection = Connection::open(address).await?;
        let answer = connection.ask(request).await?;
        match answer.status {
            200 if answer.is(200, VALID) => return Ok(()),
            503 => tokio::time::sleep(Duration::from_millis(1)).await,
            _ => bail!("an answer that is neither right nor 503:\n{}", answer.shown()),
        }
    }
}

/// Bytes of a right verdict's body.
pub(super) async fn answer_bytes(address: SocketAddr, request: &[u8]) -> Result<usize> {
    let mut connection = Connection::open(address).await?;
    let answer = connection.ask(request).await?;
    if !answer.is(200, VALID) {
        bail!("not a right verdict:\n{}", answer.shown());
    }
    Ok(answer.body.len())
}

fn compare(
    made: &Installation,
    server: Server,
    arguments: &Bench,
    report: &mut Report,
    runtime: &tokio::runtime::Runtime,
) -> Result<()> {
    let token = made.token.expose();
    let request = verify(server.address, token, 0);
    let bytes = runtime.block_on(answer_bytes(server.address, &request))?;
    let folder = made.folder.path();
    report.section(&format!(
        "Verify over HTTP, {} connections, answers of {bytes} bytes, {} rounds of {} s in turn",
        arguments.connections, arguments.rounds, arguments.seconds,
    ));
    let contender = |name, server, wanted| {
        let requests = |address| requests(address, token, arguments.keys);
        Contender::new(name, vec![Arc::new(server)], requests, wanted)
    };
    let mut all = vec![contender("bare hyper", Server::bare(bytes, folder, &[])?, "")?];
    all.push(contender("Keyward", server, VALID)?);
    match nginx::start(token, bytes, folder)? {
        Some(server) => all.push(contender("nginx map + limit_req", server, "")?),
        None => report.note(nginx::MISSING),
    }
    contest::hold(&mut all, arguments, report)?;
    contest::ratio(&all, "Keyward", "bare hyper", 1.10, report);
    contest::ratio(&all, "Keyward", "nginx map + limit_req", 1.15, report);
    Ok(())
}

/// Requests that ask about keys everywhere in the table.
pub(super) fn requests(address: SocketAddr, token: &str, keys: u64) -> Requests {
    let count = REQUESTS.min(keys).max(1);
    Arc::new((0..count).map(|n| verify(address, token, made::mixed(n) % keys.max(1))).collect())
}

/// Asks about key `number`, as a service in front of a chat would.
pub(super) fn verify(address: SocketAddr, token: &str, number: u64) -> Vec<u8> {
    let secret = made::secret(number);
    let body = format!(
        r#"{{"secret":"{}","keyType":"nexus","permissions":{{"all":["{}"]}}}}"#,
        made::text(&secret),
        made::PERMISSION,
    );
    client::request(("POST", "/v1/keys/verify"), address, token, &body)
}
