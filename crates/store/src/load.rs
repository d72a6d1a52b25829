//! Everything into memory at the start: tenants and principals, then keys, then tokens.
//!
//! One thread reads chunks of rows, the other decodes them, opens the sealed digests and inserts; a
//! chunk is a statement of its own, so no long transaction is held open.

use crate::{
    Error, Live, clients, cors, issuers, key_types, keys, persons, roles, rules, tenants, tokens,
    tx::Read,
};
use domain::{
    actor::PrincipalId,
    id::{KeyId, TenantId},
    secret::SecretDigest,
};
use std::sync::mpsc;
use verifier::{KeyState, LiveSecret, TokenState};

/// Keys of one chunk.
const KEYS: u32 = 4096;
/// Tenants' lists of origins of one chunk.
const CORS: u32 = 1024;
/// Tokens of one chunk.
const TOKENS: u32 = 4096;
/// Chunks that may wait for the thread that inserts.
const AHEAD: usize = 4;

/// What was loaded.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) keys: u64,
    pub(crate) tokens: u64,
    /// Keys that are out of service because a row cannot be read or opened.
    pub(crate) left_out: u64,
}

/// Loads all. What changes meanwhile is applied beside it; the higher version wins.
pub(crate) fn run(r: &mut Read, live: &Live) -> Result<Loaded, Error> {
    apply_tenants(r, live, None)?;
    for of_type in key_types::list(r)? {
        (live.key_types)(of_type);
    }
    load_cors(r, live)?;
    (live.rules)(rules::all(r)?);
    for issuer in issuers::list(r)? {
        (live.issuers)(issuers::IssuerChange::Is(Box::new(issuer)));
    }
    let roles = roles::all(r)?;
    for state in persons::states(r, &roles)? {
        live.verifier.apply_principal(&state);
    }
    for state in clients::states(r, &roles)? {
        live.verifier.apply_principal(&state);
    }
    let mut loaded = load_keys(r, live)?;
    loaded.tokens = load_tokens(r, live)?;
    Ok(loaded)
}

fn load_cors(r: &mut Read, live: &Live) -> Result<(), Error> {
    let mut after = None;
    loop {
        let page = cors::list(r, after, CORS)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = Some(last.tenant);
        page.iter().for_each(|cors| (live.cors)(cors));
    }
}

/// Tenants as memory holds them: one, or all.
pub(crate) fn apply_tenants(
    r: &mut Read,
    live: &Live,
    only: Option<TenantId>,
) -> Result<(), Error> {
    for state in tenants::states(r, only)? {
        live.verifier.apply_tenant(&state);
    }
    Ok(())
}

/// Digests of a principal's access tokens that were not revoked.
pub(crate) fn token_digests_of(
    r: &mut Read,
    principal: PrincipalId,
) -> Result<Vec<SecretDigest>, Error> {
    let id = match principal {
        PrincipalId::Person(id) => id.0,
        PrincipalId::Client(id) => id.0,
    };
    r.query(
        "SELECT digest FROM tokens WHERE principal = $1 AND kind = 0 AND state = 0",
        &[id.as_bytes().into()],
    )?
    .iter()
    .map(|row| row.digest(0))
    .collect()
}

fn load_keys(r: &mut Read, live: &Live) -> Result<Loaded, Error> {
    let (sender, receiver) = mpsc::sync_channel::<keys::Rows>(AHEAD);
    std::thread::scope(|scope| {
        let inserter = scope.spawn(move || {
            let mut loaded = Loaded::default();
            for rows in receiver {
                insert(&rows, live, &mut loaded)?;
            }
            Ok(loaded)
        });
        let mut after: Option<KeyId> = None;
        while let Some(rows) = keys::rows(r, after, KEYS)? {
            after = Some(rows.last);
            if sender.send(rows).is_err() {
                break;
            }
        }
        drop(sender);
        inserter.join().unwrap_or_else(|_| Err(Error::unavailable("the loader stopped")))
    })
}

fn insert(rows: &keys::Rows, live: &Live, loaded: &mut Loaded) -> Result<(), Error> {
    let chunk = rows.decode()?;
    for id in chunk.unreadable {
        leave_out(id, "its row cannot be read", loaded);
    }
    let mut states = Vec::with_capacity(chunk.keys.len());
    for (key, unacknowledged_since, sealed) in chunk.keys {
        let secrets: Vec<LiveSecret> = sealed
            .iter()
            .filter_map(|secret| {
                let digest = (live.opener)(&secret.digest)?;
                Some(LiveSecret { slot: secret.digest.slot, digest, ends_at: secret.ends_at })
            })
            .collect();
        if secrets.len() < sealed.len() {
            leave_out(key.id, "its sealed digest does not open", loaded);
            if secrets.is_empty() {
                continue;
            }
        }
        states.push(KeyState { key, secrets, unacknowledged_since });
    }
    loaded.keys += states.len() as u64;
    live.verifier.apply_keys_bulk(&states);
    Ok(())
}

fn leave_out(id: KeyId, why: &'static str, loaded: &mut Loaded) {
    loaded.left_out += 1;
    tracing::error!(key = %id, why, "a key is out of service");
}

fn load_tokens(r: &mut Read, live: &Live) -> Result<u64, Error> {
    let now = (live.clock.0)().wall;
    let mut loaded = 0;
    let mut after: Option<SecretDigest> = None;
    loop {
        let removals = live.token_removals();
        let chunk: Vec<TokenState> = tokens::live_access(r, now, after.as_ref(), TOKENS)?;
        let Some(last) = chunk.last() else {
            return Ok(loaded);
        };
        let applied = live.unless_removed(removals, || {
            for token in &chunk {
                live.verifier.apply_token(token);
            }
        });
        // A removal came in between: one of these may be gone, so they are read again.
        if applied {
            after = Some(last.digest);
            loaded += chunk.len() as u64;
        }
    }
}
