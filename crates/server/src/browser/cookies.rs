//! Cookies: one that says which session a browser has, and one that binds pages to the browser that asked
//! for them. Both are for the whole host alone, and no script reads them (WB-01).

use super::Door;
use crate::app::App;
use domain::secret::{Secret, SecretDigest};
use http::{HeaderMap, HeaderValue, header};

/// Binds tickets to a browser.
const BROWSER: &str = "keyward-browser";
/// Seconds for which a browser keeps that.
const BROWSER_S: u32 = 86_400;

/// The one cookie of this name.
pub(crate) fn find(headers: &HeaderMap, name: &str) -> Option<Secret> {
    let mut found = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(known, _)| *known == name)
        .map(|(_, value)| value);
    match (found.next(), found.next()) {
        (Some(value), None) if !value.is_empty() => Some(Secret::new(value.to_owned())),
        _ => None,
    }
}

/// Whether browsers reach us by TLS: then a cookie never goes any other way.
fn is_secure(app: &App) -> bool {
    app.config().public_url.starts_with("https://")
}

/// The name under TLS has a prefix, with which browsers hold that the cookie is this host's alone.
fn name(app: &App, bare: &str) -> String {
    if is_secure(app) { format!("__Host-{bare}") } else { bare.to_owned() }
}

/// The name of a door's session cookie.
pub(super) fn session_name(app: &App, door: &Door) -> String {
    name(app, &door.cookie())
}

/// The name of the cookie that tickets are bound to.
pub(super) fn browser_name(app: &App) -> String {
    name(app, BROWSER)
}

/// What a ticket keeps of that cookie.
pub(super) fn browser_mark(value: &Secret) -> String {
    let digest: SecretDigest = value.digest();
    digest.as_bytes().iter().map(|b| format!("{b:02x}")).collect()
}

/// The name of the cookie of a browser that is at an issuer outside.
pub(super) fn broker_name(app: &App, door: &Door) -> String {
    name(app, &broker(door))
}

fn broker(door: &Door) -> String {
    format!("{}-broker", door.cookie())
}

/// `Set-Cookie` of what a browser keeps while it is at an issuer; for no seconds: it is taken away.
pub(super) fn set_broker(
    app: &App,
    door: &Door,
    value: &Secret,
    age_s: u32,
) -> Option<HeaderValue> {
    set(app, &broker(door), value.expose(), Some(age_s))
}

/// `Set-Cookie` of a session; it goes when the browser is closed, or when the session is over.
pub(super) fn set_session(app: &App, door: &Door, value: &Secret) -> Option<HeaderValue> {
    set(app, &door.cookie(), value.expose(), None)
}

/// `Set-Cookie` that takes a session away.
pub(super) fn clear_session(app: &App, door: &Door) -> Option<HeaderValue> {
    set(app, &door.cookie(), "", Some(0))
}

/// `Set-Cookie` of what tickets are bound to.
pub(super) fn set_browser(app: &App, value: &Secret) -> Option<HeaderValue> {
    set(app, BROWSER, value.expose(), Some(BROWSER_S))
}

fn set(app: &App, bare: &str, value: &str, age_s: Option<u32>) -> Option<HeaderValue> {
    let mut text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", name(app, bare));
    if is_secure(app) {
        text.push_str("; Secure");
    }
    if let Some(age_s) = age_s {
        text.push_str(&format!("; Max-Age={age_s}"));
    }
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_cookie_that_came_twice_is_none() {
        let headers = |fields: &[&str]| {
            let mut headers = HeaderMap::new();
            for field in fields {
                headers.append(header::COOKIE, HeaderValue::from_str(field).unwrap());
            }
            headers
        };
        let found =
            |fields: &[&str]| find(&headers(fields), "a").map(|value| value.expose().to_owned());
        assert_eq!(found(&["b=1; a=2"]).as_deref(), Some("2"));
        assert_eq!(found(&["b=1", "a=2="]).as_deref(), Some("2="));
        for none in [&["b=1"][..], &["a="], &["a=1; a=1"], &["a=1", "a=2"], &["aa=1"], &["a"]] {
            assert_eq!(found(none), None, "{none:?}");
        }
    }
}
