//! Calls that are done once, however often they are repeated.

use crate::{Bookkeeping, Error, Read};
use domain::time::Timestamp;

/// How a call ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answered {
    /// The status of its answer.
    pub status: u16,
    /// The version that it made.
    pub etag: Option<String>,
    /// The answer's JSON, without any secret.
    pub answer: String,
}

/// What is known of a call.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    /// MAC over its path and body.
    pub body_mac: [u8; 32],
    /// When it began.
    pub at: Timestamp,
    /// How it ended; `None`: it is being worked on, or nobody knows.
    pub answered: Option<Answered>,
}

/// Notes that a call begins. False: one of this name began before, and stands as it is.
///
/// # Errors
/// The database fails.
pub fn begin(
    b: &mut Bookkeeping,
    key_mac: &[u8; 32],
    body_mac: &[u8; 32],
    at: Timestamp,
) -> Result<bool, Error> {
    let written = b.execute(
        "INSERT INTO idempotency (key_mac, body_mac, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        &[key_mac.into(), body_mac.into(), at.into()],
    )?;
    Ok(written == 1)
}

/// Notes how a call ended.
///
/// # Errors
/// The database fails.
pub fn finish(b: &mut Bookkeeping, key_mac: &[u8; 32], end: &Answered) -> Result<(), Error> {
    b.execute(
        "UPDATE idempotency SET status = $1, etag = $2, answer = $3 WHERE key_mac = $4",
        &[
            u32::from(end.status).into(),
            end.etag.as_deref().into(),
            end.answer.as_str().into(),
            key_mac.into(),
        ],
    )?;
    Ok(())
}

/// Forgets a call that did nothing.
///
/// # Errors
/// The database fails.
pub fn forget(b: &mut Bookkeeping, key_mac: &[u8; 32]) -> Result<(), Error> {
    b.execute("DELETE FROM idempotency WHERE key_mac = $1", &[key_mac.into()])?;
    Ok(())
}

/// The call of this name.
///
/// # Errors
/// The database fails.
pub fn find(r: &mut Read, key_mac: &[u8; 32]) -> Result<Option<Known>, Error> {
    let row = r.query_one(
        "SELECT body_mac, at, status, etag, answer FROM idempotency WHERE key_mac = $1",
        &[key_mac.into()],
    )?;
    row.map(|row| {
        let answered = match row.opt_u32(2)? {
            None => None,
            Some(status) => Some(Answered {
                status: u16::try_from(status).map_err(|_| Error::corrupt("no status"))?,
                etag: row.opt_text(3)?,
                answer: row.text(4)?,
            }),
        };
        Ok(Known { body_mac: row.bytes(0)?, at: row.timestamp(1)?, answered })
    })
    .transpose()
}

/// Forgets what began before `before`. Returns how many.
///
/// # Errors
/// The database fails.
pub fn prune(b: &mut Bookkeeping, before: Timestamp) -> Result<u64, Error> {
    b.execute(
        "DELETE FROM idempotency WHERE key_mac IN
             (SELECT key_mac FROM idempotency WHERE at < $1 ORDER BY at LIMIT 10000)",
        &[before.into()],
    )
}
