//! OAuth tokens, by the digest of their text. Access tokens are also in memory.
//!
//! A sign-in that gets a refresh token founds a family. The family's row is locked first by whoever
//! refreshes, adds or revokes, so that no pair can be added behind the back of a revocation.

mod families;
mod row;
mod write;

pub use families::{SignIn, find_sign_in, found, revoke_by_session};
pub use write::{
    insert_pair, prune, revoke_access, revoke_all_but_session, revoke_all_sessions,
    revoke_by_client, revoke_by_principal, revoke_family, revoke_others, use_refresh,
};

use crate::{Error, Read};
use domain::{
    id::ClientId,
    secret::SecretDigest,
    time::Timestamp,
    token::{Token, TokenKind},
};
use row::{read, read_state};
use verifier::TokenState;

/// `SELECT` every column that [`read`] reads, in its order; then what follows `WHERE`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT digest, kind, family, principal_kind, principal, client, scope, issued_at, expires_at,
             state, ended_at
             FROM tokens WHERE ",
            $rest
        )
    };
}

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
    r.query_one(select!("digest = $1"), &[digest.into()])?
        .map(|row| Ok((read(&row)?, read_state(&row)?)))
        .transpose()
}

/// Access tokens that live at `now`, in the order of their digests behind `after`: for the load.
pub(crate) fn live_access(
    r: &mut Read,
    now: Timestamp,
    after: Option<&SecretDigest>,
    limit: u32,
) -> Result<Vec<TokenState>, Error> {
    r.query(
        select!(
            "digest > $1 AND kind = 0 AND state = 0 AND expires_at > $2
             ORDER BY digest LIMIT $3"
        ),
        &[after.map_or_else(Vec::new, |d| d.as_bytes().to_vec()).into(), now.into(), limit.into()],
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
