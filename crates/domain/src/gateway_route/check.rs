//! What a route's values may be, and where it stands.

use super::{GatewayRoute, Timeouts};
use crate::{
    audit::{Fact, Facts},
    policy::BadRule,
};
use std::net::{Ipv4Addr, Ipv6Addr};

/// The longest timeout: an hour.
pub const MAX_TIMEOUT_MS: u32 = 3_600_000;
/// The highest limit on a body that a route names: a petabyte.
pub const MAX_BODY_BYTES: u64 = 1_000_000_000_000_000;

const MAX_PREFIX_BYTES: usize = 255;
const MAX_HOST_BYTES: usize = 253;

/// The normal form of a prefix; `None`: it is none. It begins with `/`; a `/` at its end says nothing.
/// There are no empty segments in it, none of dots, and nothing that is encoded: then it reads alike
/// to everybody.
#[must_use]
pub fn normal_prefix(text: &str) -> Option<String> {
    if text == "/" {
        return Some(text.to_owned());
    }
    let text = text.strip_suffix('/').unwrap_or(text);
    let segments = text.strip_prefix('/')?;
    let plain = |segment: &str| {
        !segment.is_empty()
            && !matches!(segment, "." | "..")
            && segment.bytes().all(is_prefix_octet)
    };
    (text.len() <= MAX_PREFIX_BYTES && segments.split('/').all(plain)).then(|| text.to_owned())
}

/// What the segments of a prefix are made of: all that stands for itself in a path, but for the `;`
/// that begins parameters to some.
#[must_use]
pub const fn is_prefix_octet(octet: u8) -> bool {
    octet.is_ascii_alphanumeric()
        || matches!(octet, b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'')
        || matches!(octet, b'(' | b')' | b'*' | b'+' | b',' | b'=' | b':' | b'@')
}

/// Whether this is the host of calls: a name or an address in lower case, without a port. An IPv6
/// address stands in brackets.
#[must_use]
pub fn is_call_host(text: &str) -> bool {
    match text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
        Some(inner) => inner.parse::<Ipv6Addr>().is_ok_and(|address| address.to_string() == inner),
        None => is_host(text),
    }
}

/// Whether this is a name in lower case or an IPv4 address, in the one spelling that everybody reads
/// alike.
pub(super) fn is_host(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(plain)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if text.len() > MAX_HOST_BYTES || !text.split('.').all(label) {
        return false;
    }
    // What ends in a number is an address to some, whatever stands before.
    let last = text.rsplit('.').next().unwrap_or_default();
    let number = last.bytes().all(|b| b.is_ascii_digit())
        || last.strip_prefix("0x").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_hexdigit()));
    !number || text.parse::<Ipv4Addr>().is_ok()
}

/// Whether `inner` is `outer` or lies below it, whole segments compared. `/` and the empty text cover
/// all.
#[must_use]
pub fn covers(outer: &str, inner: &str) -> bool {
    if outer.is_empty() || outer == "/" {
        return true;
    }
    inner
        .strip_prefix(outer)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || outer.ends_with('/'))
}

impl GatewayRoute {
    /// Checks all that can be checked without asking anybody else.
    ///
    /// # Errors
    /// The first member that cannot be.
    pub fn check(&self) -> Result<(), BadRule> {
        self.policy.check()?;
        if self.host.as_deref().is_some_and(|host| !is_call_host(host)) {
            let detail = "must be the name or the address of a host, in lower case, without a port";
            return Err(BadRule::new("host", detail));
        }
        if normal_prefix(&self.prefix).as_ref() != Some(&self.prefix) {
            let detail = "must begin with `/`, without empty segments, `.`, `..`, `;` and what is \
                          encoded";
            return Err(BadRule::new("prefix", detail));
        }
        if self.prefix == "/" && self.host.is_none() {
            return Err(BadRule::new("prefix", "must be more than `/`, or `host` must be named"));
        }
        if !self.upstream.configured {
            self.upstream.check_foreign().map_err(|why| BadRule::new("upstream", why))?;
        }
        self.timeouts.check()?;
        if self.max_body_bytes.is_some_and(|bytes| bytes > MAX_BODY_BYTES) {
            return Err(BadRule::new("maxBodyBytes", format!("must be at most {MAX_BODY_BYTES}")));
        }
        Ok(())
    }

