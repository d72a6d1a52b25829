//! Creating keys over HTTP, durable, on SQLite, against the same statements in the same batches on the
//! same disk with nothing around them.

use super::{
    client::{self, Until},
    installation::{self, Folder, Installation},
    made::Pattern,
    process::Server,
    report::{Report, median, rounded},
};
use crate::{cli::Bench, commands};
use anyhow::{Result, bail};
use domain::{audit::AuditEvent, id::Scope, key::Key, secret::SecretDigest, time::Timestamp};
use service::clock::Clock;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use store::{StoredSecret, plain::PlainWriter};

/// Callers at once.
const CALLERS: usize = 64;
/// Keys that are made ready for a round of the plain writer.
const READY: u64 = 20_000;

/// Takes both in turn.
pub(super) fn run(arguments: &Bench, report: &mut Report) -> Result<()> {
    let runtime = commands::runtime().map_err(|failure| anyhow::anyhow!("{failure}"))?;
    report.section(&format!(
        "Create, durable, SQLite, {CALLERS} callers, {} rounds of {} s in turn",
        arguments.rounds, arguments.seconds,
    ));
    let installation = || {
        let folder = Folder::new(arguments.folder.as_deref())?;
        runtime.block_on(Installation::make(folder, None, 0))
    };
    let (served, plain) = (installation()?, installation()?);
    let server = Server::keyward(&served, &[])?;
    let time = Duration::from_secs(arguments.seconds);
    let (mut over_http, mut raw) = (Vec::new(), Vec::new());
    for round in 0..arguments.rounds {
        over_http.push(creates(&server, &served, time)?);
        raw.push(runtime.block_on(statements(&plain, time, round))?);
    }
    let ratios: Vec<f64> = over_http.iter().zip(&raw).map(|(a, b)| a / b).collect();
    report.plain("POST /nexus/v3/apikeys, a second", &rounded(median(&over_http)));
    report.plain("the same statements alone, a second", &rounded(median(&raw)));
    report.at_least("over HTTP / the statements alone", median(&ratios), "x", 0.60);
    Ok(())
}

fn creates(server: &Server, installation: &Installation, time: Duration) -> Result<f64> {
    let tenant = installation.tenant;
    let body = format!(
        r#"{{"enabled":true,"tenant":"{tenant}","name":"API key for bench","permissions":["nexus:consumer:chat"]}}"#
    );
    let target = ("POST", "/nexus/v3/apikeys");
    let request = client::request(target, server.address, installation.token.expose(), &body);
    let until = Until::Over(time);
    let tally = client::run(
        server.address,
        &Arc::new(vec![request]),
        CALLERS,
        until,
        "nexus:consumer:chat",
    )?;
    if tally.others > 0 {
        bail!("{} of {} keys were not created", tally.others, tally.requests);
    }
    Ok(tally.a_second())
}

type Ready = (Key, StoredSecret, SecretDigest, Vec<[u8; 32]>);

/// The statements of a creation, `CALLERS` of them in a commit, from one thread.
async fn statements(installation: &Installation, time: Duration, round: u64) -> Result<f64> {
    let at = Clock::system(Timestamp::from_millis(0)).wall();
    let scope = Scope::Tenant(installation.tenant);
    let (store, keyring) = installation.started().await?;
    let (unlocked, _) = installation.unlocked(&store).await?;
    store.shutdown().await;
    drop(store);
    let pattern = Pattern::new(vec![installation.tenant], at);
    let ready: Vec<Ready> = (round * READY..(round + 1) * READY)
        .map(|number| {
            let (key, secret) = (pattern.key(number), super::made::owned_secret(number));
            let stored = keyring.seal_secret(&key, 0, &secret, true)?;
            let digest = secret.digest();
            Ok((key, stored, digest, keyring.lookups(&digest)))
        })
        .collect::<Result<_>>()?;
    let path = installation.data().join("keyward.db");
    let mut writer = PlainWriter::open(&path, unlocked, installation::clock())?;
    let mut written = 0_usize;
    let begin = Instant::now();
    for batch in ready.chunks(CALLERS) {
        writer.commit(batch, |tx, (key, stored, digest, lookups)| {
            store::tenants::find_by_id(tx, installation.tenant)?;
            store::keys::lookup_taken(tx, lookups)?;
            store::keys::insert(tx, key, std::slice::from_ref(stored), &[*digest])?;
            let subject = ("key", key.id.to_string());
            Ok(AuditEvent::new("key.create", scope, installation::origin(at), subject)
                .after(key.facts()))
        })?;
        written += batch.len();
        if begin.elapsed() >= time {
            break;
        }
    }
    Ok(written as f64 / begin.elapsed().as_secs_f64())
}
