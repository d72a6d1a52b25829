//! A key's secrets, sealed. A row takes its secret in the whole installation.

use crate::{
    Error, Read, StoredSecret, Tx, many,
    master_keys::require_writable,
    sealed::SealedDigest,
    value::{Row, Value},
};
use domain::{id::KeyId, key::Key, secret::SecretDigest, time::Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use verifier::LiveSecret;

/// One secret of a key.
///
/// # Errors
/// The database fails.
pub fn secret_of(r: &mut Read, id: KeyId, slot: u8) -> Result<Option<StoredSecret>, Error> {
    r.query_one(
        "SELECT key_id, slot, lookup, generation, sealed_digest, sealed_secret, hint, ends_at,
             created_at
         FROM secrets WHERE key_id = $1 AND slot = $2",
        &[id.as_bytes().into(), slot.into()],
    )?
    .as_ref()
    .map(read)
    .transpose()
}

/// Every secret of a key, by slot: the current one, and one that a rotation lets run out.
///
/// # Errors
/// The database fails.
pub fn secrets_of(r: &mut Read, id: KeyId) -> Result<Vec<StoredSecret>, Error> {
    r.query(
        "SELECT key_id, slot, lookup, generation, sealed_digest, sealed_secret, hint, ends_at,
             created_at
         FROM secrets WHERE key_id = $1 ORDER BY slot",
        &[id.as_bytes().into()],
    )?
    .iter()
    .map(read)
    .collect()
}

/// The current secret of each of these keys, in their order.
///
/// # Errors
/// The database fails.
pub fn current_secrets(r: &mut Read, ids: &[KeyId]) -> Result<Vec<Option<StoredSecret>>, Error> {
    let sql =
        "SELECT key_id, slot, lookup, generation, sealed_digest, sealed_secret, hint, ends_at,
             created_at
         FROM secrets WHERE key_id IN ({ids}) AND ends_at IS NULL";
    let mut found: BTreeMap<[u8; 16], StoredSecret> = BTreeMap::new();
    for row in many::rows(r, sql, &[], ids.iter().map(|id| id.as_bytes().into()))? {
        found.insert(row.bytes(0)?, read(&row)?);
    }
    Ok(ids.iter().map(|id| found.remove(id.as_bytes())).collect())
}

/// Which of these keys have two secrets that are good at `now`, in their order.
///
/// # Errors
/// The database fails.
pub fn rotating(r: &mut Read, ids: &[KeyId], now: Timestamp) -> Result<Vec<bool>, Error> {
    let sql = "SELECT DISTINCT key_id FROM secrets WHERE ends_at > $1 AND key_id IN ({ids})";
    let mut found: BTreeSet<[u8; 16]> = BTreeSet::new();
    for row in many::rows(r, sql, &[now.into()], ids.iter().map(|id| id.as_bytes().into()))? {
        found.insert(row.bytes(0)?);
    }
    Ok(ids.iter().map(|id| found.contains(id.as_bytes())).collect())
}

/// Gives a key these secrets and no others. `digests` belong to `secrets`, one each, in order.
/// Raise the key's version with [`super::update`] in the same transaction.
///
/// # Errors
/// `Conflict("secret")`: one of them is taken.
pub fn set_secrets(
    tx: &mut Tx,
    id: KeyId,
    secrets: &[StoredSecret],
    digests: &[SecretDigest],
) -> Result<(), Error> {
    let key = super::find_by_id(tx, None, id)?.ok_or(Error::Conflict("version"))?;
    tx.execute("DELETE FROM secrets WHERE key_id = $1", &[id.as_bytes().into()])?;
    insert_all(tx, id, secrets, None)?;
    let since = super::load::unacknowledged_since(tx, id)?;
    super::write::changed(tx, key, live(secrets, digests)?, since);
    Ok(())
}

/// `with_key`: when the key was made, where these are its first ones.
pub(super) fn insert_all(
    tx: &mut Tx,
    id: KeyId,
    secrets: &[StoredSecret],
    with_key: Option<Timestamp>,
) -> Result<(), Error> {
    let generations: BTreeSet<i32> = secrets.iter().map(|one| one.generation).collect();
    for n in generations {
        require_writable(tx, n)?;
    }
    for secret in secrets {
        let args = row(id, secret, with_key);
        let written = tx.execute(
            "INSERT INTO secrets (key_id, slot, lookup, generation, sealed_digest, sealed_secret, hint,
                 ends_at, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
            &args,
        )?;
        if written == 0 {
            return Err(Error::Conflict("secret"));
        }
    }
    Ok(())
}

/// Every column of a secret's row, in the order of the table.
pub(super) fn row(id: KeyId, secret: &StoredSecret, with_key: Option<Timestamp>) -> Vec<Value> {
    vec![
        id.as_bytes().into(),
        secret.slot.into(),
        secret.lookup.into(),
        secret.generation.into(),
        secret.sealed_digest.as_slice().into(),
        secret.sealed_secret.as_deref().into(),
        secret.hint.as_str().into(),
        secret.ends_at.into(),
        secret.created_at.or(with_key).into(),
    ]
}

/// Secrets as memory holds them, of digests that are at hand.
pub(super) fn live(
    secrets: &[StoredSecret],
    digests: &[SecretDigest],
) -> Result<Vec<LiveSecret>, Error> {
    if secrets.len() != digests.len() {
        return Err(Error::corrupt("a secret was given without its digest"));
    }
    Ok(secrets
        .iter()
        .zip(digests)
        .map(|(secret, digest)| LiveSecret {
            slot: secret.slot,
            digest: *digest,
            ends_at: secret.ends_at,
        })
        .collect())
}

/// The same, of sealed digests; one that does not open is left out, and the key goes on without it.
pub(super) fn opened(r: &Read, key: &Key, secrets: &[StoredSecret]) -> Vec<LiveSecret> {
    secrets
        .iter()
        .filter_map(|secret| {
            let digest = r.open(&sealed_digest(key, secret))?;
            Some(LiveSecret { slot: secret.slot, digest, ends_at: secret.ends_at })
        })
        .collect()
}

/// A secret's digest with all that it was sealed together with.
pub(crate) fn sealed_digest(key: &Key, secret: &StoredSecret) -> SealedDigest {
    SealedDigest {
        scope: key.scope,
        key_id: key.id,
        key_type: key.key_type.clone(),
        slot: secret.slot,
        generation: secret.generation,
        sealed: secret.sealed_digest.clone(),
    }
}

pub(super) fn read(row: &Row) -> Result<StoredSecret, Error> {
    Ok(StoredSecret {
        slot: row.u8(1)?,
        lookup: row.bytes(2)?,
        generation: row.i32(3)?,
        sealed_digest: row.blob(4)?,
        sealed_secret: row.opt_blob(5)?,
        hint: row.text(6)?,
        ends_at: row.opt_timestamp(7)?,
        created_at: row.opt_timestamp(8)?,
    })
}
