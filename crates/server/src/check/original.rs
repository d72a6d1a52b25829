//! The call that a proxy asks about, as its client sent it.
//!
//! nginx tells it in `X-Original-*`, Caddy and Traefik in `X-Forwarded-*`, Envoy in the rest of our own
//! path. A proxy passes on what its client sent under the names that it does not use itself; so whatever
//! is there must say the same, or nobody knows which of it the proxy wrote (BC-12).

use http::{HeaderName, request::Parts};

static METHODS: [HeaderName; 2] =
    [HeaderName::from_static("x-original-method"), HeaderName::from_static("x-forwarded-method")];
static ADDRESSES: [HeaderName; 3] = [
    HeaderName::from_static("x-original-uri"),
    HeaderName::from_static("x-original-url"),
    HeaderName::from_static("x-forwarded-uri"),
];

/// The call, as its client sent it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Original<'a> {
    pub(super) method: &'a str,
    /// Empty where nobody told it: a key whose allow-list names paths is refused then.
    pub(super) path: &'a str,
    pub(super) query: Option<&'a str>,
}

type Address<'a> = (&'a str, Option<&'a str>);

impl<'a> Original<'a> {
    /// Puts it together. `rest`: of our path behind the policy; `believed`: whether header fields are, as
    /// those of a trusted proxy. `None`: it is told twice, differently, or cannot be read.
    pub(super) fn of(head: &'a Parts, rest: &'a str, believed: bool) -> Option<Self> {
        let own = (!rest.is_empty()).then_some((rest, head.uri.query()));
        if !believed {
            let (path, query) = own.unwrap_or(("", head.uri.query()));
            return Some(Self { method: head.method.as_str(), path, query });
        }
        // Whoever tells the path in ours asks with the method of the call.
        let mut method = own.map(|_| head.method.as_str());
        for text in told(head, &METHODS) {
            let text = text?;
            if text.is_empty() || method.is_some_and(|known| known != text) {
                return None;
            }
            method = Some(text);
        }
        let mut address = own;
        for text in told(head, &ADDRESSES) {
            let told = split(text?)?;
            if address.is_some_and(|known| known != told) {
                return None;
            }
            address = Some(told);
        }
        let (path, query) = address.unwrap_or_default();
        Some(Self { method: method.unwrap_or(head.method.as_str()), path, query })
    }
}

/// Every field under these names; `None` in the place of one that is no text.
fn told<'a>(
    head: &'a Parts,
    names: &'static [HeaderName],
) -> impl Iterator<Item = Option<&'a str>> {
    let fields = names.iter().flat_map(|name| head.headers.get_all(name));
    fields.map(|field| std::str::from_utf8(field.as_bytes()).ok())
}

/// Path and query of an address, with or without scheme and host in front.
fn split(text: &str) -> Option<Address<'_>> {
    if text.contains(['#', ' ']) {
        return None;
    }
    let local = if text.starts_with('/') {
        text
    } else {
        let behind = text.find("://")? + "://".len();
        let behind = text.get(behind..)?;
        let end = behind.find(['/', '?']).unwrap_or(behind.len());
        match behind.get(end..)? {
            path if path.starts_with('/') => path,
            "" => "/",
            // No path, and a query that may hold slashes.
            query => return Some(("/", query.strip_prefix('?'))),
        }
    };
    Some(local.split_once('?').map_or((local, None), |(path, query)| (path, Some(query))))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use http::Request;

    fn head(uri: &str, fields: &[(&'static str, &'static str)]) -> Parts {
        let mut request = Request::get(uri).body(()).unwrap();
        for (name, value) in fields {
            request.headers_mut().append(*name, value.parse().unwrap());
        }
        request.into_parts().0
    }

    fn read(fields: &[(&'static str, &'static str)], rest: &str) -> Option<String> {
        let head = head("/check/p?own=1", fields);
        let original = Original::of(&head, rest, true)?;
        let query = original.query.map(|query| format!("?{query}")).unwrap_or_default();
        Some(format!("{} {}{query}", original.method, original.path))
    }

    #[test]
    fn each_proxy_is_understood_in_its_own_words() {
        let nginx = [("x-original-method", "PUT"), ("x-original-uri", "/a/b?c=d")];
        assert_eq!(read(&nginx, "").unwrap(), "PUT /a/b?c=d");
        let ingress = [("x-original-url", "https://api.example/a?b"), ("x-original-method", "GET")];
        assert_eq!(read(&ingress, "").unwrap(), "GET /a?b");
        let caddy = [("x-forwarded-method", "DELETE"), ("x-forwarded-uri", "/a")];
        assert_eq!(read(&caddy, "").unwrap(), "DELETE /a");
        for (whole, wanted) in [("https://h?x=/a", "GET /?x=/a"), ("https://h", "GET /")] {
            assert_eq!(read(&[("x-original-url", whole)], "").unwrap(), wanted);
        }
        assert_eq!(read(&[], "/a/b").unwrap(), "GET /a/b?own=1", "Envoy");
        assert_eq!(read(&[], "").unwrap(), "GET ", "told by nobody");
    }

    #[test]
    fn bc_12_what_is_told_twice_must_be_the_same() {
        let same = [("x-original-uri", "/a?b"), ("x-forwarded-uri", "https://h/a?b")];
        assert_eq!(read(&same, "").unwrap(), "GET /a?b");
        for forged in [
            &[("x-original-uri", "/a"), ("x-forwarded-uri", "/b")][..],
            &[("x-original-uri", "/a"), ("x-original-uri", "/b")],
            &[("x-original-method", "GET"), ("x-forwarded-method", "POST")],
            &[("x-original-uri", "/a?b"), ("x-original-url", "https://h/a")],
            &[("x-forwarded-uri", "a")],
            &[("x-forwarded-uri", "")],
            &[("x-forwarded-uri", "/a#/b")],
            &[("x-forwarded-method", "")],
        ] {
            assert_eq!(read(forged, ""), None, "{forged:?}");
        }
        assert_eq!(read(&[("x-original-uri", "/b")], "/a"), None, "against the path");
    }

    #[test]
    fn bc_12_a_stranger_is_taken_at_its_own_request() {
        let head = head("/check/p/a?b", &[("x-original-uri", "/c"), ("x-original-method", "PUT")]);
        let original = Original::of(&head, "/a", false).unwrap();
        assert_eq!(original, Original { method: "GET", path: "/a", query: Some("b") });
    }
}
