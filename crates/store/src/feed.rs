//! How this node learns what other nodes of one `PostgreSQL` wrote.
//!
//! The `changes` table is the truth; NOTIFY only wakes the reader, and a read every 250 ms is both
//! the fallback and the proof of freshness. On `SQLite` there is one process and nothing to learn: a
//! clock tick is the proof.

use crate::{
    Clock, Error, Live,
    changes::{Apply, digest_from_hex, kind},
    clients, cors,
    dialect::Dialect,
    issuers, key_types, keys, load, master_keys, persons,
    position::{Position, Snapshot},
    postgres_pool::PostgresPool,
    rules, tokens,
    tx::{Bookkeeping, Read},
    value::Row,
};
use domain::{
    actor::PrincipalId,
    id::{FamilyId, KeyId, TenantId},
    secret::SecretDigest,
};
use std::{
    collections::HashSet,
    sync::{Arc, OnceLock},
    time::Duration,
};
use tokio::{runtime::Handle, sync::Notify};
use verifier::Verifier;

const EVERY: Duration = Duration::from_millis(250);
/// Rows of one read.
const ROWS: i64 = 50_000;
/// How far back a start looks for numbers whose transactions were under way.
const LOOK_BACK: i64 = 10_000;

/// Only `PostgreSQL` runs these two. The snapshot is the statement's own, so rows and snapshot agree.
const START: &str = "SELECT c.seq, s.oldest, s.next
    FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest,
                 pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next) s
    LEFT JOIN changes c ON c.seq > (SELECT max(seq) FROM changes) - $1
    ORDER BY c.seq";
const NEXT: &str = "SELECT c.seq, s.oldest, s.next, c.kind, c.id, c.version
    FROM (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest,
                 pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next) s
    LEFT JOIN changes c ON c.seq >= $1 OR c.seq = ANY (string_to_array($2, ',')::bigint[])
    ORDER BY c.seq LIMIT $3";
/// Both databases: all but the newest rows go. The last one stays, a position needs it.
const PRUNE: &str = "DELETE FROM changes WHERE seq IN (
    SELECT seq FROM changes WHERE seq <= (SELECT max(seq) FROM changes) - $1 ORDER BY seq LIMIT 20000)";
/// Rows that are kept for nodes that are behind. A node that is further behind starts anew.
const KEPT: i64 = 1_000_000;
/// `SQLite` has no other nodes.
const KEPT_ALONE: i64 = 1;

/// The reader's place in the feed.
pub(crate) struct Feed {
    position: Position,
}

impl Feed {
    /// Stands behind everything visible now. What is under way now will be seen as a gap that fills.
    pub(crate) fn start(r: &mut Read) -> Result<Self, Error> {
        let rows = r.query(START, &[LOOK_BACK.into()])?;
        let (numbers, snapshot) = seen(&rows)?;
        let mut position = Position::after(numbers.first().copied().unwrap_or(0));
        position.see(numbers, snapshot);
        Ok(Self { position })
    }

    /// Reads and applies what became visible.
    pub(crate) fn read(&mut self, r: &mut Read, live: &Live) -> Result<(), Error> {
        master_keys::require_here(r, live)?;
        look_again(r, live)?;
        loop {
            let rows = r.query(
                NEXT,
                &[self.position.highest().into(), self.position.missing().into(), ROWS.into()],
            )?;
            let (numbers, snapshot) = seen(&rows)?;
            let highest = self.position.highest();
            if highest > 0 && !numbers.contains(&highest) {
                return Err(Error::Unusable(
                    "this node is too far behind the change feed: restart it".to_owned(),
                ));
            }
            let full = i64::try_from(numbers.len()).is_ok_and(|n| n == ROWS);
            let mut done = HashSet::new();
            if !numbers.is_empty() {
                for row in &rows {
                    if row.int(0)? == highest {
                        continue; // Seen before; it only says that nothing was pruned past it.
                    }
                    let (kind, id, version) = (row.int(3)?, row.text(4)?, row.u32(5)?);
                    if live.is_own(kind, &id, version) || !done.insert((kind, id.clone())) {
                        continue;
                    }
                    refresh(r, live, kind, &id)?;
                }
            }
            // Only now: what failed above is read again.
            self.position.see(numbers, snapshot);
            if !full {
                return Ok(());
            }
        }
    }
}

