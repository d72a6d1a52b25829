//! OAuth clients and their sealed secrets.

mod memory;
mod redirects;

pub use redirects::redirects_to;

pub(crate) use memory::{role_changed, state, states};

use crate::{
    Bookkeeping, Error, Read, Row, Tx, Value, json_list, like, master_keys::require_writable, roles,
};
use domain::{
    client::{Client, Grant},
    id::{ClientId, Scope, TenantId},
};
use memory::changed;
use std::fmt;

/// `SELECT` every column that [`read`] reads, in its order; then what follows `WHERE`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, client_id, scope, name, description, public, grants, scopes, redirect_uris, roles,
             rights, contact_centers, authorities, access_ttl_s, refresh_ttl_s, enabled, created_at,
             version, optional_scopes, consent_required, pkce_optional, rfc9068
             FROM clients WHERE ",
            $rest
        )
    };
}

/// A confidential client's secret as a row holds it: the digest of its text, sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct ClientSecret {
    /// The number of the master key that sealed it.
    pub generation: i32,
    /// AEAD(sealing key, SHA-256(secret)).
    pub sealed_digest: Vec<u8>,
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientSecret(generation {})", self.generation)
    }
}

/// The client that callers name so, unless deleted, and its secret if it has one.
///
/// # Errors
/// The database fails.
pub fn find_by_client_id(
    r: &mut Read,
    client_id: &str,
) -> Result<Option<(Client, Option<ClientSecret>)>, Error> {
    r.query_one(
        "SELECT id, client_id, scope, name, description, public, grants, scopes, redirect_uris, roles,
             rights, contact_centers, authorities, access_ttl_s, refresh_ttl_s, enabled, created_at,
             version, optional_scopes, consent_required, pkce_optional, rfc9068, secret_generation,
             secret_digest
             FROM clients WHERE client_id = $1 AND NOT deleted",
        &[client_id.into()],
    )?
    .map(|row| Ok((read(&row)?, read_secret(&row)?)))
    .transpose()
}

/// The client of this id, unless deleted.
///
/// # Errors
/// The database fails.
pub fn find_by_id(r: &mut Read, id: ClientId) -> Result<Option<Client>, Error> {
    r.query_one(select!("id = $1 AND NOT deleted"), &[id.into()])?.as_ref().map(read).transpose()
}

/// The client of this id in this scope, unless deleted, held against another change until the
/// transaction ends.
///
/// # Errors
/// The database fails.
pub fn find_for_update(tx: &mut Tx, scope: Scope, id: ClientId) -> Result<Option<Client>, Error> {
    tx.query_one(
        select!("id = $1 AND scope = $2 AND NOT deleted FOR UPDATE"),
        &[id.into(), scope.into()],
    )?
    .as_ref()
    .map(read)
    .transpose()
}

/// Whether the client may still have tokens: it is enabled, and as it was when it proved itself. Held
/// against a change until this transaction ends: a secret that was replaced meanwhile must not leave
/// tokens behind that its replacement did not revoke.
///
/// # Errors
/// The database fails, or the client is locked for too long.
pub fn is_unchanged(b: &mut Bookkeeping, client: &Client) -> Result<bool, Error> {
    let found = b.query_one(
        "SELECT 1 FROM clients
         WHERE id = $1 AND version = $2 AND enabled = $3 AND NOT deleted FOR SHARE",
        &[client.id.into(), client.version.into(), true.into()],
    )?;
    Ok(found.is_some())
}

/// Whether there is, or ever was, a client whose own id this is.
///
/// # Errors
/// The database fails.
pub fn is_id_of_one(r: &mut Read, id: ClientId) -> Result<bool, Error> {
    Ok(r.query_one("SELECT 1 FROM clients WHERE id = $1", &[id.into()])?.is_some())
}

/// At most `limit` clients in the order of their `client_id`, behind `after`; `None`: of every scope.
/// `search` is a part of the `client_id`, in any case.
///
/// # Errors
/// The database fails.
pub fn list(
    r: &mut Read,
    scope: Option<Scope>,
    search: Option<&str>,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<Client>, Error> {
    let pattern = search.map(|text| like::containing(&text.to_lowercase())).unwrap_or_default();
    r.query(
        select!(
            "client_id > $1 AND ($2 = '' OR scope = $2)
             AND ($3 = '' OR lower(client_id) LIKE $3 ESCAPE '!') AND NOT deleted
             ORDER BY client_id LIMIT $4"
        ),
        &[
            after.unwrap_or("").into(),
            scope.map(|s| s.to_string()).unwrap_or_default().into(),
            pattern.into(),
            limit.into(),
        ],
    )?
    .iter()
    .map(read)
    .collect()
}

/// Adds a client; without a secret it is a public one.
///
/// # Errors
/// `Conflict("client_id")`: the installation has it.
pub fn insert(tx: &mut Tx, client: &Client, secret: Option<&ClientSecret>) -> Result<(), Error> {
    require_writable_by(tx, secret)?;
    let mut args = values(client);
    args.extend([
        client.client_id.as_str().into(),
        client.scope.into(),
        client.created_at.into(),
        secret.map(|s| s.generation).into(),
        secret.map(|s| s.sealed_digest.clone()).into(),
        false.into(),
        1_i64.into(),
    ]);
    let written = tx.execute(
        "INSERT INTO clients (name, description, public, grants, scopes, redirect_uris, roles, rights,
             contact_centers, authorities, access_ttl_s, refresh_ttl_s, enabled, version,
             optional_scopes, consent_required, pkce_optional, rfc9068, id, client_id, scope,
             created_at, secret_generation, secret_digest, deleted, revision)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
             $20, $21, $22, $23, $24, $25, $26)
         ON CONFLICT DO NOTHING",
        &args,
    )?;
    if written == 0 {
        return Err(Error::Conflict("client_id"));
    }
    changed(tx, client.id)
}

