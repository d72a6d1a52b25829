//! How a key ended, and with that what brings it back.

use crate::console::when::When;
use domain::{key::Key, time::Timestamp};

/// How a key ended.
pub(in crate::console) enum End {
    /// Past its own date.
    Expired(When),
    /// Its secret ended, and nobody rotated it.
    SecretEnded(When),
    Revoked(When),
}

impl End {
    /// How this key ended; `None`: it has not.
    pub(in crate::console) fn of(key: &Key, now: Timestamp) -> Option<Self> {
        let passed = |at: Option<Timestamp>| at.filter(|at| *at <= now);
        if let Some(at) = passed(key.revoked_at) {
            return Some(Self::Revoked(When::of(at, now)));
        }
        let at = passed(key.ends_at())?;
        Some(match key.expires_at == Some(at) {
            true => Self::Expired(When::of(at, now)),
            false => Self::SecretEnded(When::of(at, now)),
        })
    }
}
