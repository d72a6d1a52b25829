//! Codes on their way from a browser to a client (RFC 6749 section 4.1.2), by their digest. A used one
//! keeps the family that it founded: its second use ends that.

use crate::{Bookkeeping, Error, Read, Row};
use domain::{
    id::{ClientId, FamilyId, PersonId, SessionId, TenantId},
    secret::SecretDigest,
    time::Timestamp,
};
use uuid::Uuid;

const LIVE: i64 = 0;
const USED: i64 = 1;

/// `SELECT` every column that [`read`] reads, in its order; then what follows `WHERE`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT digest, client, realm, person, proven, session, redirect_uri, scope, challenge, nonce,
                 authenticated_at, issued_at, expires_at, state, family
             FROM authorization_codes WHERE ",
            $rest
        )
    };
}

/// A code as it is stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Code {
    /// SHA-256 of its text.
    pub digest: SecretDigest,
    /// The client that asked for it.
    pub client: ClientId,
    /// The tenant in whose realm it is exchanged; `None`: at the token service above realms.
    pub realm: Option<TenantId>,
    /// Who signed in.
    pub person: PersonId,
    /// Their version then.
    pub proven: u32,
    /// The browser's session.
    pub session: SessionId,
    /// Where it was sent to.
    pub redirect_uri: String,
    /// What it grants.
    pub scope: String,
    /// The challenge of RFC 7636, made by S256; `None`: the client may do without, and did.
    pub challenge: Option<String>,
    /// What the ID token repeats.
    pub nonce: Option<String>,
    /// When the person proved who they are.
    pub authenticated_at: Timestamp,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// Where a code stands, its end in time apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It may be exchanged.
    Live,
    /// It was, and founded this family.
    Used(FamilyId),
}

/// Adds a code.
///
/// # Errors
/// `Conflict("code")`: the digest is taken.
pub fn insert(b: &mut Bookkeeping, code: &Code) -> Result<(), Error> {
    let written = b.execute(
        "INSERT INTO authorization_codes (digest, client, realm, person, proven, session, redirect_uri,
             scope, challenge, nonce, authenticated_at, issued_at, expires_at, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING",
        &[
            code.digest.into(),
            code.client.0.as_bytes().into(),
            code.realm.into(),
            code.person.0.as_bytes().into(),
            code.proven.into(),
            code.session.to_string().into(),
            code.redirect_uri.as_str().into(),
            code.scope.as_str().into(),
            code.challenge.as_deref().into(),
            code.nonce.as_deref().into(),
            code.authenticated_at.into(),
            code.issued_at.into(),
            code.expires_at.into(),
            LIVE.into(),
        ],
    )?;
    if written == 0 { Err(Error::Conflict("code")) } else { Ok(()) }
}

/// The code of this digest, whatever became of it.
///
/// # Errors
/// The database fails.
pub fn find(r: &mut Read, digest: &SecretDigest) -> Result<Option<(Code, State)>, Error> {
    r.query_one(select!("digest = $1"), &[digest.into()])?.map(|row| read(&row)).transpose()
}

/// Exchanges a code: true for exactly one of all who try.
///
/// # Errors
/// The database fails.
pub fn use_once(
    b: &mut Bookkeeping,
    digest: &SecretDigest,
    family: FamilyId,
) -> Result<bool, Error> {
    let won = b.execute(
        "UPDATE authorization_codes SET state = 1, family = $1 WHERE digest = $2 AND state = 0",
        &[family.0.as_bytes().into(), digest.into()],
    )?;
    Ok(won == 1)
}

/// Removes what ended before `before`, at most ten thousand codes. Returns how many.
///
/// # Errors
/// The database fails.
pub fn prune(b: &mut Bookkeeping, before: Timestamp) -> Result<u64, Error> {
    b.execute(
        "DELETE FROM authorization_codes WHERE digest IN
             (SELECT digest FROM authorization_codes WHERE expires_at < $1 ORDER BY expires_at LIMIT 10000)",
        &[before.into()],
    )
}

fn read(row: &Row) -> Result<(Code, State), Error> {
    let uuid = |column| row.bytes(column).map(Uuid::from_bytes);
    let state = match row.int(13)? {
        LIVE => State::Live,
        USED => State::Used(FamilyId(uuid(14)?)),
        _ => return Err(Error::corrupt("a code in an unknown state")),
    };
    let code = Code {
        digest: row.digest(0)?,
        client: ClientId(uuid(1)?),
        realm: row.opt_uuid(2)?.map(TenantId),
        person: PersonId(uuid(3)?),
        proven: row.u32(4)?,
        session: SessionId(row.uuid(5)?),
        redirect_uri: row.text(6)?,
        scope: row.text(7)?,
        challenge: row.opt_text(8)?,
        nonce: row.opt_text(9)?,
        authenticated_at: row.timestamp(10)?,
        issued_at: row.timestamp(11)?,
        expires_at: row.timestamp(12)?,
    };
    Ok((code, state))
}
