//! Where a browser's call comes from, by its own account.

use http::{HeaderMap, header};

/// The `Origin` of a call, or the origin of its `Referer`. Where one of them is repeated or cannot be
/// read, there is none.
#[must_use]
pub fn origin_of(headers: &HeaderMap) -> Option<&str> {
    let mut origins = headers.get_all(header::ORIGIN).iter();
    if let Some(origin) = origins.next() {
        return origins.next().is_none().then(|| origin.to_str().ok()).flatten();
    }
    let mut fields = headers.get_all(header::REFERER).iter();
    let referer = fields.next()?.to_str().ok().filter(|_| fields.next().is_none())?;
    let authority = referer.find("://")? + "://".len();
    let rest = referer.get(authority..)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    referer.get(..authority + end)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use http::HeaderName;

    fn of(fields: &[(HeaderName, &'static str)]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name, value.parse().unwrap());
        }
        origin_of(&headers).map(str::to_owned)
    }

    #[test]
    fn the_origin_comes_before_the_referer_and_neither_twice() {
        let origin = |value| (header::ORIGIN, value);
        let referer = |value| (header::REFERER, value);
        assert_eq!(of(&[origin("https://a.example")]).unwrap(), "https://a.example");
        let both = [referer("https://b.example/x"), origin("null")];
        assert_eq!(of(&both).unwrap(), "null", "it is none, and the referer is not asked");
        for (whole, wanted) in [
            ("https://a.example/b?c=https://d.example", "https://a.example"),
            ("https://a.example", "https://a.example"),
            ("https://a.example?b", "https://a.example"),
            ("https://a.example#b", "https://a.example"),
        ] {
            assert_eq!(of(&[referer(whole)]).unwrap(), wanted);
        }
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[referer("about:blank")]), None);
        assert_eq!(of(&[origin("https://a.example"), origin("https://b.example")]), None);
        assert_eq!(of(&[referer("https://a.example/"), referer("https://b.example/")]), None);
    }
}
