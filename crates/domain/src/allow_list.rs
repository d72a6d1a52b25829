//! Allow-lists: from where, and for what, a key is accepted. An empty list accepts any.

use ipnet::{IpNet, Ipv4Net};
use std::{fmt, net::IpAddr};
use url::{Host, Url};

/// A key's allow-lists.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct AllowList {
    /// Origins of browsers; an origin check restrains browsers only.
    pub origins: Vec<OriginRule>,
    /// Addresses; an entry with `!` in front takes addresses away from the others.
    pub addresses: Vec<AddressRule>,
    /// HTTP methods, upper case.
    pub methods: Vec<String>,
    /// Path prefixes that end at a segment border.
    pub paths: Vec<String>,
}

/// An allowed origin: scheme, host and port compared after parsing.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct OriginRule {
    scheme: String,
    host: String,
    port: u16,
    subdomains: bool,
}

/// An allowed, or with `!` excluded, network.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct AddressRule {
    net: IpNet,
    excluded: bool,
}

/// Why an entry of an allow-list cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BadEntry {
    /// Not an origin: `https://host`, `host`, `*.host`, with an optional port.
    Origin,
    /// Not an address or a CIDR.
    Address,
}

impl OriginRule {
    /// Reads `host`, `*.host`, `scheme://host[:port]`. Without a scheme `https` and its port are meant.
    ///
    /// # Errors
    /// User information, a path, a trailing dot, `null`, an address with `*.`, or no host at all.
    pub fn parse(text: &str) -> Result<Self, BadEntry> {
        // What a browser sends for an origin that has no name; it would read as a host.
        if text.eq_ignore_ascii_case("null") {
            return Err(BadEntry::Origin);
        }
        let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
        let (subdomains, host) = rest.strip_prefix("*.").map_or((false, rest), |host| (true, host));
        let origin = parse_origin(&format!("{scheme}://{host}")).ok_or(BadEntry::Origin)?;
        if subdomains && host.parse::<IpAddr>().is_ok() {
            return Err(BadEntry::Origin);
        }
        Ok(Self { subdomains, ..origin })
    }

    /// Whether the text says this origin as browsers do. What the parser merely reads as the same, in
    /// other letters or digits, is a trick.
    fn is_written_so(&self, text: &str) -> bool {
        let authority = text.split_once("://").map_or("", |(_, authority)| authority);
        let Some((host, rest)) = authority.split_at_checked(self.host.len()) else { return false };
        let port = |port: &str| {
            !port.starts_with('0') && port.parse::<u16>().is_ok_and(|port| port == self.port)
        };
        host.eq_ignore_ascii_case(&self.host)
            && (rest.is_empty() || rest.strip_prefix(':').is_some_and(port))
    }

    fn allows(&self, origin: &Self) -> bool {
        let host = if self.subdomains {
            // The dot keeps `evilexample.com` out of `*.example.com`, and the apex too.
            origin
                .host
                .strip_suffix(&self.host)
                .is_some_and(|sub| sub.len() > 1 && sub.ends_with('.'))
        } else {
            origin.host == self.host
        };
        host && origin.scheme == self.scheme && origin.port == self.port
    }
}

/// Parses a presented `Origin`, or the origin of a `Referer`. `None` is never allowed.
fn parse_origin(text: &str) -> Option<OriginRule> {
    let authority = text.split_once("://")?.1;
    // The URL parser is forgiving (tabs, backslashes, user information, escapes); an origin has none of
    // these.
    if authority.is_empty()
        || authority
            .bytes()
            .any(|b| matches!(b, b'/' | b'\\' | b'@' | b'?' | b'#' | b'%') || b <= b' ')
    {
        return None;
    }
    let url = Url::parse(text).ok()?;
    if !matches!(url.scheme(), "http" | "https") {
        return None;
    }
    let host = match url.host()? {
        Host::Domain(name) if name.ends_with('.') => return None,
        host @ (Host::Domain(_) | Host::Ipv4(_) | Host::Ipv6(_)) => host.to_string(),
    };
    Some(OriginRule {
        scheme: url.scheme().to_owned(),
        host,
        port: url.port_or_known_default()?,
        subdomains: false,
    })
}

impl fmt::Display for OriginRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let star = if self.subdomains { "*." } else { "" };
        write!(f, "{}://{star}{}", self.scheme, self.host)?;
        match (self.scheme.as_str(), self.port) {
            ("https", 443) | ("http", 80) => Ok(()),
            (_, port) => write!(f, ":{port}"),
        }
    }
}

impl AddressRule {
    /// Reads an address or a CIDR, with `!` in front for an exclusion.
    ///
    /// # Errors
    /// The text is neither.
    pub fn parse(text: &str) -> Result<Self, BadEntry> {
        let (excluded, net) = text.strip_prefix('!').map_or((false, text), |net| (true, net));
        let net = net
            .parse::<IpNet>()
            .or_else(|_| net.parse::<IpAddr>().map(IpNet::from))
            .map_err(|_| BadEntry::Address)?;
        Ok(Self { net: folded(net.trunc()), excluded })
    }
}

/// IPv4 networks that are written as IPv6 ones are the IPv4 networks: addresses are compared so.
fn folded(net: IpNet) -> IpNet {
    let IpNet::V6(six) = net else { return net };
    let four = six.prefix_len().checked_sub(96).zip(six.network().to_ipv4_mapped());
    match four.map(|(length, address)| Ipv4Net::new(address, length)) {
        Some(Ok(four)) => IpNet::V4(four),
        Some(Err(_)) | None => net,
    }
}

impl fmt::Display for AddressRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.excluded {
            f.write_str("!")?;
        }
        self.net.fmt(f)
    }
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

    /// Whether the key is accepted from anywhere: neither origins nor addresses restrain it (AL-01).
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.origins.is_empty() && self.addresses.is_empty()
    }

    /// Whether a call with these headers' origin is allowed. With origins listed and none
    /// presented, it is not.
    #[must_use]
    pub fn allows_origin(&self, presented: Option<&str>) -> bool {
        if self.origins.is_empty() {
            return true;
        }
        let origin =
            presented.and_then(|text| parse_origin(text).filter(|o| o.is_written_so(text)));
        let Some(origin) = origin else {
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
        let matching = |excluded| {
            self.addresses.iter().any(|r| r.excluded == excluded && r.net.contains(&address))
        };
        let only_exclusions = self.addresses.iter().all(|r| r.excluded);
        (only_exclusions || matching(false)) && !matching(true)
    }

    /// Whether an entry names this address and none takes it away. Unlike [`Self::allows_address`], a
    /// list that is empty or holds exclusions alone names nobody: for lists of whom to trust.
    #[must_use]
    pub fn names_address(&self, address: IpAddr) -> bool {
        self.addresses.iter().any(|r| !r.excluded) && self.allows_address(Some(address))
    }

    /// Whether a call with this method and path is allowed.
    #[must_use]
    pub fn allows_request(&self, method: Option<&str>, path: Option<&str>) -> bool {
        let method_ok =
            self.methods.is_empty() || method.is_some_and(|m| self.methods.iter().any(|a| a == m));
        method_ok
            && (self.paths.is_empty()
                || path.is_some_and(|p| self.paths.iter().any(|a| begins(p, a))))
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

/// Whether `path` lies under `prefix`, whole segments only: `/a` holds `/a` and `/a/b`, not `/ab`.
fn begins(path: &str, prefix: &str) -> bool {
    let stem = prefix.trim_end_matches('/');
    path.strip_prefix(stem).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests;
