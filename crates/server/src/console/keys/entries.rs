//! Entries of allow-lists as somebody types them, one a line.

use crate::console::{Faults, form::cut};
use domain::allow_list::{AddressRule, OriginRule, is_prefix};

/// Entries of one kind that an allow-list may have.
const MAX_ENTRIES: usize = 100;
const MAX_ENTRY_CHARS: usize = 255;

/// A kind of entry of an allow-list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Origin,
    Address,
    Method,
    Path,
}

/// An entry that can be one.
pub(super) enum Entry {
    Origin(OriginRule),
    Address(AddressRule),
    Text(String),
}

impl Entry {
    /// Reads one entry; says what it must be.
    pub(super) fn read(kind: Kind, text: &str) -> Result<Self, &'static str> {
        if text.chars().count() > MAX_ENTRY_CHARS {
            return Err("an entry of at most 255 characters");
        }
        match kind {
            Kind::Origin => OriginRule::parse(text)
                .map(Self::Origin)
                .map_err(|_| "an origin such as https://shop.example.com, shop.example.com or *.example.com, without a path"),
            Kind::Address => AddressRule::parse(text)
                .map(Self::Address)
                .map_err(|_| "an address such as 192.0.2.7 or a network such as 192.0.2.0/24; ! in front excludes it"),
            Kind::Method if !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase()) => {
                Ok(Self::Text(text.to_owned()))
            }
            Kind::Method => Err("a method in capital letters, such as GET"),
            Kind::Path if is_prefix(text) => Ok(Self::Text(text.to_owned())),
            Kind::Path => Err("a path that begins with / and can be read in one way only: without a query, //, ; or dot segments; all that lies below it is meant, so it needs no *"),
        }
    }

    pub(super) fn origin(self) -> Option<OriginRule> {
        if let Self::Origin(rule) = self { Some(rule) } else { None }
    }

    pub(super) fn address(self) -> Option<AddressRule> {
        if let Self::Address(rule) = self { Some(rule) } else { None }
    }

    pub(super) fn text(self) -> Option<String> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }
}

impl Kind {
    /// The field that holds such entries.
    pub(super) const fn field(self) -> &'static str {
        match self {
            Self::Origin => "origins",
            Self::Address => "addresses",
            Self::Method => "methods",
            Self::Path => "paths",
        }
    }
}

/// The entries of a field, one a line; the first one that cannot be is named.
pub(super) fn entries(kind: Kind, text: &str, faults: &mut Faults) -> Vec<Entry> {
    let lines = (1..).zip(text.lines()).map(|(n, line)| (n, line.trim()));
    let mut found = Vec::new();
    for (n, line) in lines.filter(|(_, line)| !line.is_empty()) {
        match Entry::read(kind, line) {
            Ok(entry) => found.push(entry),
            Err(wanted) => {
                let line = cut(line);
                faults.add(kind.field(), format!("Line {n}, “{line}”, must be {wanted}."));
                return Vec::new();
            }
        }
    }
    if found.len() > MAX_ENTRIES {
        faults.add(kind.field(), format!("There may be at most {MAX_ENTRIES} entries."));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entry_that_cannot_be_is_named_by_its_line() {
        let mut faults = Faults::default();
        let found =
            entries(Kind::Origin, "https://a.example\n\nhttps://b.example/path", &mut faults);
        assert!(found.is_empty());
        assert!(faults.of("origins").is_some_and(|text| text.starts_with("Line 3, “https://b")));
    }
}
