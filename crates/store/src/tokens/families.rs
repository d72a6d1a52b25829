//! Families that a realm founds: what is known of the sign-in that they came of, and their end with it.

use super::{revoke_family, row::parts};
use crate::{Bookkeeping, Error, Read, Row, Writer};
use domain::{
    id::{FamilyId, SessionId},
    time::Timestamp,
    token::Token,
};
use uuid::Uuid;

/// What a family keeps of the sign-in that founded it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SignIn {
    /// The browser's session; `None`: no browser was there.
    pub session: Option<SessionId>,
    /// When the person proved who they are.
    pub authenticated_at: Timestamp,
}

/// Founds a family of a sign-in, before its first pair is inserted. A client that gets no refresh token
/// has one too: the end of the session must find its tokens.
///
/// # Errors
/// The database fails.
pub fn found(b: &mut Bookkeeping, first: &Token, sign_in: SignIn) -> Result<(), Error> {
    let (_, principal) = parts(first.principal);
    b.execute(
        "INSERT INTO token_families (id, principal, uses, expires_at, session, authenticated_at)
         VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            first.family.0.as_bytes().into(),
            principal.into(),
            0_i64.into(),
            first.expires_at.into(),
            sign_in.session.map(|id| id.to_string()).into(),
            sign_in.authenticated_at.into(),
        ],
    )?;
    Ok(())
}

/// The sign-in that a family came of; `None`: it was not told of.
///
/// # Errors
/// The database fails.
pub fn find_sign_in(r: &mut Read, family: FamilyId) -> Result<Option<SignIn>, Error> {
    r.query_one(
        "SELECT session, authenticated_at FROM token_families
         WHERE id = $1 AND authenticated_at IS NOT NULL",
        &[family.0.as_bytes().into()],
    )?
    .map(|row| read(&row))
    .transpose()
}

/// Revokes every token that a session brought forth. How many families it were.
///
/// # Errors
/// The database fails.
pub fn revoke_by_session(w: &mut Writer, session: SessionId, at: Timestamp) -> Result<u64, Error> {
    let families = w.query(
        "SELECT id FROM token_families WHERE session = $1 AND revoked_at IS NULL",
        &[session.to_string().into()],
    )?;
    for row in &families {
        revoke_family(w, FamilyId(Uuid::from_bytes(row.bytes(0)?)), at)?;
    }
    Ok(families.len().try_into().unwrap_or(u64::MAX))
}

fn read(row: &Row) -> Result<SignIn, Error> {
    Ok(SignIn { session: row.opt_uuid(0)?.map(SessionId), authenticated_at: row.timestamp(1)? })
}