/// Reads what this node wrote without learning whether it was committed.
fn look_again(r: &mut Read, live: &Live) -> Result<(), Error> {
    loop {
        // Taken out only when it was read: a failure here must not lose it.
        let Some((kind, id)) = live.doubtful().last().cloned() else { return Ok(()) };
        refresh(r, live, kind, &id)?;
        live.doubtful().retain(|doubtful| *doubtful != (kind, id.clone()));
    }
}

/// Tells `verifier` what one thing is now.
fn refresh(r: &mut Read, live: &Live, kind: i64, id: &str) -> Result<(), Error> {
    match kind {
        kind::TENANT => {
            let id = TenantId::parse(id).map_err(|_| unknown(id))?;
            load::apply_tenants(r, live, Some(id))?;
        }
        kind::PRINCIPAL => {
            let state = match PrincipalId::parse(id).map_err(|_| unknown(id))? {
                PrincipalId::Person(id) => persons::state(r, id)?,
                PrincipalId::Client(id) => clients::state(r, id)?,
            };
            if let Some(state) = state {
                live.apply_one(Apply::Principal(Box::new(state)));
            }
        }
        kind::KEY => {
            if let Some(apply) = keys::current(r, KeyId::parse(id).map_err(|_| unknown(id))?)? {
                live.apply_one(apply);
            }
        }
        kind::TOKEN => {
            refresh_token(r, live, &digest_from_hex(id).ok_or_else(|| unknown(id))?)?;
        }
        kind::FAMILY_REMOVED => {
            let family = FamilyId::parse(id).map_err(|_| unknown(id))?;
            live.apply_one(Apply::FamilyRemoved(family));
        }
        kind::TOKENS_OF_REMOVED => {
            let principal = PrincipalId::parse(id).map_err(|_| unknown(id))?;
            live.apply_one(Apply::TokensOfRemoved(principal));
            // A token that was issued after the removal may have been applied before it.
            for digest in load::token_digests_of(r, principal)? {
                refresh_token(r, live, &digest)?;
            }
        }
        kind::KEY_TYPE => {
            let (tenant, name) = key_types::of_change_id(id).ok_or_else(|| unknown(id))?;
            if let Some(of_type) = key_types::find(r, tenant, name)? {
                live.apply_one(Apply::KeyType(Box::new(of_type)));
            }
        }
        kind::CORS => {
            let tenant = TenantId::parse(id).map_err(|_| unknown(id))?;
            if let Some(cors) = cors::find(r, tenant)? {
                live.apply_one(Apply::Cors(Box::new(cors)));
            }
        }
        kind::ISSUER => (live.issuers)(issuers::change(r, id)?),
        kind::SIGNING_KEYS => {
            live.apply_one(Apply::SigningKeys(TenantId::parse(id).map_err(|_| unknown(id))?));
        }
        kind::POLICY | kind::GATEWAY_ROUTE => (live.rules)(rules::all(r)?),
        // A newer program's: it knows what it does to older nodes.
        _ => tracing::warn!(kind, "a change of an unknown kind was passed over"),
    }
    Ok(())
}

/// Tells `verifier` what a write of this node changed. `removals` were counted before the commit: a
/// token that someone revoked between that commit and here must not come back into memory.
pub(crate) fn apply_own(r: &mut Read, live: &Live, removals: u64, applies: Vec<Apply>) {
    for apply in applies {
        let Apply::Token(state) = apply else {
            live.apply_one(apply);
            continue;
        };
        if !live.unless_removed(removals, || live.verifier.apply_token(&state))
            && let Err(error) = refresh_token(r, live, &state.digest)
        {
            // Memory goes without it; whoever presents it is answered from the database.
            tracing::warn!(%error, "a new token could not be read again");
        }
    }
}

