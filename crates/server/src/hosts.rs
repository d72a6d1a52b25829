//! For which hosts this server answers (HT-06).

use crate::failure::Failure;
use http::{HeaderMap, Uri, header};
use std::{borrow::Cow, net::Ipv6Addr};

/// The hosts that are ours: that of `public_url`, the loopback names, and what the operator added.
#[derive(Debug)]
pub struct Hosts(Vec<String>);

impl Hosts {
    /// `public_url` is an address with a scheme; `more` are bare host names.
    #[must_use]
    pub fn new(public_url: &str, more: &[String]) -> Self {
        let mut known = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "[::1]".to_owned()];
        if let Some(host) = public_url.parse::<Uri>().ok().as_ref().and_then(Uri::host) {
            known.push(host.to_ascii_lowercase());
        }
        known.extend(more.iter().map(|host| host.to_ascii_lowercase()));
        Self(known)
    }

    /// Checks where the request believes to be. HTTP/2 says it in the address, HTTP/1.1 in `Host`;
    /// two of them that differ, or none, are nobody we know.
    ///
    /// # Errors
    /// [`Failure::UnknownHost`].
    pub fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Failure> {
        let mut fields = headers.get_all(header::HOST).iter();
        let field = fields.next();
        if fields.next().is_some() {
            return Err(Failure::UnknownHost);
        }
        let from_field = match field {
            Some(value) => Some(host_of(value.as_bytes()).ok_or(Failure::UnknownHost)?),
            None => None,
        };
        let known = |host: &str| self.0.iter().any(|ours| ours.eq_ignore_ascii_case(host));
        match (uri.host(), from_field) {
            (Some(host), None) if known(host) => Ok(()),
            (None, Some(host)) if known(host) => Ok(()),
            (Some(host), Some(field)) if host.eq_ignore_ascii_case(field) && known(host) => Ok(()),
            _ => Err(Failure::UnknownHost),
        }
    }
}

/// The host that a request is for, in lower case, ours or not.
///
/// # Errors
/// [`Failure::UnknownHost`]: it names none, or two, or what it names is none.
pub(crate) fn host_of_request<'a>(
    uri: &'a Uri,
    headers: &'a HeaderMap,
) -> Result<Cow<'a, str>, Failure> {
    let mut fields = headers.get_all(header::HOST).iter();
    let field = fields.next();
    if fields.next().is_some() {
        return Err(Failure::UnknownHost);
    }
    let named = |text: &'a [u8]| host_of(text).filter(|h| is_host(h)).ok_or(Failure::UnknownHost);
    let from_field = field.map(|value| named(value.as_bytes())).transpose()?;
    let from_uri = uri.authority().map(|text| named(text.as_str().as_bytes())).transpose()?;
    let host = match (from_uri, from_field) {
        (Some(host), Some(field)) if !host.eq_ignore_ascii_case(field) => {
            return Err(Failure::UnknownHost);
        }
        (host, field) => host.or(field),
    };
    let host = host.ok_or(Failure::UnknownHost)?;
    Ok(match host.bytes().any(|b| b.is_ascii_uppercase()) {
        true => Cow::Owned(host.to_ascii_lowercase()),
        false => Cow::Borrowed(host),
    })
}

/// Whether it is a name or an address and nothing around it: no user, no list, no path, which one
/// reader would cut off and another would not.
fn is_host(text: &str) -> bool {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    match bare {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~%".contains(&b)),
    }
}

/// The host of `host[:port]`, without a copy.
fn host_of(value: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(value).ok()?;
    // The port is digits after the last colon; within brackets there is none to look for.
    let host = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            port.bytes().all(|b| b.is_ascii_digit()).then_some(host)?
        }
        _ => text,
    };
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn answers_for(uri: &str, fields: &[&'static str]) -> bool {
        let hosts = Hosts::new("https://Keys.example:8443/", &["alias.example".to_owned()]);
        let mut headers = HeaderMap::new();
        for field in fields {
            headers.append(header::HOST, field.parse().unwrap());
        }
        hosts.check(&uri.parse().unwrap(), &headers).is_ok()
    }

    #[test]
    fn ht_06_only_our_hosts_are_answered() {
        for ours in [
            "keys.example",
            "KEYS.example:1",
            "alias.example",
            "localhost:8080",
            "127.0.0.1",
            "[::1]:80",
        ] {
            assert!(answers_for("/x", &[ours]), "{ours}");
        }
        for other in [
            "evil.example",
            "keys.example.evil",
            "keys.example.",
            "a@keys.example",
            "keys.example:80:80",
            "",
        ] {
            assert!(!answers_for("/x", &[other]), "{other}");
        }
        assert!(!answers_for("/x", &[]));
        assert!(!answers_for("/x", &["localhost", "localhost"]));
        assert!(answers_for("http://keys.example/x", &[]));
        assert!(answers_for("http://keys.example/x", &["keys.example"]));
        assert!(!answers_for("http://keys.example/x", &["localhost"]));
    }

    #[test]
    fn ht_01_a_host_is_one_name_and_nothing_around_it() {
        let named = |uri: &str, fields: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for field in fields {
                headers.append(header::HOST, field.parse().unwrap());
            }
            host_of_request(&uri.parse().unwrap(), &headers).map(Cow::into_owned).ok()
        };
        for (field, host) in [
            ("API.example", "api.example"),
            ("api.example:8443", "api.example"),
            ("192.0.2.1:80", "192.0.2.1"),
            ("[2001:db8::1]:80", "[2001:db8::1]"),
        ] {
            assert_eq!(named("/x", &[field]).unwrap(), host);
            assert_eq!(named(&format!("http://{field}/x"), &[field]).unwrap(), host);
        }
        for odd in [
            "",
            ":80",
            "a@api.example",
            "api.example, other.example",
            "api.example other.example",
            "api.example/x",
            "api.example:80:80",
            "api.example:x",
            "api.example\\@other.example",
            "[api.example]",
            "[::1",
        ] {
            assert_eq!(named("/x", &[odd]), None, "{odd}");
        }
        assert_eq!(named("/x", &[]), None);
        assert_eq!(named("/x", &["api.example", "api.example"]), None);
        assert_eq!(named("http://api.example/x", &["other.example"]), None);
        assert_eq!(named("http://a@api.example/x", &[]), None);
    }
}
