//! Browsers that are signed in, and what persons agreed to there.

pub use crate::id::SessionId;

use crate::{id::PersonId, time::Timestamp};

/// A browser that is signed in. What it presents is not part of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// Its id: clients know it as `sid`.
    pub id: SessionId,
    /// Who signed in.
    pub person: PersonId,
    /// When they proved who they are, the last time.
    pub authenticated_at: Timestamp,
    /// When the browser was seen last, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends, whatever happens until then.
    pub expires_at: Timestamp,
    /// Where the browser was.
    pub address: Option<String>,
    /// What the browser called itself.
    pub agent: Option<String>,
}

/// Without a call for so long a session is over (SE-02).
pub const IDLE_S: u32 = 3_600;
/// After so long a session is over whatever is called (SE-02).
pub const ABSOLUTE_S: u32 = 86_400;
/// The longest name of a browser that is kept.
const AGENT_CHARS: usize = 255;

impl Session {
    /// Whether it is over at `now`, with so long a rest allowed.
    #[must_use]
    pub fn is_over(&self, now: Timestamp, idle_s: u32) -> bool {
        now >= self.expires_at || now >= self.last_seen_at.plus_seconds(idle_s.into())
    }
}

/// A browser's name as it is kept: printable, and not for ever.
#[must_use]
pub fn agent(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(AGENT_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn se_02_a_session_ends_by_rest_and_by_age() {
        let at = |s: i64| Timestamp::from_millis(s * 1_000);
        let session = |seen| Session {
            id: SessionId::from_u128(1),
            person: PersonId::from_u128(2),
            authenticated_at: at(0),
            last_seen_at: at(seen),
            expires_at: at(86_400),
            address: None,
            agent: None,
        };
        assert!(!session(0).is_over(at(3_599), IDLE_S));
        assert!(session(0).is_over(at(3_600), IDLE_S));
        assert!(!session(86_399).is_over(at(86_399), IDLE_S));
        assert!(session(86_399).is_over(at(86_400), IDLE_S));
    }

    #[test]
    fn a_browsers_name_is_cut_and_has_no_control_characters() {
        assert_eq!(agent("Fire\nfox"), "Firefox");
        assert_eq!(agent(&"é".repeat(300)).chars().count(), 255);
    }
}
