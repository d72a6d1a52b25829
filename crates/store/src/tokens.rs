//! OAuth tokens, by the digest of their text. Access tokens are also in memory.
//!
//! A sign-in that gets a refresh token founds a family. The family's row is locked first by whoever
//! refreshes, adds or revokes, so that no pair can be added behind the back of a revocation.

use crate::{Apply, Bookkeeping, Error, Read, Row, Writer};
use domain::{
    actor::PrincipalId,
    id::{ClientId, FamilyId, PersonId},
    secret::SecretDigest,
    time::Timestamp,
    token::{Token, TokenKind},
};
use uuid::Uuid;
use verifier::TokenState;

/// Where a token stands, its end in time apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// It may be used.
    Live,
    /// A refresh token that was exchanged for its successors.
    Used {
        /// When.
        at: Timestamp,
        /// By which client.
        client: ClientId,
    },
    /// Revoked, alone or with its family.
    Revoked,
}

/// The same, as far as refresh tokens go.
pub type RefreshState = State;

const LIVE: i64 = 0;
const USED: i64 = 1;
const REVOKED: i64 = 2;

/// Stores an access token, and the refresh token that came with it.
///
/// # Errors
/// `Conflict("family")`: the family was revoked; `Conflict("token")`: a digest is taken.
pub fn insert_pair(
    b: &mut Bookkeeping,
    access: &Token,
    refresh: Option<&Token>,
) -> Result<(), Error> {
    enter_family(b, access.family, refresh)?;
    insert(b, access)?;
    if let Some(refresh) = refresh {
        insert(b, refresh)?;
    }
    b.changed(Apply::Token(Box::new(state_of(access))));
    Ok(())
}

/// The refresh token of this digest, whatever became of it.
///
/// # Errors
/// The database fails.
pub fn find_refresh(
    r: &mut Read,
    digest: &SecretDigest,
) -> Result<Option<(Token, RefreshState)>, Error> {
    Ok(find_any(r, digest)?.filter(|(token, _)| token.kind == TokenKind::Refresh))
}

/// The token of this digest, of either kind, whatever became of it.
///
/// # Errors
/// The database fails.
pub fn find_any(r: &mut Read, digest: &SecretDigest) -> Result<Option<(Token, State)>, Error> {
    r.query_one(
        "SELECT digest, kind, family, principal_kind, principal, client, scope, issued_at, expires_at,
             state, ended_at
         FROM tokens WHERE digest = $1",
        &[digest.into()],
    )?
    .map(|row| Ok((read(&row)?, read_state(&row)?)))
    .transpose()
}

/// Exchanges a refresh token: true for exactly one of all who try, as long as its family lives.
///
/// # Errors
/// The database fails.
pub fn use_refresh(
    b: &mut Bookkeeping,
    digest: &SecretDigest,
    at: Timestamp,
) -> Result<bool, Error> {
    let family = b.execute(
        "UPDATE token_families SET uses = uses + 1
         WHERE id = (SELECT family FROM tokens WHERE digest = $1) AND revoked_at IS NULL",
        &[digest.into()],
    )?;
    if family == 0 {
        return Ok(false);
    }
    let won = b.execute(
        "UPDATE tokens SET state = 1, ended_at = $1 WHERE digest = $2 AND kind = 1 AND state = 0",
        &[at.into(), digest.into()],
    )?;
    Ok(won == 1)
}

/// Revokes every token that descends from one sign-in. False: there was nothing left to revoke.
///
/// # Errors
/// The database fails.
pub fn revoke_family(w: &mut Writer, family: FamilyId, at: Timestamp) -> Result<bool, Error> {
    let id = *family.0.as_bytes();
    w.execute(
        "UPDATE token_families SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL",
        &[at.into(), id.into()],
    )?;
    let ended = w.execute(
        "UPDATE tokens SET state = 2, ended_at = $1 WHERE family = $2 AND state <> 2",
        &[at.into(), id.into()],
    )?;
    w.changed(Apply::FamilyRemoved(family));
    Ok(ended > 0)
}

/// Revokes one access token. False: there is no such one, or it was revoked before.
///
/// # Errors
/// The database fails.
pub fn revoke_access(w: &mut Writer, digest: &SecretDigest, at: Timestamp) -> Result<bool, Error> {
    let ended = w.execute(
        "UPDATE tokens SET state = 2, ended_at = $1 WHERE digest = $2 AND kind = 0 AND state = 0",
        &[at.into(), digest.into()],
    )?;
    w.changed(Apply::TokenRemoved(*digest));
    Ok(ended == 1)
}

/// Revokes every token of a person or client, and their families. How many tokens it were.
///
/// # Errors
/// The database fails.
pub fn revoke_by_principal(
    w: &mut Writer,
    principal: PrincipalId,
    at: Timestamp,
) -> Result<u64, Error> {
    let (_, id) = parts(principal);
    w.execute(
        "UPDATE token_families SET revoked_at = $1 WHERE principal = $2 AND revoked_at IS NULL",
        &[at.into(), id.into()],
    )?;
    let ended = w.execute(
        "UPDATE tokens SET state = 2, ended_at = $1 WHERE principal = $2 AND state <> 2",
        &[at.into(), id.into()],
    )?;
    w.changed(Apply::TokensOfRemoved(principal));
    Ok(ended)
}