/// Tells `verifier` what one token is now, and returns it if it lives.
pub(crate) fn refresh_token(
    r: &mut Read,
    live: &Live,
    digest: &SecretDigest,
) -> Result<Option<verifier::TokenState>, Error> {
    loop {
        let removals = live.token_removals();
        let state = tokens::state(r, digest)?;
        let done = match &state {
            None => {
                live.apply_one(Apply::TokenRemoved(*digest));
                true
            }
            Some(state) => live.unless_removed(removals, || live.verifier.apply_token(state)),
        };
        if done {
            return Ok(state);
        }
    }
}

fn seen(rows: &[Row]) -> Result<(Vec<i64>, Snapshot), Error> {
    let first = rows.first().ok_or_else(|| Error::corrupt("the feed has no snapshot"))?;
    let snapshot = Snapshot { oldest: first.int(1)?, next: first.int(2)? };
    // The snapshot comes even where no change does.
    let numbers =
        rows.iter().filter_map(|row| row.opt_int(0).transpose()).collect::<Result<_, _>>()?;
    Ok((numbers, snapshot))
}

fn unknown(id: &str) -> Error {
    Error::corrupt(format!("a change names what is not an id: {id}"))
}

/// Reads the feed until the task is aborted.
pub(crate) async fn follow(
    mut feed: Feed,
    pool: PostgresPool,
    live: Arc<OnceLock<Live>>,
    wake: Arc<Notify>,
) {
    let mut failing = false;
    loop {
        let (ours, lives) = (pool.clone(), Arc::clone(&live));
        let runtime = Handle::current();
        let done = tokio::task::spawn_blocking(move || {
            let result = read_once(&mut feed, &ours, &lives, &runtime);
            (feed, result)
        });
        let result;
        (feed, result) = match done.await {
            Ok(done) => done,
            Err(error) => {
                // The position went with it; without a position nothing is known to be fresh.
                tracing::error!(%error, "the change feed stopped; this node answers 503 from now on");
                return;
            }
        };
        match result {
            Ok(()) => failing = false,
            Err(error) if !failing => {
                failing = true;
                tracing::warn!(%error, source = ?std::error::Error::source(&error), "the change feed cannot be read");
            }
            Err(_) => {}
        }
        let _ = tokio::time::timeout(EVERY, wake.notified()).await;
    }
}

pub(crate) fn read_once(
    feed: &mut Feed,
    pool: &PostgresPool,
    live: &OnceLock<Live>,
    runtime: &Handle,
) -> Result<(), Error> {
    let Some(live) = live.get() else {
        return Ok(());
    };
    // Fresh as of before the read: what is written during it may be missing.
    let began = (live.clock.0)().mono_ns;
    let mut r = pool.connection(runtime)?;
    feed.read(&mut r, live)?;
    live.verifier.confirm_fresh(began);
    Ok(())
}

/// Removes rows of the feed that no node needs any more. Returns whether there may be more.
pub(crate) fn prune(b: &mut Bookkeeping) -> Result<bool, Error> {
    let kept = match b.driver.dialect() {
        Dialect::Sqlite => KEPT_ALONE,
        Dialect::Postgres => KEPT,
    };
    b.execute(PRUNE, &[kept.into()]).map(|rows| rows > 0)
}

/// `SQLite`: this process wrote all there is, so memory is as fresh as the process is alive.
pub(crate) async fn tick(verifier: Arc<Verifier>, clock: Clock) {
    loop {
        verifier.confirm_fresh((clock.0)().mono_ns);
        tokio::time::sleep(EVERY).await;
    }
}
