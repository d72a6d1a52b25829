//! What `verifier` must learn from a write: here from the writer's own hand, on other nodes through
//! the `changes` table (feed.rs).

use crate::{
    Error, Live, dialect::Dialect, driver::Driver, issuers::IssuerChange, key_types, rules,
    value::Value,
};
use domain::{
    actor::PrincipalId,
    cors::Cors,
    id::{FamilyId, IssuerId, KeyId, TenantId},
    issuer::Issuer,
    key_type::KeyType,
    secret::SecretDigest,
};
use std::{
    collections::hash_map::Entry,
    sync::{MutexGuard, PoisonError},
};
use verifier::{KeyState, PrincipalState, TenantState, TokenState};

/// One thing that changed, whole: applying it needs no SQL. `verifier` applies only a higher
/// version, so each write of a row must raise what is given as version here.
#[derive(Clone)]
pub(crate) enum Apply {
    Tenant(TenantState),
    /// A person or a client, its roles resolved. The version is the row's `revision`, which a change
    /// of a role raises too.
    Principal(Box<PrincipalState>),
    Key(Box<KeyState>),
    KeyRemoved {
        id: KeyId,
        version: u32,
    },
    Token(Box<TokenState>),
    TokenRemoved(SecretDigest),
    FamilyRemoved(FamilyId),
    /// Every token of a principal: a password was changed.
    TokensOfRemoved(PrincipalId),
    /// A tenant's own key type.
    KeyType(Box<KeyType>),
    /// A tenant's lists of origins.
    Cors(Box<Cors>),
    /// An issuer outside.
    Issuer(Box<Issuer>),
    IssuerGone(IssuerId),
    /// The keys that a tenant's realm signs with, or some of them.
    SigningKeys(TenantId),
    /// All policies and routes, after one in this table was changed.
    Rules {
        table: rules::Table,
        id: String,
        state: Box<rules::StoredRules>,
    },
}

/// The kinds in the `changes` table. Numbers stay: nodes of two versions may share a database.
pub(crate) mod kind {
    pub(crate) const TENANT: i64 = 1;
    pub(crate) const PRINCIPAL: i64 = 2;
    pub(crate) const KEY: i64 = 3;
    pub(crate) const TOKEN: i64 = 4;
    pub(crate) const FAMILY_REMOVED: i64 = 5;
    pub(crate) const TOKENS_OF_REMOVED: i64 = 6;
    pub(crate) const KEY_TYPE: i64 = 7;
    pub(crate) const GATEWAY_ROUTE: i64 = 8;
    pub(crate) const POLICY: i64 = 9;
    pub(crate) const CORS: i64 = 10;
    pub(crate) const SIGNING_KEYS: i64 = 11;
    pub(crate) const ISSUER: i64 = 12;
}

impl Apply {
    /// How the row in `changes` names it.
    fn row(&self) -> (i64, String, u32) {
        match self {
            Self::Tenant(t) => (kind::TENANT, t.id.to_string(), t.version),
            Self::Principal(p) => (kind::PRINCIPAL, p.id.to_string(), p.version),
            Self::Key(k) => (kind::KEY, k.key.id.to_string(), k.key.version),
            Self::KeyRemoved { id, version } => (kind::KEY, id.to_string(), *version),
            Self::Token(t) => (kind::TOKEN, hex(t.digest.as_bytes()), 0),
            Self::TokenRemoved(digest) => (kind::TOKEN, hex(digest.as_bytes()), 0),
            Self::FamilyRemoved(family) => (kind::FAMILY_REMOVED, family.to_string(), 0),
            Self::TokensOfRemoved(principal) => (kind::TOKENS_OF_REMOVED, principal.to_string(), 0),
            Self::KeyType(t) => (kind::KEY_TYPE, key_types::change_id(t), t.version),
            Self::Cors(c) => (kind::CORS, c.tenant.to_string(), c.version),
            Self::Issuer(i) => (kind::ISSUER, i.id.to_string(), i.source.version()),
            Self::IssuerGone(id) => (kind::ISSUER, id.to_string(), 0),
            Self::SigningKeys(tenant) => (kind::SIGNING_KEYS, tenant.to_string(), 0),
            Self::Rules { table, id, state } => {
                let kind = match table {
                    rules::Table::Policies => kind::POLICY,
                    rules::Table::Routes => kind::GATEWAY_ROUTE,
                };
                (kind, id.clone(), state.turn)
            }
        }
    }
}

/// The number alone goes into the notification: it is only a wake-up.
const INSERT_POSTGRES: &str = "WITH added AS (
        INSERT INTO changes (kind, id, version) VALUES ($1, $2, $3) RETURNING seq
    ) SELECT pg_notify('keyward_changes', seq::text) FROM added";
pub(crate) const INSERT: &str = "INSERT INTO changes (kind, id, version) VALUES ($1, $2, $3)";
/// Rows that one statement writes where an import brings many; the rest goes one by one, so that
/// there are two texts.
const ROWS_AT_ONCE: usize = 50;

/// Writes the rows of the feed, in the transaction of the change.
pub(crate) fn append(driver: &mut Driver, applies: &[Apply]) -> Result<(), Error> {
    let dialect = driver.dialect();
    let one = match dialect {
        Dialect::Sqlite => INSERT,
        Dialect::Postgres => INSERT_POSTGRES,
    };
    let row = |apply: &Apply| {
        let (kind, id, version) = apply.row();
        [kind.into(), id.into(), version.into()]
    };
    let chunks = applies.chunks_exact(ROWS_AT_ONCE);
    let rest = chunks.remainder();
    let many = if rest.len() < applies.len() { insert_many(dialect) } else { String::new() };
    let rows: Vec<(&str, Vec<Value>)> = chunks
        .map(|chunk| (many.as_str(), chunk.iter().flat_map(row).collect()))
        .chain(rest.iter().map(|apply| (one, Vec::from(row(apply)))))
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    driver.execute_all(&rows)
}

