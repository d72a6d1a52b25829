//! Issuers outside that tenants believe. Those of the configuration are no rows.

mod settings;

use crate::{Apply, Error, Read, Row, Tx, master_keys::require_writable};
use domain::{
    id::{IssuerId, Scope, TenantId},
    issuer::Issuer,
    policy::Source,
};
use std::sync::Arc;

/// Whoever keeps the issuers in memory.
pub type Listener = Arc<dyn Fn(IssuerChange) + Send + Sync>;

/// What became of one issuer.
#[derive(Clone, Debug)]
pub enum IssuerChange {
    /// It is so now.
    Is(Box<Issuer>),
    /// It is gone, for good: an id is never given twice.
    Gone(IssuerId),
}

/// A client secret as a row holds it: sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct IssuerSecret {
    /// The number of the master key that sealed it.
    pub generation: i32,
    /// AEAD(sealing key, secret).
    pub sealed: Vec<u8>,
}

impl std::fmt::Debug for IssuerSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "IssuerSecret(generation {})", self.generation)
    }
}

/// `SELECT` every column that [`read`] reads, in its order; then the rest of the text. What a deleted
/// tenant left is not there.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT i.id, i.tenant, i.name, i.issuer, i.settings, i.enabled, i.created_at, i.version,
                 i.generation
             FROM issuers i JOIN tenants t ON t.id = i.tenant WHERE t.deleted_at IS NULL",
            $rest
        )
    };
}

/// The issuer of this id.
///
/// # Errors
/// The database fails, or the row cannot be read.
pub fn find_by_id(r: &mut Read, id: IssuerId) -> Result<Option<Issuer>, Error> {
    r.query_one(select!(" AND i.id = $1"), &[id.into()])?.as_ref().map(read).transpose()
}

/// The same, and nobody else changes it until this transaction has ended.
///
/// # Errors
/// The database fails, or the issuer is locked for too long.
pub fn find_for_update(tx: &mut Tx, id: IssuerId) -> Result<Option<Issuer>, Error> {
    tx.query_one("SELECT 1 FROM issuers WHERE id = $1 FOR UPDATE", &[id.into()])?;
    find_by_id(tx, id)
}

/// Every issuer that can be read, the oldest first. One that cannot be is told of and left out: it is
/// believed nothing.
///
/// # Errors
/// The database fails.
pub fn list(r: &mut Read) -> Result<Vec<Issuer>, Error> {
    let rows = r.query(select!(" ORDER BY i.created_at, i.id"), &[])?;
    let mut issuers = Vec::with_capacity(rows.len());
    for row in &rows {
        match read(row) {
            Ok(issuer) => issuers.push(issuer),
            Err(error) => {
                let id = row.text(0).unwrap_or_default();
                tracing::error!(issuer = id, %error, "an issuer is out of service");
            }
        }
    }
    Ok(issuers)
}

/// Whether this scope has an enabled issuer of this `iss`.
///
/// # Errors
/// The database fails.
pub fn is_enabled(r: &mut Read, scope: Scope, issuer: &str) -> Result<bool, Error> {
    let found = r.query_one(
        "SELECT 1 FROM issuers WHERE tenant = $1 AND issuer = $2 AND enabled",
        &[scope.into(), issuer.into()],
    )?;
    Ok(found.is_some())
}

/// How many issuers a tenant has; nobody else makes one for it until this transaction has ended.
/// `None`: there is no such tenant.
///
/// # Errors
/// The database fails.
pub fn count(tx: &mut Tx, tenant: TenantId) -> Result<Option<i64>, Error> {
    let there = tx.query_one(
        "SELECT 1 FROM tenants WHERE id = $1 AND deleted_at IS NULL FOR UPDATE",
        &[tenant.into()],
    )?;
    if there.is_none() {
        return Ok(None);
    }
    let row = tx.query_one("SELECT count(*) FROM issuers WHERE tenant = $1", &[tenant.into()])?;
    row.map(|row| row.int(0)).transpose()
}

/// The secret by which an issuer knows us.
///
/// # Errors
/// The database fails.
pub fn find_secret(r: &mut Read, id: IssuerId) -> Result<Option<IssuerSecret>, Error> {
    let row = r.query_one("SELECT generation, secret FROM issuers WHERE id = $1", &[id.into()])?;
    let Some(row) = row else { return Ok(None) };
    match (row.is_null(0), row.opt_blob(1)?) {
        (false, Some(sealed)) => Ok(Some(IssuerSecret { generation: row.i32(0)?, sealed })),
        (true, None) => Ok(None),
        _ => Err(Error::corrupt("half of an issuer's secret")),
    }
}

