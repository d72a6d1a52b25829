//! The issuers in memory: those of the configuration and those of tenants, and what is kept for them.

use super::provider::Provider;
use arc_swap::ArcSwap;
use domain::{
    actor::PrincipalId,
    id::{IssuerId, PersonId, Scope},
    issuer::Issuer,
    policy::Source,
    secret::{Secret, SecretDigest},
    time::Timestamp,
};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use store::issuers::IssuerChange;

/// Tokens of callers that are remembered. Full, it begins anew: each is only checked once more.
const MAX_TOKENS: usize = 10_000;
/// A token is remembered for so long at most.
const REMEMBERED_MS: i64 = 300_000;
/// Persons of whom it is remembered when their issuer spoke of them last.
const MAX_PERSONS: usize = 100_000;

/// An issuer of the configuration, and the secret by which it knows us.
#[derive(Debug)]
pub struct ConfiguredIssuer {
    /// The issuer.
    pub issuer: Issuer,
    /// The secret; `None`: we are a public client.
    pub secret: Option<Secret>,
}

/// An issuer that is in force.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(super) issuer: Arc<Issuer>,
    /// Of the configuration alone; those of tenants are read when they are needed.
    pub(super) secret: Option<Arc<Secret>>,
    pub(super) provider: Arc<Provider>,
}

/// All issuers of the installation.
#[derive(Debug, Default)]
pub struct KnownIssuers {
    current: ArcSwap<Snapshot>,
    parts: Mutex<Parts>,
    tokens: Mutex<HashMap<SecretDigest, Remembered>>,
    spoken: Mutex<HashMap<PersonId, i64>>,
}

/// The issuers as of one instant.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    /// Counts the snapshots.
    pub(super) generation: u64,
    /// The configuration's first, then the oldest.
    pub(super) entries: Vec<Entry>,
}

#[derive(Debug, Default)]
struct Parts {
    configured: Vec<Entry>,
    stored: BTreeMap<IssuerId, Entry>,
    /// Ids that were deleted: none comes back.
    gone: HashSet<IssuerId>,
}

/// A token that was checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Remembered {
    pub(super) generation: u64,
    pub(super) principal: PrincipalId,
    pub(super) until: Timestamp,
}

impl KnownIssuers {
    pub(super) fn current(&self) -> Arc<Snapshot> {
        self.current.load_full()
    }

    /// Takes the issuers of the configuration over, in place of those before.
    pub(super) fn configure(&self, configured: Vec<ConfiguredIssuer>) {
        let mut parts = lock(&self.parts);
        let entry = |one: ConfiguredIssuer| Entry {
            issuer: Arc::new(one.issuer),
            secret: one.secret.map(Arc::new),
            provider: Arc::default(),
        };
        parts.configured = configured.into_iter().map(entry).collect();
        self.renew(&parts);
    }

    /// Takes over what became of an issuer of the database, unless something newer is known of it.
    pub(crate) fn apply(&self, change: IssuerChange) {
        let mut parts = lock(&self.parts);
        match change {
            IssuerChange::Gone(id) => {
                parts.gone.insert(id);
                parts.stored.remove(&id);
            }
            IssuerChange::Is(issuer) if parts.gone.contains(&issuer.id) => return,
            IssuerChange::Is(issuer) => {
                let known = parts.stored.get(&issuer.id);
                let version = |issuer: &Issuer| issuer.source.version();
                if known.is_some_and(|known| version(&known.issuer) >= version(&issuer)) {
                    return;
                }
                let provider = known.map(|known| Arc::clone(&known.provider)).unwrap_or_default();
                let id = issuer.id;
                let issuer = Arc::new(*issuer);
                parts.stored.insert(id, Entry { issuer, secret: None, provider });
            }
        }
        self.renew(&parts);
    }

    /// Every issuer, whether or not it is in force: of the configuration, then of the database.
    pub(crate) fn all(&self) -> Vec<Arc<Issuer>> {
        let parts = lock(&self.parts);
        let all = parts.configured.iter().chain(parts.stored.values());
        all.map(|entry| Arc::clone(&entry.issuer)).collect()
    }

    /// Whether the configuration has an enabled issuer of this `iss` for this scope.
    pub(crate) fn is_configured(&self, scope: Scope, issuer: &str) -> bool {
        let is = |of: &Issuer| of.scope == scope && of.issuer == issuer && of.enabled;
        lock(&self.parts).configured.iter().any(|entry| is(&entry.issuer))
    }

    fn renew(&self, parts: &Parts) {
        let mut entries = parts.configured.clone();
        let mut stored: Vec<&Entry> = parts.stored.values().collect();
        stored.sort_by_key(|entry| (created_at(&entry.issuer), entry.issuer.id));
        for entry in stored {
            let issuer = &entry.issuer;
            let hidden = parts.configured.iter().any(|other| {
                let other = &other.issuer;
                other.scope == issuer.scope
                    && (other.name == issuer.name || other.issuer == issuer.issuer)
            });
            if hidden {
                tracing::error!(issuer = %issuer.id, "an issuer is not in force: the configuration has it");
            } else if let Err(bad) = issuer.check() {
                tracing::error!(issuer = %issuer.id, field = bad.field, "an issuer is not in force");
            } else {
                entries.push(entry.clone());
            }
        }
        let generation = self.current.load().generation.wrapping_add(1);
        self.current.store(Arc::new(Snapshot { generation, entries }));
        lock(&self.tokens).clear();
    }

    /// Whose token this is, if it was checked a moment ago and nothing has changed since.
    pub(super) fn remembered(&self, digest: &SecretDigest, now: Timestamp) -> Option<PrincipalId> {
        let generation = self.current.load().generation;
        let found = lock(&self.tokens).get(digest).copied()?;
        (found.generation == generation && now < found.until).then_some(found.principal)
    }

    /// Remembers whose token this is.
    pub(super) fn remember(&self, digest: SecretDigest, mut found: Remembered, now: Timestamp) {
        found.until = found.until.min(now.plus_millis(REMEMBERED_MS));
        let mut tokens = lock(&self.tokens);
        if tokens.len() >= MAX_TOKENS {
            tokens.retain(|_, token| now < token.until);
        }
        if tokens.len() >= MAX_TOKENS {
            tokens.clear();
        }
        tokens.insert(digest, found);
    }

    /// Whether what is said of a person at `issued_at` is not older than what was said before: an older
    /// token must not bring back what a newer one took away.
    pub(super) fn is_latest_word(&self, person: PersonId, issued_at: i64) -> bool {
        let mut spoken = lock(&self.spoken);
        if spoken.len() >= MAX_PERSONS && !spoken.contains_key(&person) {
            spoken.clear();
        }
        let last = spoken.entry(person).or_insert(issued_at);
        let is_latest = issued_at >= *last;
        *last = issued_at.max(*last);
        is_latest
    }
}

impl Snapshot {
    /// The issuer of this name in this very scope, if it is believed at all.
    pub(super) fn named(&self, scope: Scope, name: &str) -> Option<&Entry> {
        let is = |entry: &&Entry| entry.issuer.scope == scope && entry.issuer.name == name;
        self.entries.iter().find(is).filter(|entry| entry.issuer.enabled)
    }
}

fn created_at(issuer: &Issuer) -> Option<Timestamp> {
    match issuer.source {
        Source::Configuration => None,
        Source::Stored { created_at, .. } => Some(created_at),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
