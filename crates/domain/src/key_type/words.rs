//! The words of key types: how rows and wires name their choices.

use super::{Actions, Format, KeyType, Place, Reveal, Settings, custom};
use std::fmt;

impl Format {
    /// The format's name.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Uuid => "uuid",
            Self::Random { .. } => "random",
            Self::Chosen => "chosen",
            Self::Jwt => "jwt",
        }
    }

    /// What its secrets begin with.
    #[must_use]
    pub fn prefix(&self) -> Option<&str> {
        match self {
            Self::Random { prefix } => Some(prefix),
            Self::Uuid | Self::Chosen | Self::Jwt => None,
        }
    }
}

impl Reveal {
    /// Every choice.
    pub const ALL: [Self; 3] = [Self::Once, Self::OnceAcknowledged, Self::Recoverable];

    /// The choice's name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Recoverable => "recoverable",
            Self::Once => "once",
            Self::OnceAcknowledged => "onceAcknowledged",
        }
    }

    /// Reads the name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.as_str() == text)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => write!(f, "header {name}"),
            Self::Bearer => f.write_str("bearer"),
            Self::Parameter(name) => write!(f, "parameter {name}"),
        }
    }
}

impl Place {
    /// Reads what `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(' ') {
            None if text == "bearer" => Some(Self::Bearer),
            Some(("header", name)) if custom::is_header(name) => {
                Some(Self::Header(name.to_owned().into()))
            }
            Some(("parameter", name)) if custom::is_parameter(name) => {
                Some(Self::Parameter(name.to_owned().into()))
            }
            _ => None,
        }
    }
}

impl Settings {
    /// Every setting.
    pub const ALL: Self = Self {
        name: true,
        description: true,
        expiry: true,
        limit: true,
        allow_list: true,
        permissions: true,
    };

    /// The names of the settings that may change.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        let Self { name, description, expiry, limit, allow_list, permissions } = self;
        let words = [
            ("name", name),
            ("description", description),
            ("expiry", expiry),
            ("limit", limit),
            ("allowList", allow_list),
            ("permissions", permissions),
        ];
        words.into_iter().filter_map(|(word, open)| open.then_some(word))
    }

    /// Reads the names; `None`: one of them is none.
    #[must_use]
    pub fn from_words<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut settings = Self::default();
        for word in words {
            *match word {
                "name" => &mut settings.name,
                "description" => &mut settings.description,
                "expiry" => &mut settings.expiry,
                "limit" => &mut settings.limit,
                "allowList" => &mut settings.allow_list,
                "permissions" => &mut settings.permissions,
                _ => return None,
            } = true;
        }
        Some(settings)
    }
}

impl KeyType {
    /// The names of what may be done to its keys, in the words of the routes.
    pub fn action_words(&self) -> impl Iterator<Item = &'static str> {
        let Actions { enable, rotate, regenerate, assigned_only } = self.actions;
        let words = [
            ("enable", enable),
            ("disable", enable),
            ("rotate", rotate),
            ("regenerate", regenerate),
            ("acknowledge", self.reveal != Reveal::Recoverable),
            ("reveal", self.reveal == Reveal::Recoverable),
            ("copy", true),
            ("revoke", !assigned_only),
            ("delete", true),
        ];
        words.into_iter().filter_map(|(word, open)| open.then_some(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back() {
        for of_type in super::super::seeded() {
            assert_eq!(Settings::from_words(of_type.settings.words()), Some(of_type.settings));
            assert_eq!(Reveal::parse(of_type.reveal.as_str()), Some(of_type.reveal));
            for place in &of_type.presented_in {
                assert_eq!(Place::parse(&place.to_string()).as_ref(), Some(place));
            }
        }
        assert_eq!(Settings::from_words(Settings::ALL.words()), Some(Settings::ALL));
        assert_eq!(Settings::from_words(["colour"]), None);
        assert_eq!(Place::parse("header cookie"), None);
    }
}
