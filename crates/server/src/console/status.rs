//! Where a key stands, in a word and with a sign: never by colour alone.

use super::when::{self, When};
use domain::{
    key::{Key, SOON_DAYS, Standing, days_left},
    time::Timestamp,
};

/// What a chip shows.
#[derive(Clone, Debug)]
pub(super) struct Chip {
    /// Which of the styles: `good`, `calm`, `soon`, `bad`, `off`.
    pub(super) tone: &'static str,
    /// The sign before the words.
    pub(super) icon: &'static str,
    /// The words.
    pub(super) text: String,
    /// Since or until when, exactly.
    pub(super) when: Option<When>,
}

impl Chip {
    /// A chip that says no more than its words.
    pub(super) fn plain(tone: &'static str, icon: &'static str, text: &str) -> Self {
        Self { tone, icon, text: text.to_owned(), when: None }
    }

    /// What is switched on or off.
    pub(super) fn switched(enabled: bool) -> Self {
        match enabled {
            true => Self::plain("good", "check", "Enabled"),
            false => Self::plain("off", "pause", "Disabled"),
        }
    }
}

/// What stands against a key, in words.
pub(super) const fn in_words(standing: Standing) -> &'static str {
    match standing {
        Standing::Revoked => "Revoked",
        Standing::Expired => "Expired",
        Standing::Disabled => "Disabled",
        Standing::Held => "Held back",
        Standing::NotYetValid => "Not yet valid",
    }
}

/// The status of a key. `rotating`: two of its secrets are good at this instant.
pub(super) fn of(key: &Key, rotating: bool, now: Timestamp) -> Chip {
    let chip = |tone, icon, text: &str, at| Chip {
        tone,
        icon,
        text: text.to_owned(),
        when: When::maybe(at, now),
    };
    if let Some(standing) = key.standing(now) {
        let (tone, icon, at) = match standing {
            Standing::Revoked => ("bad", "ban", key.revoked_at),
            Standing::Expired => ("bad", "clock", key.ends_at()),
            Standing::Disabled => ("off", "pause", None),
            Standing::Held => ("off", "pause", key.held_at),
            Standing::NotYetValid => ("calm", "clock", key.starts_at),
        };
        return chip(tone, icon, in_words(standing), at);
    }
    if rotating {
        return chip("calm", "rotate", "Rotating", None);
    }
    ending(key, now).unwrap_or_else(|| chip("good", "check", "Available", None))
}

/// When a key ends, in words; `None`: nothing ends it.
pub(super) fn ending(key: &Key, now: Timestamp) -> Option<Chip> {
    let end = key.unavailable_at()?;
    let days = days_left(end, now);
    let (tone, icon) = if days <= SOON_DAYS { ("soon", "clock") } else { ("good", "check") };
    let verb = if key.revoked_at == Some(end) { "Revoked" } else { "Expires" };
    // Of its last day one wants to know the hours.
    let text = match days {
        ..=1 => format!("{verb} {}", when::relative(end, now)),
        _ => format!("{verb} in {days} days"),
    };
    Some(Chip { when: Some(When::of(end, now)), ..Chip::plain(tone, icon, &text) })
}