/// Adds an issuer.
///
/// # Errors
/// `Conflict("issuer")`: its tenant has one of this name, or of this address.
pub fn insert(tx: &mut Tx, issuer: &Issuer, secret: Option<&IssuerSecret>) -> Result<(), Error> {
    require_writable_by(tx, secret)?;
    let (tenant, Source::Stored { created_at, version, .. }) = (tenant_of(issuer)?, issuer.source)
    else {
        return Err(Error::unavailable("an issuer of the configuration is no row"));
    };
    let written = tx.execute(
        "INSERT INTO issuers (id, tenant, name, issuer, settings, enabled, created_at, version,
             generation, secret)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        &[
            issuer.id.into(),
            tenant.into(),
            issuer.name.as_str().into(),
            issuer.issuer.as_str().into(),
            settings::write(issuer)?.into(),
            issuer.enabled.into(),
            created_at.into(),
            version.into(),
            secret.map(|s| s.generation).into(),
            secret.map(|s| s.sealed.clone()).into(),
        ],
    )?;
    if written == 0 {
        return Err(Error::Conflict("issuer"));
    }
    tx.changed(Apply::Issuer(Box::new(issuer.clone())));
    Ok(())
}

/// Writes what of an issuer may change; the caller has raised the version by one. `secret`: `None` keeps
/// it, `Some(None)` takes it away.
///
/// # Errors
/// `Conflict("version")`: someone else changed it meanwhile.
pub fn update(
    tx: &mut Tx,
    issuer: &Issuer,
    secret: Option<Option<&IssuerSecret>>,
) -> Result<(), Error> {
    let version = issuer.source.version();
    let written = tx.execute(
        "UPDATE issuers SET settings = $1, enabled = $2, version = $3 WHERE id = $4 AND version = $5",
        &[
            settings::write(issuer)?.into(),
            issuer.enabled.into(),
            version.into(),
            issuer.id.into(),
            version.saturating_sub(1).into(),
        ],
    )?;
    if written == 0 {
        return Err(Error::Conflict("version"));
    }
    if let Some(secret) = secret {
        require_writable_by(tx, secret)?;
        tx.execute(
            "UPDATE issuers SET generation = $1, secret = $2 WHERE id = $3",
            &[
                secret.map(|s| s.generation).into(),
                secret.map(|s| s.sealed.clone()).into(),
                issuer.id.into(),
            ],
        )?;
    }
    tx.changed(Apply::Issuer(Box::new(issuer.clone())));
    Ok(())
}

/// Removes an issuer. False: there is none of this id.
///
/// # Errors
/// The database fails.
pub fn delete(tx: &mut Tx, id: IssuerId) -> Result<bool, Error> {
    if tx.execute("DELETE FROM issuers WHERE id = $1", &[id.into()])? == 0 {
        return Ok(false);
    }
    tx.changed(Apply::IssuerGone(id));
    Ok(true)
}

/// Removes the issuers of a tenant that ends.
pub(crate) fn delete_of_tenant(tx: &mut Tx, tenant: TenantId) -> Result<(), Error> {
    let rows = tx.query("DELETE FROM issuers WHERE tenant = $1 RETURNING id", &[tenant.into()])?;
    for row in &rows {
        tx.changed(Apply::IssuerGone(IssuerId(row.uuid(0)?)));
    }
    Ok(())
}

/// What memory is told of one issuer.
pub(crate) fn change(r: &mut Read, id: &str) -> Result<IssuerChange, Error> {
    let id = IssuerId::parse(id).map_err(|_| Error::corrupt("a change names no issuer"))?;
    Ok(find_by_id(r, id)?.map_or(IssuerChange::Gone(id), |it| IssuerChange::Is(Box::new(it))))
}

fn require_writable_by(tx: &mut Tx, secret: Option<&IssuerSecret>) -> Result<(), Error> {
    secret.map_or(Ok(()), |secret| require_writable(tx, secret.generation))
}

fn tenant_of(issuer: &Issuer) -> Result<TenantId, Error> {
    issuer.scope.tenant().ok_or_else(|| Error::unavailable("an issuer of the cluster is no row"))
}

fn read(row: &Row) -> Result<Issuer, Error> {
    let scope = Scope::Tenant(TenantId(row.uuid(1)?));
    let blank = settings::read(row.str(4)?)?;
    Ok(Issuer {
        id: IssuerId(row.uuid(0)?),
        scope,
        name: row.text(2)?,
        issuer: row.text(3)?,
        has_secret: !row.is_null(8),
        enabled: row.bool(5)?,
        source: Source::Stored {
            owner: scope,
            created_at: row.timestamp(6)?,
            version: row.u32(7)?,
        },
        ..blank
    })
}
