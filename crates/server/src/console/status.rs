//! Where a key stands, in a word and with a sign: never by colour alone.

use super::when::When;
use domain::{
    key::{Key, Standing, days_left},
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
    match key.unavailable_at() {
        Some(end) => {
            let days = days_left(end, now);
            let tone = if days <= domain::key::SOON_DAYS { "soon" } else { "good" };
            let verb = if key.revoked_at == Some(end) { "Revoked" } else { "Expires" };
            let text = if days == 1 {
                format!("{verb} in 1 day")
            } else {
                format!("{verb} in {days} days")
            };
            chip(tone, if tone == "soon" { "clock" } else { "check" }, &text, Some(end))
        }
        None => chip("good", "check", "Available", None),
    }
}
