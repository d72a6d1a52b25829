//! The master key replaced while the server verifies: rows a second that are sealed anew, and how long a
//! verification takes meanwhile, beside how long it takes before.

use super::{
    client::{self, Connection},
    http,
    installation::{Folder, Installation},
    made,
    process::Server,
    report::{Report, quantile, rounded},
};
use crate::{cli::Bench, commands};
use anyhow::{Result, bail};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// KR-03: ten million keys in five minutes.
const ROWS_A_SECOND: f64 = 10_000_000.0 / 300.0;
/// KR-03: verification takes at most so many times as long.
const SLOWER: f64 = 2.0;
const LONGEST: Duration = Duration::from_secs(3_600);

/// What one stretch of asking came to.
#[derive(Default)]
struct Asked {
    took_us: Vec<f64>,
    wrong: u64,
}

pub(super) fn run(arguments: &Bench, report: &mut Report) -> Result<()> {
    report.section(&format!("Replacing the master key, {} keys", arguments.keys));
    let runtime = commands::runtime().map_err(|failure| anyhow::anyhow!("{failure}"))?;
    let folder = Folder::new(arguments.folder.as_deref())?;
    let postgres = arguments.postgres.clone();
    let made = runtime.block_on(Installation::make(folder, postgres, arguments.keys))?;
    let server = Server::keyward(&made, &[])?;
    runtime.block_on(ready(&made, &server))?;
    let time = Duration::from_secs(arguments.seconds.saturating_mul(arguments.rounds));
    let before =
        runtime.block_on(ask(&made, &server, arguments.keys, |began| began.elapsed() > time))?;
    let (seconds, during) = runtime.block_on(replace(&made, &server, arguments.keys))?;
    #[expect(clippy::cast_precision_loss, reason = "a count of keys")]
    let a_second = arguments.keys as f64 / seconds;
    report.at_least("secrets sealed anew", a_second, "a second", ROWS_A_SECOND);
    report.plain("from the command to `retired`", &format!("{} s", rounded(seconds)));
    for (name, part) in [("p50", 0.5), ("p99", 0.99)] {
        let (alone, beside) = (quantile(&before.took_us, part), quantile(&during.took_us, part));
        report
            .plain(&format!("verify over HTTP, alone: {name}"), &format!("{} us", rounded(alone)));
        report.plain(&format!("beside it: {name}"), &format!("{} us", rounded(beside)));
        report.at_most(&format!("beside it / alone: {name}"), beside / alone, "x", SLOWER);
    }
    report.at_most("wrong answers", rounded_count(before.wrong + during.wrong), "answers", 1.0);
    report.note(&format!("{} verifications meanwhile, one after the other", during.took_us.len()));
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a count")]
const fn rounded_count(count: u64) -> f64 {
    count as f64
}

async fn ready(made: &Installation, server: &Server) -> Result<()> {
    let question = http::verify(server.address, made.token.expose(), 0);
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(180) {
        if let Ok(mut connection) = Connection::open(server.address).await
            && connection.ask(&question).await?.status == 200
        {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    bail!("the server is not ready")
}

/// One question after the other, about keys everywhere in the table.
async fn ask(
    made: &Installation,
    server: &Server,
    keys: u64,
    done: impl Fn(Instant) -> bool,
) -> Result<Asked> {
    let mut connection = Connection::open(server.address).await?;
    let (begin, mut asked, mut n) = (Instant::now(), Asked::default(), 0_u64);
    while !done(begin) {
        let question = http::verify(server.address, made.token.expose(), made::mixed(n) % keys);
        n += 1;
        let began = Instant::now();
        let answer = connection.ask(&question).await?;
        // A key that is asked for often is over its limit.
        let right = answer.is(200, http::VALID) || answer.is(200, "\"verdict\":\"RATE_LIMITED\"");
        asked.wrong += u64::from(!right);
        asked.took_us.push(began.elapsed().as_secs_f64() * 1e6);
    }
    Ok(asked)
}

/// Commands it, and asks on until the old key is retired; says how long that took.
async fn replace(made: &Installation, server: &Server, keys: u64) -> Result<(f64, Asked)> {
    let token = made.cluster_token.expose();
    let mut operator = Connection::open(server.address).await?;
    let command = client::request(("POST", "/v1/master-keys/rotate"), server.address, token, "{}");
    let begin = Instant::now();
    let answer = operator.ask(&command).await?;
    if answer.status != 200 {
        bail!("the master key was not rotated:\n{}", answer.shown());
    }
    let over = Arc::new(AtomicBool::new(false));
    let asking = ask(made, server, keys, |_| over.load(Ordering::Relaxed));
    let watching = async {
        let status = client::request(("GET", "/v1/master-keys"), server.address, token, "");
        // Whoever looks counts what is left, which costs something, too.
        let pause = Duration::from_micros(20_000 + 2 * keys);
        let mut outcome = Ok(());
        loop {
            tokio::time::sleep(pause).await;
            match operator.ask(&status).await {
                Ok(answer) if answer.is(200, "\"retired\"") => break,
                Ok(answer) if answer.status != 200 => {
                    outcome = Err(anyhow::anyhow!("no status:\n{}", answer.shown()));
                    break;
                }
                Ok(_) if begin.elapsed() < LONGEST => {}
                Ok(_) => {
                    outcome = Err(anyhow::anyhow!("the old master key does not retire"));
                    break;
                }
                Err(error) => {
                    outcome = Err(error);
                    break;
                }
            }
        }
        let seconds = begin.elapsed().as_secs_f64();
        over.store(true, Ordering::Relaxed);
        outcome.map(|()| seconds)
    };
    let (asked, seconds) = tokio::join!(asking, watching);
    Ok((seconds?, asked?))
}