/// The same for many rows, of which the last one's number wakes whoever waits.
fn insert_many(dialect: Dialect) -> String {
    let row = |n: usize| format!("(${}, ${}, ${})", 3 * n + 1, 3 * n + 2, 3 * n + 3);
    let rows: Vec<String> = (0..ROWS_AT_ONCE).map(row).collect();
    let insert = format!("INSERT INTO changes (kind, id, version) VALUES {}", rows.join(", "));
    match dialect {
        Dialect::Sqlite => insert,
        Dialect::Postgres => format!(
            "WITH added AS ({insert} RETURNING seq)
             SELECT pg_notify('keyward_changes', max(seq)::text) FROM added"
        ),
    }
}

impl Live {
    /// Tells `verifier`. Called after the commit and before the answer.
    pub(crate) fn apply(&self, applies: Vec<Apply>) {
        for apply in applies {
            self.apply_one(apply);
        }
    }

    pub(crate) fn apply_one(&self, apply: Apply) {
        let verifier = &self.verifier;
        match apply {
            Apply::Tenant(state) => verifier.apply_tenant(&state),
            Apply::Principal(state) => verifier.apply_principal(&state),
            Apply::Key(state) => verifier.apply_key(&state),
            Apply::KeyRemoved { id, version } => verifier.remove_key(id, version),
            Apply::Token(state) => verifier.apply_token(&state),
            Apply::TokenRemoved(digest) => {
                self.remove_tokens(|| verifier.remove_token(&digest));
            }
            Apply::FamilyRemoved(family) => self.remove_tokens(|| verifier.remove_family(family)),
            Apply::TokensOfRemoved(principal) => {
                self.remove_tokens(|| verifier.remove_tokens_of(principal));
            }
            Apply::KeyType(of_type) => (self.key_types)(*of_type),
            Apply::Cors(cors) => (self.cors)(&cors),
            Apply::Issuer(issuer) => (self.issuers)(IssuerChange::Is(issuer)),
            Apply::IssuerGone(id) => (self.issuers)(IssuerChange::Gone(id)),
            Apply::SigningKeys(tenant) => (self.signing_keys)(tenant),
            Apply::Rules { state, .. } => (self.rules)(*state),
        }
    }

    /// Notes rows that this node is about to commit, so that the feed passes them over.
    pub(crate) fn expect_own(&self, applies: &[Apply]) {
        if let Some(own) = &self.own {
            let mut own = own.lock().unwrap_or_else(PoisonError::into_inner);
            for apply in applies {
                *own.entry(apply.row()).or_default() += 1;
            }
        }
    }

    /// They were not committed after all, or nobody knows: then the feed tells. It may have come
    /// across some already, and passed them over as known here, when the answer to the commit was
    /// lost on its way: it looks at those once more.
    pub(crate) fn forget_own(&self, applies: &[Apply]) {
        for apply in applies {
            let (kind, id, version) = apply.row();
            if self.own.is_some() && !self.is_own(kind, &id, version) {
                self.doubtful().push((kind, id));
            }
        }
    }

    /// What the feed must look at again. Whoever takes it and fails gives it back.
    pub(crate) fn doubtful(&self) -> MutexGuard<'_, Vec<(i64, String)>> {
        self.doubtful.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this node wrote such a row; each is asked for once.
    pub(crate) fn is_own(&self, kind: i64, id: &str, version: u32) -> bool {
        let Some(own) = &self.own else { return false };
        let mut own = own.lock().unwrap_or_else(PoisonError::into_inner);
        match own.entry((kind, id.to_owned(), version)) {
            Entry::Vacant(_) => false,
            Entry::Occupied(mut count) if *count.get() > 1 => {
                *count.get_mut() -= 1;
                true
            }
            Entry::Occupied(last) => {
                last.remove();
                true
            }
        }
    }

    /// Tokens have no version. So that nobody brings one back who read its row before it was
    /// revoked, readers ask [`Self::token_removals`] before they read and use
    /// [`Self::unless_removed`] to apply.
    fn remove_tokens(&self, remove: impl FnOnce()) {
        let mut removals = self.token_removals.lock().unwrap_or_else(PoisonError::into_inner);
        *removals = removals.wrapping_add(1);
        remove();
    }

    /// How many removals there were until now.
    pub(crate) fn token_removals(&self) -> u64 {
        *self.token_removals.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `apply` if no token was removed since `seen` was asked; says whether it did.
    pub(crate) fn unless_removed(&self, seen: u64, apply: impl FnOnce()) -> bool {
        let removals = self.token_removals.lock().unwrap_or_else(PoisonError::into_inner);
        let unchanged = *removals == seen;
        if unchanged {
            apply();
        }
        unchanged
    }
}

/// Lower-case hexadecimal, as `changes` names tokens.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

/// Reads what [`hex`] wrote.
pub(crate) fn digest_from_hex(text: &str) -> Option<SecretDigest> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0_u8; 32];
    for (n, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * n..2 * n + 2)?, 16).ok()?;
    }
    Some(SecretDigest::from_bytes(bytes))
}
