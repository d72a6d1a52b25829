//! Issuing, exchanging and ending tokens.

use super::{
    find_sign_in,
    row::{LIVE, parts},
    state_of,
};
use crate::{Apply, Bookkeeping, Error, Writer, sessions};
use domain::{
    actor::PrincipalId,
    id::{ClientId, FamilyId, PersonId, SessionId},
    secret::SecretDigest,
    time::Timestamp,
    token::{Token, TokenKind},
};
use uuid::Uuid;

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

/// Revokes every token of a person or client, and their families, and ends a person's sessions. How
/// many tokens it were.
///
/// # Errors
/// The database fails.
pub fn revoke_by_principal(
    w: &mut Writer,
    principal: PrincipalId,
    at: Timestamp,
) -> Result<u64, Error> {
    revoke_all(w, principal, None, at)
}

/// Ends every session of a person with the tokens that they brought forth; tokens that were got by a password
/// alone stay.
///
/// # Errors
/// The database fails.
pub fn revoke_all_sessions(w: &mut Writer, person: PersonId, at: Timestamp) -> Result<(), Error> {
    let (_, id) = parts(PrincipalId::Person(person));
    // First: a code that is being exchanged holds its session until it is done.
    sessions::end_of_principal(w, id, None, at)?;
    let families = w.query(
        "SELECT id FROM token_families
         WHERE principal = $1 AND session IS NOT NULL AND revoked_at IS NULL",
        &[id.into()],
    )?;
    for row in &families {
        revoke_family(w, FamilyId(Uuid::from_bytes(row.bytes(0)?)), at)?;
    }
    Ok(())
}

/// As [`revoke_by_principal`], but for one session, in which it was asked for. The tokens that it brought forth end, too.
///
/// # Errors
/// The database fails.
pub fn revoke_all_but_session(
    w: &mut Writer,
    principal: PrincipalId,
    kept: SessionId,
    at: Timestamp,
) -> Result<u64, Error> {
    revoke_all(w, principal, Some(kept), at)
}

fn revoke_all(
    w: &mut Writer,
    principal: PrincipalId,
    kept: Option<SessionId>,
    at: Timestamp,
) -> Result<u64, Error> {
    let (_, id) = parts(principal);
    // First: a code that is being exchanged holds its session until it is done.
    sessions::end_of_principal(w, id, kept, at)?;
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

/// Revokes every token that a client was given, for itself or for persons, and their families. How
/// many families of persons it were.
///
/// # Errors
/// The database fails.
pub fn revoke_by_client(w: &mut Writer, client: ClientId, at: Timestamp) -> Result<u64, Error> {
    revoke_by_principal(w, PrincipalId::Client(client), at)?;
    let families = w.query(
        "SELECT DISTINCT family FROM tokens WHERE client = $1 AND state <> 2",
        &[client.0.as_bytes().into()],
    )?;
    for row in &families {
        revoke_family(w, FamilyId(Uuid::from_bytes(row.bytes(0)?)), at)?;
    }
    Ok(families.len().try_into().unwrap_or(u64::MAX))
}

/// Revokes every token of a person or client but those of one family, and ends a person's sessions but the
/// one of that family. How many families it were.
///
/// # Errors
/// The database fails.
pub fn revoke_others(
    w: &mut Writer,
    principal: PrincipalId,
    kept: FamilyId,
    at: Timestamp,
) -> Result<u64, Error> {
    let (_, id) = parts(principal);
    let session = find_sign_in(w, kept)?.and_then(|sign_in| sign_in.session);
    sessions::end_of_principal(w, id, session, at)?;
    let others = w.query(
        "SELECT DISTINCT family FROM tokens WHERE principal = $1 AND family <> $2 AND state <> 2",
        &[id.into(), kept.0.as_bytes().into()],
    )?;
    for row in &others {
        revoke_family(w, FamilyId(Uuid::from_bytes(row.bytes(0)?)), at)?;
    }
    Ok(others.len().try_into().unwrap_or(u64::MAX))
}

/// Removes what ended before `before`, at most ten thousand tokens and as many families. Returns how
/// many; memory lets them go by itself.
///
/// # Errors
/// The database fails.
pub fn prune(b: &mut Bookkeeping, before: Timestamp) -> Result<u64, Error> {
    let gone = b.execute(
        "DELETE FROM tokens WHERE digest IN
             (SELECT digest FROM tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT 10000)",
        &[before.into()],
    )?;
    let families = b.execute(
        "DELETE FROM token_families WHERE id IN
             (SELECT id FROM token_families WHERE expires_at < $1 ORDER BY expires_at LIMIT 10000)",
        &[before.into()],
    )?;
    Ok(gone + families)
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
