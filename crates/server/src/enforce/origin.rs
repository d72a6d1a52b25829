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
    let mut referers = headers.get_all(header::REFERER).iter();
    let referer = referers.next()?.to_str().ok().filter(|_| referers.next().is_none())?;
    let authority = referer.find("://")? + "://".len();
    let rest = referer.get(authority..)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    referer.get(..authority + end)
}
