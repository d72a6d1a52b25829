//! How fast keys are taken over: `POST /v1/keys/import`, durable, on SQLite, round after round into one
//! installation that grows.

use super::{
    client::{self, Connection},
    installation::{Folder, Installation},
    made,
    process::Server,
    report::{Report, median, rounded},
};
use crate::{cli::Bench, commands};
use anyhow::{Result, bail};
use domain::id::TenantId;
use serde_json::json;
use std::time::Instant;

/// Keys of one body.
const KEYS: u64 = 10_000;
/// What every import is to reach, in keys a second.
const PROMISED: f64 = 50_000.0;

/// Takes both forms in turn.
pub(super) fn run(arguments: &Bench, report: &mut Report) -> Result<()> {
    let runtime = commands::runtime().map_err(|failure| anyhow::anyhow!("{failure}"))?;
    let rounds = arguments.rounds;
    report
        .section(&format!("Import, durable, SQLite, {rounds} rounds of {KEYS} keys in each form"));
    let folder = Folder::new(arguments.folder.as_deref())?;
    let made = runtime.block_on(Installation::make(folder, None, 0))?;
    let server = Server::keyward(&made, &[])?;
    let (mut secrets, mut digests) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        let first = 2 * round * KEYS;
        secrets.push(runtime.block_on(brought(&made, &server, first, by_secret))?);
        digests.push(runtime.block_on(brought(&made, &server, first + KEYS, by_digest))?);
    }
    for (name, all) in [("by the secret, kept", &secrets), ("by SHA-256", &digests)] {
        report.at_least(name, median(all), "keys/s", PROMISED);
        let last = all.last().copied().unwrap_or_default();
        report.plain("  the last round of them", &format!("{} keys/s", rounded(last)));
    }
    Ok(())
}

/// Sends one body; returns how many keys were taken over in a second.
async fn brought(
    made: &Installation,
    server: &Server,
    first: u64,
    line: fn(TenantId, u64) -> serde_json::Value,
) -> Result<f64> {
    let body: String =
        (first..first + KEYS).map(|n| format!("{}\n", line(made.tenant, n))).collect();
    let target = ("POST", "/v1/keys/import");
    let token = made.cluster_token.expose();
    let request = client::request_as("application/x-ndjson", target, server.address, token, &body);
    let mut connection = Connection::open(server.address).await?;
    let begin = Instant::now();
    let answer = connection.ask(&request).await?;
    let seconds = begin.elapsed().as_secs_f64();
    let wanted = format!("\"created\":{KEYS},");
    let tail = answer.body.len().saturating_sub(4096);
    let last = String::from_utf8_lossy(answer.body.get(tail..).unwrap_or_default()).into_owned();
    if answer.status != 200 || !last.contains(&wanted) {
        bail!("not every key was taken over: {}", last.lines().last().unwrap_or_default());
    }
    Ok(KEYS as f64 / seconds)
}

fn by_secret(tenant: TenantId, number: u64) -> serde_json::Value {
    let secret = made::secret(number);
    json!({
        "keyType": "nexus", "tenant": tenant.to_string(), "name": format!("API key no. {number}"),
        "secret": made::text(&secret), "permissions": [made::PERMISSION],
    })
}

fn by_digest(tenant: TenantId, number: u64) -> serde_json::Value {
    let digest = made::owned_secret(number).digest();
    let digest: String = digest.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    json!({
        "keyType": "api", "tenant": tenant.to_string(), "name": format!("API key no. {number}"),
        "digest": digest, "permissions": ["orders:read"],
    })
}
