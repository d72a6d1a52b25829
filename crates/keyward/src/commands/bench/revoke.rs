//! How soon a revocation holds: from its answer to the first verification that says so, on the node
//! that answered and, on PostgreSQL, on another one.

use super::{
    client::{self, Connection},
    installation::{Folder, Installation},
    made::Pattern,
    process::Server,
    report::{Report, quantile, rounded},
};
use crate::{cli::Bench, commands};
use anyhow::{Result, bail};
use domain::time::Timestamp;
use std::time::{Duration, Instant};

/// Keys that are revoked, one after the other.
const KEYS: u64 = 300;
const REVOKED: &str = "\"verdict\":\"REVOKED\"";
/// Between two questions to the other node.
const PAUSE: Duration = Duration::from_micros(500);

/// On one node, then, where an address is given, on two.
pub(super) fn run(arguments: &Bench, report: &mut Report) -> Result<()> {
    let runtime = commands::runtime().map_err(|failure| anyhow::anyhow!("{failure}"))?;
    report.section(&format!("Revocation, {KEYS} keys one after the other"));
    let folder = Folder::new(arguments.folder.as_deref())?;
    let made = runtime.block_on(Installation::make(folder, None, KEYS))?;
    let server = Server::keyward(&made, &[])?;
    let one = runtime.block_on(revoke_all(&made, &server, &server))?;
    report.plain(
        "same node, SQLite: refused by the very next one",
        &format!("{} of {KEYS}", one.at_once),
    );
    let Some(url) = &arguments.postgres else {
        report.note("name an empty PostgreSQL database with --postgres to measure a second node");
        return Ok(());
    };
    let folder = Folder::new(arguments.folder.as_deref())?;
    let made = runtime.block_on(Installation::make(folder, Some(url.clone()), KEYS))?;
    let (first, second) = (Server::keyward(&made, &[])?, Server::keyward(&made, &[])?);
    let two = runtime.block_on(revoke_all(&made, &first, &second))?;
    for (name, part) in [("p50", 0.5), ("p99", 0.99), ("longest", 1.0)] {
        let ms = quantile(&two.waited_ms, part);
        let name = format!("other node, PostgreSQL: {name}");
        if part > 0.9 && part < 1.0 {
            report.at_most(&name, ms, "ms", 100.0);
        } else {
            report.plain(&name, &format!("{} ms", rounded(ms)));
        }
    }
    Ok(())
}

/// What was seen.
struct Seen {
    /// Keys that the first verification after the answer refused.
    at_once: u64,
    /// From the answer to the first refusal.
    waited_ms: Vec<f64>,
}

async fn revoke_all(made: &Installation, at: &Server, seen_at: &Server) -> Result<Seen> {
    let pattern = Pattern::new(vec![made.tenant], Timestamp::from_millis(0));
    let token = made.token.expose();
    let mut writing = Connection::open(at.address).await?;
    let mut asking = Connection::open(seen_at.address).await?;
    let mut seen = Seen { at_once: 0, waited_ms: Vec::new() };
    for number in 0..KEYS {
        let question = super::http::verify(seen_at.address, token, number);
        let before = asking.ask(&question).await?;
        if !before.is(200, super::http::VALID) {
            bail!("a key that was not revoked yet:\n{}", before.shown());
        }
        let path = format!("/nexus/v3/apikeys/{}", pattern.key(number).id);
        let order = client::request(("PUT", &path), at.address, token, r#"{"revoked":true}"#);
        let answer = writing.ask(&order).await?;
        if answer.status != 200 {
            bail!("a key could not be revoked:\n{}", answer.shown());
        }
        let begin = Instant::now();
        let mut asked = 1_u64;
        while !asking.ask(&question).await?.is(200, REVOKED) {
            asked += 1;
            if begin.elapsed() > Duration::from_secs(10) {
                bail!("a revocation does not reach the other node");
            }
            tokio::time::sleep(PAUSE).await;
        }
        seen.at_once += u64::from(asked == 1);
        seen.waited_ms.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    Ok(seen)
}
