//! The address of an upstream.

use super::{Upstream, is_host, normal_prefix};
use crate::public_address::is_public;
use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

/// Ports that an upstream may have which the configuration does not name (SS-02).
pub const FOREIGN_PORTS: [u16; 2] = [443, 8443];

impl Upstream {
    /// Reads `http://host[:port][/base]` or the same with `https`. It is one that the configuration
    /// does not name, until someone who knows says otherwise.
    ///
    /// # Errors
    /// What the address must be.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let (tls, rest) = match text.split_once("://") {
            Some(("https", rest)) => (true, rest),
            Some(("http", rest)) => (false, rest),
            _ => return Err("must be an address that begins with `http://` or `https://`"),
        };
        if rest.contains(['?', '#']) {
            return Err("must be an address without a query and without a fragment");
        }
        let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
        if authority.contains('@') {
            return Err("must be an address without a user name and a password");
        }
        let (host, port) = split_port(authority).ok_or("must be an address with a plain port")?;
        let host = host.to_ascii_lowercase();
        let bare = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
            Some(inner) => inner.parse::<Ipv6Addr>().ok().map(|address| address.to_string()),
            None => is_host(&host).then_some(host),
        };
        let base = match path {
            "" | "/" => String::new(),
            path => normal_prefix(path).ok_or("must be an address with a plain path")?,
        };
        Ok(Self {
            tls,
            host: bare.ok_or("must be an address with the name or address of a host")?,
            port: port.unwrap_or(if tls { 443 } else { 80 }),
            base,
            configured: false,
        })
    }

    /// Checks an upstream that the configuration does not name (SS-02). That none of the addresses of
    /// its name lies within is checked at every connect; what lies within as it is written is said
    /// here already, so that nobody makes a route that can never be gone.
    ///
    /// # Errors
    /// What it must be.
    pub fn check_foreign(&self) -> Result<(), &'static str> {
        if !self.tls {
            return Err(
                "must begin with `https://`, unless the configuration (`gateway.upstreams`) names it",
            );
        }
        if !FOREIGN_PORTS.contains(&self.port) {
            return Err(
                "must be at port 443 or 8443, unless the configuration (`gateway.upstreams`) names it",
            );
        }
        let inner_address = self.host.parse::<IpAddr>().is_ok_and(|address| !is_public(address));
        let inner_name = self.host == "localhost" || self.host.ends_with(".localhost");
        if inner_address || inner_name {
            return Err("must be at an address of the public Internet, unless the configuration \
                        (`gateway.upstreams`) names it");
        }
        Ok(())
    }

    /// Whether both are one server.
    #[must_use]
    pub fn is_same_server(&self, other: &Self) -> bool {
        (self.tls, &self.host, self.port) == (other.tls, &other.host, other.port)
    }

    /// Whether `other` is this upstream, or lies below its base.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.is_same_server(other) && super::covers(&self.base, &other.base)
    }
}

/// As [`Upstream::parse`] reads it; the port only where it is not the usual one.
impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, usual) = if self.tls { ("https", 443) } else { ("http", 80) };
        write!(f, "{scheme}://")?;
        if self.host.contains(':') {
            write!(f, "[{}]", self.host)?;
        } else {
            f.write_str(&self.host)?;
        }
        if self.port != usual {
            write!(f, ":{}", self.port)?;
        }
        f.write_str(&self.base)
    }
}

/// `None`: there is a colon, but no port from 1 on behind it.
fn split_port(authority: &str) -> Option<(&str, Option<u16>)> {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            let plain = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
            let port = plain.then(|| port.parse().ok()).flatten().filter(|port| *port > 0)?;
            Some((host, Some(port)))
        }
        _ => Some((authority, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_reads_back() {
        for text in [
            "http://127.0.0.1:9000",
            "https://orders.example",
            "https://orders.example:8443/api/v2",
            "http://[::1]:8080/x",
            "http://orders",
        ] {
            assert_eq!(Upstream::parse(text).unwrap().to_string(), text);
        }
        let full = Upstream::parse("HTTPS://x.example");
        assert!(full.is_err(), "one spelling of a scheme is enough");
        let usual = Upstream::parse("https://Orders.Example:443/api/").unwrap();
        assert_eq!(usual.to_string(), "https://orders.example/api");
        assert_eq!((usual.port, usual.base.as_str(), usual.configured), (443, "/api", false));
    }

    #[test]
    fn what_is_no_address_of_an_upstream_is_refused() {
        for text in [
            "",
            "orders.example",
            "ftp://orders.example",
            "http://",
            "http:///x",
            "http://user@orders.example",
            "http://user:word@orders.example",
            "http://orders.example?x=1",
            "http://orders.example/#top",
            "http://orders.example:",
            "http://orders.example:0",
            "http://orders.example:65536",
            "http://orders.example:+80",
            "http://[::1",
            "http://[fe80::1%25eth0]",
            "http://::1",
            "http://0x7f.1",
            "http://2130706433",
            "http://127.1",
            "http://0177.0.0.1",
            "http://or ders.example",
            "http://orders.example/a/../b",
            "http://orders.example/a%2fb",
            "http://orders.example\\@evil.example",
        ] {
            assert!(Upstream::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn ss_02_what_the_configuration_does_not_name_is_https_at_a_usual_port() {
        let foreign = |text: &str| Upstream::parse(text).unwrap().check_foreign().is_ok();
        assert!(foreign("https://orders.example") && foreign("https://orders.example:8443/api"));
        assert!(!foreign("http://orders.example") && !foreign("https://orders.example:6379"));
    }

    #[test]
    fn ss_01_what_lies_within_as_it_is_written_is_refused_where_it_is_named() {
        let foreign = |text: &str| Upstream::parse(text).unwrap().check_foreign().is_ok();
        assert!(foreign("https://8.8.8.8") && foreign("https://[2606:4700:4700::1111]:8443"));
        for text in [
            "https://127.0.0.1",
            "https://10.0.0.7:8443/api",
            "https://169.254.169.254",
            "https://[::1]",
            "https://[::ffff:8.8.8.8]",
            "https://[fd00::1]",
            "https://localhost",
            "https://Keys.Localhost",
        ] {
            assert!(!foreign(text), "{text}");
        }
    }

    #[test]
    fn an_upstream_covers_what_lies_below_its_base() {
        let covers = |outer: &str, inner: &str| {
            Upstream::parse(outer).unwrap().covers(&Upstream::parse(inner).unwrap())
        };
        assert!(covers("http://a:9/x", "http://a:9/x") && covers("http://a:9", "http://a:9/x"));
        assert!(covers("http://a:9/x", "http://a:9/x/y"));
        for (outer, inner) in [
            ("http://a:9/x", "http://a:9"),
            ("http://a:9/x", "http://a:9/xy"),
            ("http://a:9", "https://a:9"),
            ("http://a:9", "http://a:8"),
            ("http://a:9", "http://b:9"),
        ] {
            assert!(!covers(outer, inner), "{outer} {inner}");
        }
    }
}
