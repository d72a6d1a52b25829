//! What a sign-in at the console asks of the table of sessions while that holds very many, beside what it asks
//! of an empty one: a new session, found by what the browser presents, and noted as seen. The proof of the
//! password, which costs far more by intention, is left out.

use super::{
    installation::Folder,
    made,
    report::{Report, quantile, rounded},
};
use crate::{cli::Bench, commands};
use anyhow::{Context as _, Result};
use domain::{
    id::{PersonId, SessionId},
    secret::SecretDigest,
    session::Session,
    time::Timestamp,
};
use std::time::Instant;
use store::{Bookkeeping, Database, Options, Read, Secret, Store};

/// SE-06: so long may a sign-in take, of which this is a part.
const SIGN_IN_MS: f64 = 50.0;
/// Sign-ins that are measured on either table.
const SIGN_INS: u64 = 2_000;
/// Sessions that are filled in together.
const BATCH: u64 = 5_000;
/// Sessions of one person.
const OF_ONE: u64 = 4;
const DAY_S: i64 = 86_400;

pub(super) fn run(arguments: &Bench, report: &mut Report) -> Result<()> {
    let runtime = commands::runtime().map_err(|failure| anyhow::anyhow!("{failure}"))?;
    report.section(&format!(
        "The table of sessions at a sign-in, {} sessions, {SIGN_INS} sign-ins, durable",
        arguments.sessions
    ));
    let folder = Folder::new(arguments.folder.as_deref())?;
    let at = Timestamp::from_millis(1_767_225_600_000);
    runtime.block_on(async {
        let store = Store::connect(database(arguments, &folder), Options::default()).await?;
        let empty = sign_ins(&store, 0, at).await?;
        let first = SIGN_INS;
        let begin = Instant::now();
        fill(&store, first, arguments.sessions, at).await?;
        let took = rounded(begin.elapsed().as_secs_f64());
        report.note(&format!("filled in within {took} s"));
        let full = sign_ins(&store, first.saturating_add(arguments.sessions), at).await?;
        store.shutdown().await;
        for (name, part) in [("p50", 0.5), ("p99", 0.99)] {
            let (few, many) = (quantile(&empty, part), quantile(&full, part));
            report.plain(&format!("empty: {name}"), &format!("{} ms", rounded(few)));
            report.at_most(&format!("full: {name}"), many, "ms", SIGN_IN_MS);
            report.plain(&format!("full / empty: {name}"), &format!("{} x", rounded(many / few)));
        }
        Ok(())
    })
}

fn database(arguments: &Bench, folder: &Folder) -> Database {
    match &arguments.postgres {
        Some(url) => Database::Postgres { url: Secret::new(url.clone()) },
        None => Database::Sqlite { path: folder.path().join("keyward.db") },
    }
}

/// How long each sign-in took, in milliseconds; `from`: the number of the first one's session.
async fn sign_ins(store: &Store, from: u64, at: Timestamp) -> Result<Vec<f64>> {
    let mut took_ms = Vec::new();
    for n in from..from.saturating_add(SIGN_INS) {
        let begin = Instant::now();
        let (digest, new) = session(n, at);
        let id = new.id;
        store.record(move |b: &mut Bookkeeping| store::sessions::insert(b, &digest, &new)).await?;
        let found = store.read(move |r: &mut Read| store::sessions::find(r, &digest)).await?;
        found.context("a session that was just made is not there")?;
        let seen = at.plus_seconds(60);
        store.record(move |b: &mut Bookkeeping| store::sessions::update_seen(b, id, seen)).await?;
        took_ms.push(begin.elapsed().as_secs_f64() * 1e3);
    }
    Ok(took_ms)
}

async fn fill(store: &Store, from: u64, count: u64, at: Timestamp) -> Result<()> {
    let end = from.saturating_add(count);
    let mut next = from;
    while next < end {
        let batch = next..end.min(next.saturating_add(BATCH));
        next = batch.end;
        let write = move |b: &mut Bookkeeping| -> Result<(), store::Error> {
            for n in batch.clone() {
                let (digest, session) = session(n, at);
                store::sessions::insert(b, &digest, &session)?;
            }
            Ok(())
        };
        store.record(write).await?;
    }
    Ok(())
}

/// The session of this number and what its browser presents, as scattered as drawn ones are.
fn session(n: u64, at: Timestamp) -> (SecretDigest, Session) {
    let session = Session {
        id: SessionId(made::uuid_of(n, 8)),
        person: PersonId(made::uuid_of(n / OF_ONE, 9)),
        authenticated_at: at,
        last_seen_at: at,
        expires_at: at.plus_seconds(DAY_S),
        address: Some("192.0.2.7".to_owned()),
        agent: Some(
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0".to_owned(),
        ),
    };
    (SecretDigest::of(&format!("session {n}")), session)
}
