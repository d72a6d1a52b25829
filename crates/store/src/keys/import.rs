//! Many keys at once, as an import brings them.

use super::{row::values, secrets};
use crate::{
    Apply, Error, Read, StoredSecret, Tx, Value, changes::hex, event_text,
    master_keys::require_writable,
};
use domain::{
    id::{KeyId, Scope},
    key::Key,
    secret::SecretDigest,
};
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};
use verifier::KeyState;

/// Rows that one statement writes: as many as fit, what is left by the next size. `SQLite` keeps a journal
/// for each statement of several rows and walks all of it when the statement ends, so few large ones cost
/// less than many small ones; and each size is a text of its own to prepare.
const ROWS_AT_ONCE: [usize; 3] = [250, 25, 1];
/// Look-up values that one statement asks for; a shorter rest is filled up.
const LOOKUPS_AT_ONCE: usize = 200;

/// A key that an import brings, its secret sealed.
#[derive(Clone, Debug)]
pub struct ImportedKey {
    /// The key.
    pub key: Key,
    /// Its secret.
    pub secret: StoredSecret,
    /// The secret's digest.
    pub digest: SecretDigest,
}

/// Whose a secret is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Holder {
    /// The key.
    pub id: KeyId,
    /// Where it belongs.
    pub scope: Scope,
    /// The name of its type.
    pub key_type: String,
    /// The key's name.
    pub name: String,
    /// Whether an import brought it, and it was not deleted since.
    pub imported: bool,
}

/// Who has the secrets with these look-up values; what nobody has is not in the answer.
///
/// # Errors
/// The database fails.
pub fn holders(r: &mut Read, lookups: &[[u8; 32]]) -> Result<HashMap<[u8; 32], Holder>, Error> {
    let sql = holders_sql();
    let mut holders = HashMap::new();
    for lookups in lookups.chunks(LOOKUPS_AT_ONCE) {
        let mut args: Vec<Value> = lookups.iter().map(Into::into).collect();
        args.resize(LOOKUPS_AT_ONCE, Value::Blob(Vec::new()));
        for row in r.query_dynamic(&sql, &args)? {
            let holder = Holder {
                id: KeyId::from_bytes(row.bytes(1)?),
                scope: row.scope(2)?,
                key_type: row.text(3)?,
                name: row.text(4)?,
                imported: row.bool(5)?,
            };
            holders.insert(row.bytes(0)?, holder);
        }
    }
    Ok(holders)
}

/// `CROSS JOIN`: the secrets first, whatever a planner believes of the size of the tables.
pub(crate) fn holders_sql() -> String {
    let places: Vec<String> = (1..=LOOKUPS_AT_ONCE).map(|n| format!("${n}")).collect();
    format!(
        "SELECT s.lookup, k.id, k.scope, k.key_type, k.name,
             k.deleted_at IS NULL AND i.key_id IS NOT NULL
         FROM secrets s CROSS JOIN keys k LEFT JOIN key_imports i ON i.key_id = k.id
         WHERE k.id = s.key_id AND s.lookup IN ({})",
        places.join(", ")
    )
}

/// Adds the keys of one batch. End the transaction with an event for each scope that holds what
/// [`import_line`] says of each key. They go in by the order of their look-ups, so that two imports of
/// the same secrets cannot wait for each other.
///
/// # Errors
/// `Conflict`: `secret` is taken by some key of the installation, or `key_id`; nothing was added.
pub fn import(tx: &mut Tx, batch: &str, keys: &[&ImportedKey]) -> Result<(), Error> {
    let mut keys = keys.to_vec();
    keys.sort_unstable_by_key(|one| one.secret.lookup);
    let generations: BTreeSet<i32> = keys.iter().map(|one| one.secret.generation).collect();
    for n in generations {
        require_writable(tx, n)?;
    }
    let added = insert_rows(tx, KEYS, &keys, |one| key_row(&one.key, shown_once(one)))?;
    if added != keys.len() {
        return Err(Error::Conflict("key_id"));
    }
    let added = insert_rows(tx, SECRETS, &keys, |one| {
        secrets::row(one.key.id, &one.secret, Some(one.key.created_at))
    })?;
    if added != keys.len() {
        return Err(Error::Conflict("secret"));
    }
    insert_rows(tx, IMPORTS, &keys, |one| vec![one.key.id.as_bytes().into(), batch.into()])?;
    for one in keys {
        let state = KeyState {
            key: one.key.clone(),
            secrets: secrets::live(std::slice::from_ref(&one.secret), &[one.digest])?,
            unacknowledged_since: since(&one.key, shown_once(one)),
        };
        tx.changed(Apply::Key(Box::new(state)));
    }
    Ok(())
}

/// What the event of an import says of one key: its id, and SHA-256 of what an event of its own would
/// have said, so that a check of the log finds a row that was changed.
///
/// # Errors
/// None but a defect.
pub fn import_line(key: &Key) -> Result<String, Error> {
    let facts = event_text::facts(&key.facts())?;
    Ok(format!("{} {}", key.id, hex(&Sha256::digest(facts.as_bytes()))))
}

/// A table, its columns, and how many there are.
type Table = (&'static str, &'static str, usize);

const KEYS: Table = (
    "keys",
    "name, description, permissions, enabled, starts_at, expires_at, revoked_at, revoke_reason, capacity,
     frequency_s, allow_list, hint, acknowledged_at, version, unavailable_at, search, id, scope, key_type,
     owner, created_at, created_by, unacknowledged_since",
    23,
);
const SECRETS: Table = (
    "secrets",
    "key_id, slot, lookup, generation, sealed_digest, sealed_secret, hint, ends_at, created_at",
    9,
);
const IMPORTS: Table = ("key_imports", "key_id, batch", 2);

/// Writes a row for each key; says how many there were no others in the way of.
fn insert_rows(
    tx: &mut Tx,
    table: Table,
    keys: &[&ImportedKey],
    row: impl Fn(&ImportedKey) -> Vec<Value>,
) -> Result<usize, Error> {
    let (mut written, mut rest) = (0, keys);
    for rows in ROWS_AT_ONCE {
        let chunks = rest.chunks_exact(rows);
        let left = chunks.remainder();
        if left.len() < rest.len() {
            let sql = statement(table, rows);
            for chunk in chunks {
                let args: Vec<Value> = chunk.iter().flat_map(|key| row(key)).collect();
                written += tx.driver.execute(&sql, &args)?;
            }
        }
        rest = left;
    }
    Ok(usize::try_from(written).unwrap_or(usize::MAX))
}

/// The names are ours; the values go in as parameters.
fn statement((table, columns, width): Table, rows: usize) -> String {
    let row = |n: usize| {
        let places: Vec<String> = (1..=width).map(|at| format!("${}", n * width + at)).collect();
        format!("({})", places.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!("INSERT INTO {table} ({columns}) VALUES {} ON CONFLICT DO NOTHING", rows.join(", "))
}

fn key_row(key: &Key, shown_once: bool) -> Vec<Value> {
    let mut row = values(key);
    row.extend([
        key.scope.into(),
        key.key_type.as_str().into(),
        key.owner.into(),
        key.created_at.into(),
        key.created_by.as_str().into(),
        since(key, shown_once).into(),
    ]);
    row
}

const fn shown_once(one: &ImportedKey) -> bool {
    one.secret.sealed_secret.is_none()
}

/// Since when nobody has acknowledged it, where somebody should.
fn since(key: &Key, shown_once: bool) -> Option<domain::time::Timestamp> {
    (shown_once && key.acknowledged_at.is_none()).then_some(key.created_at)
}