/// Removes what ended before `before`. Returns how many tokens; memory lets them go by itself.
///
/// # Errors
/// The database fails.
pub fn prune(b: &mut Bookkeeping, before: Timestamp) -> Result<u64, Error> {
    let gone = b.execute(
        "DELETE FROM tokens WHERE digest IN
             (SELECT digest FROM tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT 10000)",
        &[before.into()],
    )?;
    b.execute(
        "DELETE FROM token_families WHERE id IN
             (SELECT id FROM token_families WHERE expires_at < $1 ORDER BY expires_at LIMIT 10000)",
        &[before.into()],
    )?;
    Ok(gone)
}

/// Access tokens that live at `now`, in the order of their digests behind `after`: for the load.
pub(crate) fn live_access(
    r: &mut Read,
    now: Timestamp,
    after: Option<&SecretDigest>,
    limit: u32,
) -> Result<Vec<TokenState>, Error> {
    r.query(
        "SELECT digest, kind, family, principal_kind, principal, client, scope, issued_at, expires_at,
             state, ended_at
         FROM tokens WHERE digest > $1 AND kind = 0 AND state = 0 AND expires_at > $2
         ORDER BY digest LIMIT $3",
        &[
            after.map_or_else(Vec::new, |d| d.as_bytes().to_vec()).into(),
            now.into(),
            limit.into(),
        ],
    )?
    .iter()
    .map(|row| Ok(state_of(&read(row)?)))
    .collect()
}

/// What memory holds of an access token that is live; `None`: nothing, or no longer.
pub(crate) fn state(r: &mut Read, digest: &SecretDigest) -> Result<Option<TokenState>, Error> {
    Ok(find_any(r, digest)?
        .filter(|(token, state)| token.kind == TokenKind::Access && *state == State::Live)
        .map(|(token, _)| state_of(&token)))
}

fn state_of(token: &Token) -> TokenState {
    TokenState {
        digest: token.digest,
        principal: token.principal,
        client: token.client,
        family: token.family,
        scope: token.scope.clone(),
        issued_at: token.issued_at,
        expires_at: token.expires_at,
    }
}

/// Locks the family's row, or founds the family. A sign-in without a refresh token needs none.
fn enter_family(
    b: &mut Bookkeeping,
    family: FamilyId,
    refresh: Option<&Token>,
) -> Result<(), Error> {
    let id = *family.0.as_bytes();
    if let Some(refresh) = refresh {
        let (_, principal) = parts(refresh.principal);
        let founded = b.execute(
            "INSERT INTO token_families (id, principal, uses, expires_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT DO NOTHING",
            &[id.into(), principal.into(), 0_i64.into(), refresh.expires_at.into()],
        )?;
        if founded == 1 {
            return Ok(());
        }
    }
    let known = b.query_one(
        "SELECT revoked_at FROM token_families WHERE id = $1 FOR UPDATE",
        &[id.into()],
    )?;
    if known.is_some_and(|row| !row.is_null(0)) {
        return Err(Error::Conflict("family"));
    }
    if let Some(refresh) = refresh {
        // The family's row must outlive its youngest token.
        b.execute(
            "UPDATE token_families SET expires_at = $1 WHERE id = $2 AND expires_at < $1",
            &[refresh.expires_at.into(), id.into()],
        )?;
    }
    Ok(())
}

fn insert(b: &mut Bookkeeping, token: &Token) -> Result<(), Error> {
    let (principal_kind, principal) = parts(token.principal);
    let written = b.execute(
        "INSERT INTO tokens (digest, kind, family, principal_kind, principal, client, scope, issued_at,
             expires_at, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        &[
            token.digest.into(),
            match token.kind {
                TokenKind::Access => 0_i64,
                TokenKind::Refresh => 1,
            }
            .into(),
            token.family.0.as_bytes().into(),
            principal_kind.into(),
            principal.into(),
            token.client.0.as_bytes().into(),
            token.scope.as_str().into(),
            token.issued_at.into(),
            token.expires_at.into(),
            LIVE.into(),
        ],
    )?;
    if written == 0 {
        return Err(Error::Conflict("token"));
    }
    Ok(())
}

fn parts(principal: PrincipalId) -> (i64, [u8; 16]) {
    match principal {
        PrincipalId::Person(id) => (0, *id.0.as_bytes()),
        PrincipalId::Client(id) => (1, *id.0.as_bytes()),
    }
}

fn read(row: &Row) -> Result<Token, Error> {
    let uuid = |column| row.bytes(column).map(Uuid::from_bytes);
    Ok(Token {
        digest: row.digest(0)?,
        kind: match row.int(1)? {
            0 => TokenKind::Access,
            1 => TokenKind::Refresh,
            _ => return Err(Error::corrupt("a token of an unknown kind")),
        },
        family: FamilyId(uuid(2)?),
        principal: match row.int(3)? {
            0 => PrincipalId::Person(PersonId(uuid(4)?)),
            1 => PrincipalId::Client(ClientId(uuid(4)?)),
            _ => return Err(Error::corrupt("a token of an unknown kind of principal")),
        },
        client: ClientId(uuid(5)?),
        scope: row.text(6)?,
        issued_at: row.timestamp(7)?,
        expires_at: row.timestamp(8)?,
    })
}

fn read_state(row: &Row) -> Result<State, Error> {
    match row.int(9)? {
        LIVE => Ok(State::Live),
        USED => Ok(State::Used {
            at: row.timestamp(10)?,
            client: ClientId(row.bytes(5).map(Uuid::from_bytes)?),
        }),
        REVOKED => Ok(State::Revoked),
        _ => Err(Error::corrupt("a token in an unknown state")),
    }
}
