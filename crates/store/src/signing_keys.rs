//! What realms sign with.

use crate::{Apply, Bookkeeping, Error, Read, Row, Tx, master_keys::require_writable};
use domain::{
    client::REALM_ACCESS_TTL_S,
    id::{Scope, TenantId},
    signing::{Algorithm, SigningKey},
    time::Timestamp,
};
use std::{fmt, sync::Arc};

/// Whoever keeps the keys of a tenant in memory: they are not as they were.
pub type Listener = Arc<dyn Fn(TenantId) + Send + Sync>;

/// A signing key with its private half, while it has one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StoredSigningKey {
    /// The key.
    pub key: SigningKey,
    /// Its private half, sealed; `None` once it has stopped signing.
    pub private: Option<SealedPrivate>,
}

/// The private half as the row holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedPrivate {
    /// The number of the master key that sealed it.
    pub generation: i32,
    /// What it sealed.
    pub sealed: Vec<u8>,
}

impl fmt::Debug for SealedPrivate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealedPrivate({})", self.generation)
    }
}

/// `SELECT` every column that [`read`] reads, in its order; then the rest of the text.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT kid, tenant, algorithm, public_key, created_at, signs_from, signs_until, serves_until,
                 generation, sealed
             FROM signing_keys",
            $rest
        )
    };
}

/// The keys of a tenant, in the order in which they sign.
///
/// # Errors
/// The database fails.
pub fn list_by_tenant(r: &mut Read, tenant: TenantId) -> Result<Vec<StoredSigningKey>, Error> {
    r.query(
        select!(
            " WHERE tenant = $1 ORDER BY signs_from, created_at,
                 CASE WHEN signs_until IS NULL THEN 1 ELSE 0 END, signs_until, kid"
        ),
        &[tenant.into()],
    )?
    .iter()
    .map(read)
    .collect()
}

/// Every key.
///
/// # Errors
/// The database fails.
pub fn list(r: &mut Read) -> Result<Vec<StoredSigningKey>, Error> {
    r.query(select!(" ORDER BY tenant, signs_from, created_at, kid"), &[])?
        .iter()
        .map(read)
        .collect()
}

/// At most `limit` keys whose private half lies under a master key, behind the key `after`.
pub(crate) fn list_by_generation(
    r: &mut Read,
    n: i32,
    after: &str,
    limit: u32,
) -> Result<Vec<StoredSigningKey>, Error> {
    r.query(
        select!(" WHERE generation = $1 AND kid > $2 ORDER BY kid LIMIT $3"),
        &[n.into(), after.into(), limit.into()],
    )?
    .iter()
    .map(read)
    .collect()
}

/// The keys that have stopped signing at this instant, or before, and still have their private half.
///
/// # Errors
/// The database fails.
pub fn list_for_retirement(r: &mut Read, at: Timestamp) -> Result<Vec<(TenantId, String)>, Error> {
    r.query(
        "SELECT tenant, kid FROM signing_keys
         WHERE signs_until <= $1 AND sealed IS NOT NULL ORDER BY tenant, kid",
        &[at.into()],
    )?
    .iter()
    .map(|row| Ok((TenantId(row.uuid(0)?), row.text(1)?)))
    .collect()
}

/// The realms whose newest key was made before this instant, or signs in another way than the tenant
/// says by now; each with that key.
///
/// # Errors
/// The database fails.
pub fn list_for_rotation(
    r: &mut Read,
    before: Timestamp,
) -> Result<Vec<(TenantId, String)>, Error> {
    r.query(
        "SELECT k.tenant, k.kid FROM signing_keys k JOIN tenants t ON t.id = k.tenant
         WHERE k.signs_until IS NULL AND t.realm IS NOT NULL AND t.deleted_at IS NULL
             AND (k.created_at < $1 OR k.algorithm <> t.signing_algorithm)
         ORDER BY k.tenant",
        &[before.into()],
    )?
    .iter()
    .map(|row| Ok((TenantId(row.uuid(0)?), row.text(1)?)))
    .collect()
}

