//! Origins of browsers: an entry that allows some, and what a call says of its own.
//!
//! An entry is read as people write it and kept as browsers do. What a call presents is not read
//! forgivingly: a browser writes its origin in one way, and whatever a URL parser would merely take for
//! the same (user information, a trailing dot, other letters or digits) is a trick.

use super::BadEntry;
use std::fmt;
use url::{Host, Url};

/// Schemes whose pages have no origin with a host, or no pages at all.
const WITHOUT_ORIGIN: [&str; 9] =
    ["about", "blob", "data", "file", "filesystem", "ftp", "javascript", "ws", "wss"];
/// RFC 1035 section 2.3.4.
const MAX_LABEL_BYTES: usize = 63;
const MAX_HOST_BYTES: usize = 253;

/// An allowed origin: scheme, host and port compared after parsing.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct OriginRule {
    scheme: String,
    host: String,
    /// `None`: of a scheme that knows no ports.
    port: Option<u16>,
    subdomains: bool,
}

impl OriginRule {
    /// Reads `host`, `*.host`, `scheme://host[:port]`. Without a scheme `https` and its port are meant;
    /// other schemes than those of the web (`chrome-extension://id`) have no port and no subdomains.
    ///
    /// # Errors
    /// User information, a path, a trailing dot, `null`, an address with `*.`, or no host at all.
    pub fn parse(text: &str) -> Result<Self, BadEntry> {
        // What a browser sends for an origin that has no name; it would read as a host.
        if text.eq_ignore_ascii_case("null") {
            return Err(BadEntry::Origin);
        }
        let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
        let scheme = scheme.to_ascii_lowercase();
        let rule = match default_port(&scheme) {
            Some(port) => Self::of_web(scheme, port, rest),
            None => Self::of_other(scheme, rest),
        };
        rule.ok_or(BadEntry::Origin)
    }

    fn of_web(scheme: String, default: u16, rest: &str) -> Option<Self> {
        let (subdomains, authority) =
            rest.strip_prefix("*.").map_or((false, rest), |authority| (true, authority));
        let (written, port) = split_port(authority)?;
        // The URL parser forgives tabs, backslashes, user information and escapes.
        let odd = |b: u8| b <= b' ' || b == 0x7f || b"/\\@?#%".contains(&b);
        if written.is_empty() || written.bytes().any(odd) {
            return None;
        }
        if written.chars().any(is_disguised) {
            return None;
        }
        let url = Url::parse(&format!("{scheme}://{written}")).ok()?;
        let host = match url.host()? {
            Host::Domain(name) => name.split('.').all(is_label).then(|| name.to_owned()),
            // In octal, hexadecimal or with fewer numbers others mean another address.
            Host::Ipv4(four) => {
                Some(four.to_string()).filter(|four| four == written && !subdomains)
            }
            Host::Ipv6(six) => Some(format!("[{six}]")).filter(|_| !subdomains),
        };
        Some(Self { scheme, host: host?, port: Some(port.unwrap_or(default)), subdomains })
    }

    fn of_other(scheme: String, host: &str) -> Option<Self> {
        let mut letters = scheme.bytes();
        let is_scheme = letters.next().is_some_and(|b| b.is_ascii_lowercase())
            && letters.all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
        let is_host = host.len() <= MAX_HOST_BYTES && host.split('.').all(is_label);
        let usable = is_scheme && is_host && !WITHOUT_ORIGIN.contains(&scheme.as_str());
        usable.then(|| Self { scheme, host: host.to_owned(), port: None, subdomains: false })
    }

    /// Whether pages of the web have it, at `http` or `https`.
    #[must_use]
    pub const fn is_of_web(&self) -> bool {
        self.port.is_some()
    }

    pub(super) fn allows(&self, presented: &Presented<'_>) -> bool {
        let Presented { scheme, host, port } = *presented;
        // Of other schemes nobody says that letters of both cases are the same.
        let same =
            |a: &str, b: &str| if self.is_of_web() { a.eq_ignore_ascii_case(b) } else { a == b };
        let host_holds =
            if self.subdomains { is_below(host, &self.host) } else { same(host, &self.host) };
        host_holds && same(scheme, &self.scheme) && port.or(default_port(&self.scheme)) == self.port
    }
}

impl fmt::Display for OriginRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let star = if self.subdomains { "*." } else { "" };
        write!(f, "{}://{star}{}", self.scheme, self.host)?;
        match self.port {
            Some(port) if default_port(&self.scheme) != Some(port) => write!(f, ":{port}"),
            Some(_) | None => Ok(()),
        }
    }
}

/// What a call says of its origin, as it says it.
#[derive(Clone, Copy)]
pub(super) struct Presented<'a> {
    scheme: &'a str,
    host: &'a str,
    port: Option<u16>,
}

impl<'a> Presented<'a> {
    /// Takes an origin apart. That its host is one shows when it is that of an entry.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let (scheme, authority) = text.split_once("://")?;
        let (host, port) = split_port(authority)?;
        Some(Self { scheme, host, port })
    }
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "https" => Some(443),
        "http" => Some(80),
        _ => None,
    }
}

/// The host, and the port as it is written in digits; `None`: something else follows the colon.
fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    // The colons of an IPv6 address stand in brackets.
    let behind = authority.rfind(']').map_or(0, |at| at + 1);
    let Some(colon) = authority.get(behind..)?.find(':') else { return Some((authority, None)) };
    let (host, port) = authority.split_at_checked(behind + colon)?;
    let digits = port.strip_prefix(':')?;
    let plain = !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
    let port = digits.parse::<u16>().ok().filter(|_| plain)?;
    Some((host, Some(port)))
}

/// Whether `host` lies under `apex`, which it is not itself.
fn is_below(host: &str, apex: &str) -> bool {
    let Some((names, end)) =
        host.len().checked_sub(apex.len()).and_then(|at| host.split_at_checked(at))
    else {
        return false;
    };
    // The dot keeps `evilexample.com` out of `*.example.com`.
    end.eq_ignore_ascii_case(apex)
        && names.strip_suffix('.').is_some_and(|names| names.split('.').all(is_label))
}

/// Whether a character is not ASCII and counts, in the name of a host, as ASCII or as nothing (UTS 46): in
/// `shop\u{3002}example` the full stop of another script is a dot. Letters of other scripts stay what they are.
fn is_disguised(c: char) -> bool {
    let read = || Url::parse(&format!("https://a{c}a"));
    let as_ascii = |url: Url| url.host_str().is_some_and(|host| !host.starts_with("xn--"));
    !c.is_ascii() && read().is_ok_and(as_ascii)
}

fn is_label(label: &str) -> bool {
    (1..=MAX_LABEL_BYTES).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}