/// Writes a client's new values, the version raised by one by the caller. `secret`: `None` keeps it,
/// `Some(None)` takes it away. Id, `client_id` and scope stay as they are.
///
/// # Errors
/// `Conflict("version")`: someone else changed it meanwhile.
pub fn update(
    tx: &mut Tx,
    client: &Client,
    secret: Option<Option<&ClientSecret>>,
) -> Result<(), Error> {
    let mut args = values(client);
    args.push(client.version.saturating_sub(1).into());
    let written = tx.execute(
        "UPDATE clients SET name = $1, description = $2, public = $3, grants = $4, scopes = $5,
             redirect_uris = $6, roles = $7, rights = $8, contact_centers = $9, authorities = $10,
             access_ttl_s = $11, refresh_ttl_s = $12, enabled = $13, version = $14,
             optional_scopes = $15, consent_required = $16, pkce_optional = $17, rfc9068 = $18,
             revision = revision + 1
         WHERE id = $19 AND version = $20 AND NOT deleted",
        &args,
    )?;
    if written == 0 {
        return Err(Error::Conflict("version"));
    }
    if let Some(secret) = secret {
        require_writable_by(tx, secret)?;
        tx.execute(
            "UPDATE clients SET secret_generation = $1, secret_digest = $2 WHERE id = $3",
            &[
                secret.map(|s| s.generation).into(),
                secret.map(|s| s.sealed_digest.clone()).into(),
                client.id.into(),
            ],
        )?;
    }
    changed(tx, client.id)
}

/// Ends a client: gone from service, its `client_id` free, its secret erased. False: there is none.
///
/// # Errors
/// The database fails.
pub fn delete(tx: &mut Tx, id: ClientId) -> Result<bool, Error> {
    let written = tx.execute(
        "UPDATE clients SET deleted = $1, enabled = $2, secret_generation = NULL, secret_digest = NULL,
             version = version + 1, revision = revision + 1
         WHERE id = $3 AND NOT deleted",
        &[true.into(), false.into(), id.into()],
    )?;
    if written == 0 {
        return Ok(false);
    }
    changed(tx, id)?;
    Ok(true)
}

fn require_writable_by(tx: &mut Tx, secret: Option<&ClientSecret>) -> Result<(), Error> {
    secret.map_or(Ok(()), |secret| require_writable(tx, secret.generation))
}

/// What both an insert and an update write, as $1 to $19; the id is the last.
fn values(client: &Client) -> Vec<Value> {
    vec![
        client.name.as_str().into(),
        client.description.as_deref().into(),
        client.public.into(),
        json_list::write(client.grants.iter().map(|g| g.as_str())).into(),
        json_list::write(&client.scopes).into(),
        json_list::write(&client.redirect_uris).into(),
        json_list::write(&client.roles).into(),
        roles::rights_text(client.rights).into(),
        json_list::write(client.contact_centers.iter().map(ToString::to_string)).into(),
        json_list::write(&client.authorities).into(),
        // 0: what is usual.
        client.access_ttl_s.unwrap_or(0).into(),
        client.refresh_ttl_s.into(),
        client.enabled.into(),
        client.version.into(),
        json_list::write(&client.optional_scopes).into(),
        client.consent_required.into(),
        client.pkce_optional.into(),
        client.rfc9068.into(),
        client.id.into(),
    ]
}

fn read(row: &Row) -> Result<Client, Error> {
    Ok(Client {
        id: ClientId(row.uuid(0)?),
        client_id: row.text(1)?,
        scope: row.scope(2)?,
        name: row.text(3)?,
        description: row.opt_text(4)?,
        public: row.bool(5)?,
        grants: json_list::read_as(row.str(6)?, Grant::parse)?,
        scopes: json_list::read(row.str(7)?)?,
        optional_scopes: json_list::read(row.str(18)?)?,
        consent_required: row.bool(19)?,
        pkce_optional: row.bool(20)?,
        rfc9068: row.bool(21)?,
        redirect_uris: json_list::read(row.str(8)?)?,
        roles: json_list::read(row.str(9)?)?,
        rights: roles::read_rights(row.str(10)?)?,
        contact_centers: json_list::read_as(row.str(11)?, |id| TenantId::parse(id).ok())?,
        authorities: json_list::read(row.str(12)?)?,
        access_ttl_s: Some(row.u32(13)?).filter(|seconds| *seconds > 0),
        refresh_ttl_s: row.u32(14)?,
        enabled: row.bool(15)?,
        created_at: row.timestamp(16)?,
        version: row.u32(17)?,
    })
}

fn read_secret(row: &Row) -> Result<Option<ClientSecret>, Error> {
    match (row.is_null(22), row.opt_blob(23)?) {
        (false, Some(sealed_digest)) => {
            Ok(Some(ClientSecret { generation: row.i32(22)?, sealed_digest }))
        }
        (true, None) => Ok(None),
        _ => Err(Error::corrupt("half of a client's secret")),
    }
}
