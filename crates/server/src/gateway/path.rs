//! Which paths can be read in one way only.
//!
//! A route is found by the path as it came, and so it goes upstream. What an upstream might read as
//! another path than we did is refused: dot segments, encoded slashes, backslashes, NUL. A doubled slash
//! and the parameters of a segment stand, unless the same path without them would fall to another route.

use crate::failure::Failure;
use http::uri::PathAndQuery;

/// Whether everybody reads the path as we do.
pub(super) fn is_plain(path: &str) -> bool {
    if !path.starts_with('/') || path.bytes().any(|b| b == b'\\' || b.is_ascii_control()) {
        return false;
    }
    path.split('/').all(is_plain_segment)
}

fn is_plain_segment(segment: &str) -> bool {
    // What some servers cut off as a parameter of the segment (`/..;/`).
    let name = segment.split_once(';').map_or(segment, |(name, _)| name);
    if !name.contains('%') {
        return !matches!(name, "." | "..");
    }
    let encodes = |wanted: &[u8]| {
        let mut octets = segment.as_bytes().windows(3);
        octets.any(|octet| {
            octet.strip_prefix(b"%").is_some_and(|digits| digits.eq_ignore_ascii_case(wanted))
        })
    };
    if [b"2f", b"5c", b"00"].iter().any(|octet| encodes(*octet)) {
        return false;
    }
    let dots = name.replace("%2e", ".").replace("%2E", ".");
    !matches!(dots.as_str(), "." | "..") && !encodes(b"3b")
}

/// The path as others may read it, with single slashes and without the parameters of its segments;
/// `None`: it is that already.
pub(super) fn other_reading(path: &str) -> Option<String> {
    if !path.contains("//") && !path.contains(';') {
        return None;
    }
    let mut out = String::with_capacity(path.len());
    let mut in_parameters = false;
    for c in path.chars() {
        in_parameters = c != '/' && (in_parameters || c == ';');
        if !in_parameters && (c != '/' || !out.ends_with('/')) {
            out.push(c);
        }
    }
    Some(out)
}

/// The path and query as the upstream gets them.
///
/// # Errors
/// [`Failure::BadPath`]: the prefix is to be taken off and is spelt in another way, or what is left
/// would begin like the name of a host.
pub(super) fn upstream_path(
    base: &str,
    strip: Option<&str>,
    path: &str,
    query: Option<&str>,
) -> Result<PathAndQuery, Failure> {
    let rest = match strip {
        None | Some("/") => path,
        Some(prefix) => path.strip_prefix(prefix).ok_or(Failure::BadPath)?,
    };
    if base.is_empty() && rest.starts_with("//") {
        return Err(Failure::BadPath);
    }
    let mut text =
        String::with_capacity(base.len() + rest.len() + query.map_or(1, |q| q.len() + 2));
    text.push_str(base);
    text.push_str(rest);
    if text.is_empty() {
        text.push('/');
    }
    if let Some(query) = query {
        text.push('?');
        text.push_str(query);
    }
    PathAndQuery::try_from(text).map_err(|_| Failure::BadPath)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ht_01_a_path_that_can_be_read_in_two_ways_is_refused() {
        for odd in [
            "",
            "*",
            "a",
            "/..",
            "/a/../b",
            "/a/./b",
            "/a/.",
            "/%2e%2e/a",
            "/%2E./a",
            "/.%2e",
            "/a/%2e",
            "/a%2fb",
            "/a%2Fb",
            "/a%5cb",
            "/a%5C",
            "/a\\b",
            "/a%00",
            "/a/..;/b",
            "/a/..;x=1",
            "/.;a",
            "/a/..%3b/b",
            "/a/%2e%2e;/b",
        ] {
            assert!(!is_plain(odd), "{odd}");
        }
        for plain in [
            "/",
            "/a",
            "/a/",
            "/a//b",
            "/a.b/..c/d..",
            "/...",
            "/a%20b",
            "/%61",
            "/a;b=c",
            "/a%2eb",
            "/%e2%82%ac",
            "/a:b@c",
        ] {
            assert!(is_plain(plain), "{plain}");
        }
    }

    #[test]
    fn slashes_are_made_single_and_parameters_are_taken_off() {
        assert_eq!(other_reading("/a/b"), None);
        assert_eq!(other_reading("//a///b/").unwrap(), "/a/b/");
        assert_eq!(other_reading("/a;b=c;d/e;/;f/g").unwrap(), "/a/e/g");
    }

    #[test]
    fn a_prefix_is_taken_off_and_a_base_put_on() {
        let made = |base, strip, path, query| {
            upstream_path(base, strip, path, query).map(|p| p.to_string()).ok()
        };
        assert_eq!(made("", None, "/a/b", Some("x=%20&y")).unwrap(), "/a/b?x=%20&y");
        assert_eq!(made("/base", Some("/a"), "/a/b", None).unwrap(), "/base/b");
        assert_eq!(made("", Some("/a"), "/a", Some("")).unwrap(), "/?");
        assert_eq!(made("/base", Some("/a"), "/a", None).unwrap(), "/base");
        assert_eq!(made("", Some("/"), "/a", None).unwrap(), "/a");
        assert_eq!(made("", Some("/a"), "/%61/b", None), None);
        assert_eq!(made("", Some("/a"), "/a//b", None), None);
    }
}