    /// What the audit log says of a route.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let mut facts = self.policy.facts_less_version();
        let bytes = |bytes: u64| Fact::Int(i64::try_from(bytes).unwrap_or(i64::MAX));
        facts.extend([
            ("host", self.host.clone().map_or(Fact::Null, Fact::Text)),
            ("prefix", Fact::Text(self.prefix.clone())),
            ("upstream", Fact::Text(self.upstream.to_string())),
            ("stripPrefix", Fact::Bool(self.strip_prefix)),
            ("forwardSecret", Fact::Bool(self.forward_secret)),
            ("forwardHost", Fact::Bool(self.forward_host)),
            ("connectMs", Fact::Int(self.timeouts.connect_ms.into())),
            ("answerMs", Fact::Int(self.timeouts.answer_ms.into())),
            ("idleMs", Fact::Int(self.timeouts.idle_ms.into())),
            ("maxBodyBytes", self.max_body_bytes.map_or(Fact::Null, bytes)),
            ("version", Fact::Int(self.policy.source.version().into())),
        ]);
        facts
    }
}

impl Timeouts {
    fn check(self) -> Result<(), BadRule> {
        let all = [
            ("timeouts.connectMs", self.connect_ms),
            ("timeouts.answerMs", self.answer_ms),
            ("timeouts.idleMs", self.idle_ms),
        ];
        match all.into_iter().find(|(_, ms)| !(1..=MAX_TIMEOUT_MS).contains(ms)) {
            Some((field, _)) => {
                Err(BadRule::new(field, format!("must be 1 to {MAX_TIMEOUT_MS} milliseconds")))
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Upstream, preset};
    use super::*;
    use crate::policy::Source;
    use proptest::prelude::*;

    fn refused(change: impl FnOnce(&mut GatewayRoute)) -> &'static str {
        let upstream = Upstream::parse("https://orders.example").unwrap();
        let mut route = preset("engagement").unwrap().route(upstream, Source::Configuration);
        change(&mut route);
        route.check().map_or_else(|bad| bad.field, |()| "")
    }

    #[test]
    fn a_route_is_checked_member_by_member() {
        assert_eq!(refused(|_| ()), "");
        assert_eq!(refused(|r| r.policy.name.clear()), "name");
        for host in ["", "A.example", "a.example:80", "a..b", "-a", "a.1", "[::1", "::1", "a b"] {
            assert_eq!(refused(|r| r.host = Some(host.to_owned())), "host", "{host}");
        }
        for host in ["a.example", "localhost", "10.0.0.1", "[::1]", "a_b"] {
            assert_eq!(refused(|r| r.host = Some(host.to_owned())), "", "{host}");
        }
        for prefix in
            ["", "orders", "/a//b", "/a/", "/a/./b", "/..", "/a%2fb", "/a?b", "/a#b", "/a;b", "/é"]
        {
            assert_eq!(refused(|r| r.prefix = prefix.to_owned()), "prefix", "{prefix}");
        }
        assert_eq!(refused(|r| r.prefix = "/".to_owned()), "prefix", "of all hosts");
        let whole = |r: &mut GatewayRoute| {
            (r.prefix, r.host) = ("/".to_owned(), Some("a.example".to_owned()));
        };
        assert_eq!(refused(whole), "");
        assert_eq!(refused(|r| r.upstream.tls = false), "upstream");
        assert_eq!(refused(|r| (r.upstream.tls, r.upstream.configured) = (false, true)), "");
        assert_eq!(refused(|r| r.timeouts.connect_ms = 0), "timeouts.connectMs");
        assert_eq!(refused(|r| r.timeouts.idle_ms = MAX_TIMEOUT_MS + 1), "timeouts.idleMs");
        assert_eq!(refused(|r| r.max_body_bytes = Some(u64::MAX)), "maxBodyBytes");
    }

    #[test]
    fn a_prefix_covers_whole_segments() {
        assert!(covers("/a", "/a") && covers("/a", "/a/b") && covers("/", "/a") && covers("", ""));
        assert!(!covers("/a", "/ab") && !covers("/a/b", "/a") && !covers("/a", "/b"));
        assert_eq!(normal_prefix("/a/").as_deref(), Some("/a"));
    }

    proptest! {
        #[test]
        fn a_normal_prefix_is_its_own_normal_form(text in "[a/.%;~-]{0,12}") {
            if let Some(normal) = normal_prefix(&text) {
                prop_assert_eq!(normal_prefix(&normal), Some(normal.clone()));
                prop_assert!(!normal.contains("//") && !normal.contains('%'));
            }
        }

        #[test]
        fn covering_agrees_with_a_walk_of_segments(a in "(/[ab]{1,2}){1,3}", b in "(/[ab]{1,2}){1,3}") {
            let (x, y): (Vec<_>, Vec<_>) = (a.split('/').collect(), b.split('/').collect());
            prop_assert_eq!(covers(&a, &b), y.starts_with(&x));
        }
    }
}
