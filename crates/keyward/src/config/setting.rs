//! What a setting is; `definition.rs` lists them.

/// What a setting takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    /// One line of text.
    Text,
    /// Text that is never shown.
    Secret,
    /// Text whose password part is never shown.
    DatabaseAddress,
    /// A number without sign.
    Whole,
    /// Seconds, or text with a unit: `90`, `"90s"`, `"15m"`, `"12h"`, `"30d"`.
    Duration,
    /// `true` or `false`.
    Switch,
    /// A list of texts; by environment separated by commas.
    Texts,
    /// Bytes, or text with a unit: `1048576`, `"64KiB"`, `"10MiB"`, `"2GiB"`.
    Size,
    /// Permissions: `a:b`, `a:b, a:c` (all), `a:b or a:c` (any), `none`; or a table with `all` or `any`.
    Permission,
    /// A list of places of a key, or one: `bearer`, `header:NAME`, `parameter:NAME`; or tables.
    Places,
}

impl Kind {
    /// How `docs/configuration.md` calls it.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Secret => "secret",
            Self::DatabaseAddress => "text, password hidden",
            Self::Whole => "whole number",
            Self::Duration => "duration",
            Self::Switch => "`true` or `false`",
            Self::Texts => "list of texts",
            Self::Size => "size",
            Self::Permission => "permission",
            Self::Places => "list of places",
        }
    }
}

/// What holds when nothing is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fallback {
    /// This TOML value.
    Value(&'static str),
    /// Depends on other settings; `resolve.rs` works it out, these words describe it.
    Derived(&'static str),
    /// Nothing: the setting is optional, or needed inside its table (the words say which).
    Nothing(&'static str),
}

/// One setting.
#[derive(Debug)]
pub(crate) struct Setting {
    /// Names joined by `.`; `[]` behind a name stands for "each table of this list".
    pub(crate) path: &'static str,
    pub(crate) kind: Kind,
    pub(crate) fallback: Fallback,
    pub(crate) about: &'static str,
}

impl Setting {
    /// The environment variable: `KEYWARD_`, then the path in capitals with `_` for `.`; `N` stands
    /// for a table's number in its list, from 0.
    pub(crate) fn variable(&self) -> String {
        let name = self.path.replace("[]", "_N").replace('.', "_");
        format!("{PREFIX}{}", name.to_ascii_uppercase())
    }
}

/// How the environment's names begin.
pub(crate) const PREFIX: &str = "KEYWARD_";