/// Seconds for which a token lives that a realm issues: the longest of its clients' tokens.
///
/// # Errors
/// The database fails.
pub fn longest_life_s(r: &mut Read, tenant: TenantId) -> Result<i64, Error> {
    let row = r.query_one(
        "SELECT MAX(CASE WHEN access_ttl_s > refresh_ttl_s THEN access_ttl_s ELSE refresh_ttl_s END)
         FROM clients WHERE scope = $1",
        &[Scope::Tenant(tenant).into()],
    )?;
    Ok(row
        .map(|row| row.opt_int(0))
        .transpose()?
        .flatten()
        .unwrap_or(0)
        .max(REALM_ACCESS_TTL_S.into()))
}

/// When the last one of the tokens ends that a realm has issued.
///
/// # Errors
/// The database fails.
pub fn last_token_ends(r: &mut Read, tenant: TenantId) -> Result<Option<Timestamp>, Error> {
    // Tokens hold their client as bytes, clients their id as text: two statements.
    let clients = r
        .query("SELECT id FROM clients WHERE scope = $1", &[Scope::Tenant(tenant).into()])?
        .iter()
        .map(|row| row.uuid(0))
        .collect::<Result<Vec<_>, _>>()?;
    let mut last = None;
    for client in clients {
        let row = r.query_one(
            "SELECT MAX(expires_at) FROM tokens WHERE client = $1",
            &[client.as_bytes().to_vec().into()],
        )?;
        last = last.max(row.map(|row| row.opt_timestamp(0)).transpose()?.flatten());
    }
    Ok(last)
}

/// Adds a key. The one before it has been [`update`]d.
///
/// # Errors
/// `Conflict("signing_key")`: there is this one already, or another one without a successor.
pub fn insert(tx: &mut Tx, key: &SigningKey, private: &SealedPrivate) -> Result<(), Error> {
    require_writable(tx, private.generation)?;
    let written = tx.execute(
        "INSERT INTO signing_keys (kid, tenant, algorithm, public_key, created_at, signs_from,
             signs_until, serves_until, generation, sealed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT DO NOTHING",
        &[
            key.kid.as_str().into(),
            key.tenant.into(),
            key.algorithm.as_str().into(),
            key.public_key.as_str().into(),
            key.created_at.into(),
            key.signs_from.into(),
            key.signs_until.into(),
            key.serves_until.into(),
            private.generation.into(),
            private.sealed.as_slice().into(),
        ],
    )?;
    if written == 0 {
        return Err(Error::Conflict("signing_key"));
    }
    tx.changed(Apply::SigningKeys(key.tenant));
    Ok(())
}

/// Writes when a key stops to sign and to be published; `retired`: its private half goes, for good.
///
/// # Errors
/// The database fails.
pub fn update(tx: &mut Tx, key: &SigningKey, retired: bool) -> Result<(), Error> {
    tx.execute(
        "UPDATE signing_keys SET signs_until = $2, serves_until = $3 WHERE kid = $1",
        &[key.kid.as_str().into(), key.signs_until.into(), key.serves_until.into()],
    )?;
    if retired {
        tx.execute(
            "UPDATE signing_keys SET sealed = NULL, generation = NULL WHERE kid = $1",
            &[key.kid.as_str().into()],
        )?;
    }
    tx.changed(Apply::SigningKeys(key.tenant));
    Ok(())
}

/// Lets the keys go that nobody asks for any more: when, was written with their successor.
///
/// # Errors
/// The database fails.
pub fn prune(b: &mut Bookkeeping, at: Timestamp) -> Result<u64, Error> {
    b.execute("DELETE FROM signing_keys WHERE serves_until <= $1 AND sealed IS NULL", &[at.into()])
}

fn read(row: &Row) -> Result<StoredSigningKey, Error> {
    let key = SigningKey {
        kid: row.text(0)?,
        tenant: TenantId(row.uuid(1)?),
        algorithm: Algorithm::parse(row.str(2)?)
            .ok_or_else(|| Error::corrupt("a signing key's unknown algorithm"))?,
        public_key: row.text(3)?,
        created_at: row.timestamp(4)?,
        signs_from: row.timestamp(5)?,
        signs_until: row.opt_timestamp(6)?,
        serves_until: row.opt_timestamp(7)?,
    };
    let private = match row.opt_blob(9)? {
        Some(sealed) => Some(SealedPrivate { generation: row.i32(8)?, sealed }),
        None => None,
    };
    Ok(StoredSigningKey { key, private })
}
