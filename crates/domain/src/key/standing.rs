//! What can be against a key by itself, told one from the other.

use super::Key;
use crate::time::Timestamp;

/// What is against a key at an instant. Of several the first counts: what ended comes before what is switched
/// off or yet to begin, because nobody mends that by a switch or by waiting. A call is answered in the order of
/// the verdicts, where the end comes last.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// For good.
    Revoked,
    /// Past its end, or that of a secret that nobody rotated.
    Expired,
    /// Switched off.
    Disabled,
    /// Switched on, and held back by a policy because nobody used it.
    Held,
    /// Before its start.
    NotYetValid,
}

impl Standing {
    /// All of them, in their order.
    pub const ALL: [Self; 5] =
        [Self::Revoked, Self::Expired, Self::Disabled, Self::Held, Self::NotYetValid];

    /// The word for it on our wires.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::Disabled => "disabled",
            Self::Held => "held",
            Self::NotYetValid => "notYetValid",
        }
    }

    /// Reads the word.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.as_str() == text)
    }
}

impl Key {
    /// What is against it at `now`; `None`: nothing of its own.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Option<Standing> {
        if self.is_revoked(now) {
            Some(Standing::Revoked)
        } else if self.ends_at().is_some_and(|end| end <= now) {
            Some(Standing::Expired)
        } else if !self.enabled {
            Some(Standing::Disabled)
        } else if self.held_at.is_some() {
            Some(Standing::Held)
        } else if self.starts_at.is_some_and(|start| start > now) {
            Some(Standing::NotYetValid)
        } else {
            None
        }
    }
}
