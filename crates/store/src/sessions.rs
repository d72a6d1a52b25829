//! Browsers that are signed in, by the digest of what they present. Nothing of it is in memory: who asks
//! reads the row, so an end holds on every node at once.

use crate::{Bookkeeping, Error, Read, Row, Writer, tokens};
use domain::{
    id::PersonId,
    secret::SecretDigest,
    session::{Session, SessionId},
    time::Timestamp,
};
use uuid::Uuid;

/// `SELECT` every column that [`read`] reads, in its order; then what follows `WHERE`.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, person, authenticated_at, last_seen_at, expires_at, address, agent
             FROM sessions WHERE ",
            $rest
        )
    };
}

/// Adds a session.
///
/// # Errors
/// `Conflict("session")`: the digest or the id is taken.
pub fn insert(w: &mut Writer, digest: &SecretDigest, session: &Session) -> Result<(), Error> {
    let written = w.execute(
        "INSERT INTO sessions (digest, id, person, authenticated_at, last_seen_at, expires_at, address, agent)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
        &[
            digest.into(),
            session.id.to_string().into(),
            session.person.0.as_bytes().into(),
            session.authenticated_at.into(),
            session.last_seen_at.into(),
            session.expires_at.into(),
            session.address.as_deref().into(),
            session.agent.as_deref().into(),
        ],
    )?;
    if written == 0 { Err(Error::Conflict("session")) } else { Ok(()) }
}

/// The session of this digest, unless it was ended.
///
/// # Errors
/// The database fails.
pub fn find(r: &mut Read, digest: &SecretDigest) -> Result<Option<Session>, Error> {
    r.query_one(select!("digest = $1 AND ended_at IS NULL"), &[digest.into()])?
        .map(|row| read(&row))
        .transpose()
}

/// The session of this person and id, unless it was ended.
///
/// # Errors
/// The database fails.
pub fn find_of(r: &mut Read, person: PersonId, id: SessionId) -> Result<Option<Session>, Error> {
    r.query_one(
        select!("id = $1 AND person = $2 AND ended_at IS NULL"),
        &[id.to_string().into(), person.0.as_bytes().into()],
    )?
    .map(|row| read(&row))
    .transpose()
}

/// The session of this id, unless it was ended.
///
/// # Errors
/// The database fails.
pub fn find_by_id(r: &mut Read, id: SessionId) -> Result<Option<Session>, Error> {
    r.query_one(select!("id = $1 AND ended_at IS NULL"), &[id.to_string().into()])?
        .map(|row| read(&row))
        .transpose()
}

/// Whether a session stands, held against its end until this transaction ends: what founds tokens on a
/// session must not do so behind the back of its end.
///
/// # Errors
/// The database fails.
pub fn is_open(b: &mut Bookkeeping, id: SessionId) -> Result<bool, Error> {
    let row = b.query_one(
        "SELECT 1 FROM sessions WHERE id = $1 AND ended_at IS NULL FOR SHARE",
        &[id.to_string().into()],
    )?;
    Ok(row.is_some())
}

/// A person's sessions that were not ended and whose end is yet to come, the youngest sign-in first.
///
/// # Errors
/// The database fails.
pub fn list(r: &mut Read, person: PersonId, now: Timestamp) -> Result<Vec<Session>, Error> {
    r.query(
        select!(
            "person = $1 AND ended_at IS NULL AND expires_at > $2
             ORDER BY authenticated_at DESC, id LIMIT 200"
        ),
        &[person.0.as_bytes().into(), now.into()],
    )?
    .iter()
    .map(read)
    .collect()
}

/// Notes that the browser was seen.
///
/// # Errors
/// The database fails.
pub fn update_seen(b: &mut Bookkeeping, id: SessionId, at: Timestamp) -> Result<(), Error> {
    b.execute(
        "UPDATE sessions SET last_seen_at = $1 WHERE id = $2 AND last_seen_at < $1 AND ended_at IS NULL",
        &[at.into(), id.to_string().into()],
    )?;
    Ok(())
}

/// Gives a session that stands another digest, after its person proved themselves again: what the browser
/// presented until then is dead. False: it was ended meanwhile.
///
/// # Errors
/// The database fails.
pub fn update_digest(
    w: &mut Writer,
    digest: &SecretDigest,
    renewed: &Session,
) -> Result<bool, Error> {
    let written = w.execute(
        "UPDATE sessions SET digest = $1, authenticated_at = $2, last_seen_at = $3, expires_at = $4,
             address = $5, agent = $6
         WHERE id = $7 AND person = $8 AND ended_at IS NULL",
        &[
            digest.into(),
            renewed.authenticated_at.into(),
            renewed.last_seen_at.into(),
            renewed.expires_at.into(),
            renewed.address.as_deref().into(),
            renewed.agent.as_deref().into(),
            renewed.id.to_string().into(),
            renewed.person.0.as_bytes().into(),
        ],
    )?;
    Ok(written == 1)
}

/// Ends a session and every token that it brought forth. False: it had ended before.
///
/// # Errors
/// The database fails.
pub fn end(w: &mut Writer, id: SessionId, at: Timestamp) -> Result<bool, Error> {
    let ended = w.execute(
        "UPDATE sessions SET ended_at = $1 WHERE id = $2 AND ended_at IS NULL",
        &[at.into(), id.to_string().into()],
    )?;
    tokens::revoke_by_session(w, id, at)?;
    Ok(ended == 1)
}

/// Ends every session of whoever this is but the one that is kept; their tokens are ended by whoever
/// calls. How many sessions it were.
///
/// # Errors
/// The database fails.
pub(crate) fn end_of_principal(
    w: &mut Writer,
    principal: [u8; 16],
    kept: Option<SessionId>,
    at: Timestamp,
) -> Result<u64, Error> {
    w.execute(
        "UPDATE sessions SET ended_at = $1 WHERE person = $2 AND id <> $3 AND ended_at IS NULL",
        &[at.into(), principal.into(), kept.map_or_else(String::new, |id| id.to_string()).into()],
    )
}

/// Removes what ended before `before`, at most ten thousand sessions. Returns how many.
///
/// # Errors
/// The database fails.
pub fn prune(b: &mut Bookkeeping, before: Timestamp) -> Result<u64, Error> {
    b.execute(
        "DELETE FROM sessions WHERE digest IN
             (SELECT digest FROM sessions WHERE expires_at < $1 ORDER BY expires_at LIMIT 10000)",
        &[before.into()],
    )
}

fn read(row: &Row) -> Result<Session, Error> {
    Ok(Session {
        id: SessionId(row.uuid(0)?),
        person: PersonId(row.bytes(1).map(Uuid::from_bytes)?),
        authenticated_at: row.timestamp(2)?,
        last_seen_at: row.timestamp(3)?,
        expires_at: row.timestamp(4)?,
        address: row.opt_text(5)?,
        agent: row.opt_text(6)?,
    })
}
