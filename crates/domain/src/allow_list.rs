//! Allow-lists: from where, and for what, a key is accepted. An empty list accepts any.

mod address;
mod origin;
mod path;

pub use address::AddressRule;
pub use origin::OriginRule;
pub use path::is_prefix;

use origin::Presented;
use std::net::IpAddr;

/// A key's allow-lists.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct AllowList {
    /// Origins of browsers; an origin check restrains browsers only.
    pub origins: Vec<OriginRule>,
    /// Addresses; an entry with `!` in front takes addresses away from the others.
    pub addresses: Vec<AddressRule>,
    /// HTTP methods, upper case.
    pub methods: Vec<String>,
    /// Path prefixes that end at a segment border; see [`is_prefix`].
    pub paths: Vec<String>,
}

/// Why an entry of an allow-list cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadEntry {
    /// Not an origin: `https://host`, `host`, `*.host`, with an optional port; `scheme://id`.
    Origin,
    /// Not an address or a CIDR.
    Address,
}

impl AllowList {
    /// Whether nothing restrains the key.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.origins.is_empty()
            && self.addresses.is_empty()
            && self.methods.is_empty()
            && self.paths.is_empty()
    }

    /// Whether the key is accepted from anywhere: no origin restrains it, and no network but those that
    /// take away or hold every address (AL-01).
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.origins.is_empty() && self.addresses.iter().all(|r| r.excludes() || r.holds_all())
    }

    /// Whether a call with these headers' origin is allowed. With origins listed and none
    /// presented, it is not.
    #[must_use]
    pub fn allows_origin(&self, presented: Option<&str>) -> bool {
        if self.origins.is_empty() {
            return true;
        }
        let Some(origin) = presented.and_then(Presented::read) else {
            return false;
        };
        self.origins.iter().any(|rule| rule.allows(&origin))
    }

    /// Whether a call from this address is allowed; an IPv4-mapped address is the IPv4 one.
    #[must_use]
    pub fn allows_address(&self, presented: Option<IpAddr>) -> bool {
        if self.addresses.is_empty() {
            return true;
        }
        let Some(address) = presented.map(|a| a.to_canonical()) else {
            return false;
        };
        let matching =
            |excluded| self.addresses.iter().any(|r| r.excludes() == excluded && r.holds(&address));
        let only_exclusions = self.addresses.iter().all(AddressRule::excludes);
        (only_exclusions || matching(false)) && !matching(true)
    }

    /// Whether an entry names this address and none takes it away. Unlike [`Self::allows_address`], a
    /// list that is empty or holds exclusions alone names nobody: for lists of whom to trust.
    #[must_use]
    pub fn names_address(&self, address: IpAddr) -> bool {
        self.addresses.iter().any(|r| !r.excludes()) && self.allows_address(Some(address))
    }

    /// Whether a call with this method and path, without its query, is allowed. With paths listed, one
    /// that could be read as another path is not: a dot segment, an encoded slash, a backslash.
    #[must_use]
    pub fn allows_request(&self, method: Option<&str>, path: Option<&str>) -> bool {
        let method_ok =
            self.methods.is_empty() || method.is_some_and(|m| self.methods.iter().any(|a| a == m));
        method_ok
            && (self.paths.is_empty()
                || path.is_some_and(|p| self.paths.iter().any(|a| path::is_under(p, a))))
    }

    /// Every entry as text, each with its kind in front: for the audit log and for lists.
    #[must_use]
    pub fn entries(&self) -> Vec<String> {
        let mut entries: Vec<String> = self.origins.iter().map(|o| format!("origin {o}")).collect();
        entries.extend(self.addresses.iter().map(|a| format!("address {a}")));
        entries.extend(self.methods.iter().map(|m| format!("method {m}")));
        entries.extend(self.paths.iter().map(|p| format!("path {p}")));
        entries
    }

    /// Reads what [`Self::entries`] wrote.
    ///
    /// # Errors
    /// An entry has no known kind or cannot be read.
    pub fn from_entries<'a>(entries: impl IntoIterator<Item = &'a str>) -> Result<Self, BadEntry> {
        let mut list = Self::default();
        for entry in entries {
            match entry.split_once(' ') {
                Some(("origin", text)) => list.origins.push(OriginRule::parse(text)?),
                Some(("address", text)) => list.addresses.push(AddressRule::parse(text)?),
                Some(("method", text)) => list.methods.push(text.to_owned()),
                Some(("path", text)) => list.paths.push(text.to_owned()),
                _ => return Err(BadEntry::Address),
            }
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests;
