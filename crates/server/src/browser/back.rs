//! The way back to the client: an answer in the query of its address, or in a form.

use super::{Door, pages};
use crate::{answer::Body, app::App};
use http::{HeaderValue, Response, StatusCode, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use service::authorization::ResponseMode;

/// Everything but the unreserved characters of RFC 3986.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where an answer goes, and how.
pub(super) struct Way<'a> {
    pub(super) door: &'a Door,
    pub(super) redirect_uri: &'a str,
    pub(super) mode: ResponseMode,
    pub(super) state: Option<&'a str>,
    /// 302 for who followed a link, 303 for who sent a form.
    pub(super) status: StatusCode,
}

impl Way<'_> {
    /// A code.
    pub(super) fn with_code(&self, app: &App, code: &str, session: &str) -> Response<Body> {
        let issuer = self.door.issuer(app);
        let mut fields: Vec<(&str, &str)> = Vec::with_capacity(4);
        fields.extend(self.state.map(|state| ("state", state)));
        if self.door.realm().is_some() {
            fields.push(("session_state", session));
        }
        fields.push(("iss", &issuer));
        fields.push(("code", code));
        self.answer(app, &fields)
    }

    /// Why there is none.
    pub(super) fn with_error(&self, app: &App, error: &str, description: &str) -> Response<Body> {
        let issuer = self.door.issuer(app);
        let mut fields = vec![("error", error), ("error_description", description)];
        fields.extend(self.state.map(|state| ("state", state)));
        fields.push(("iss", &issuer));
        self.answer(app, &fields)
    }

    fn answer(&self, app: &App, fields: &[(&str, &str)]) -> Response<Body> {
        match self.mode {
            ResponseMode::Query => {
                redirect(app, self.status, &with_query(self.redirect_uri, fields))
            }
            ResponseMode::FormPost => pages::form_post(app, self.redirect_uri, fields),
        }
    }
}

/// An address with more in its query.
pub(crate) fn with_query(uri: &str, fields: &[(&str, &str)]) -> String {
    let mut whole = uri.to_owned();
    for (name, value) in fields {
        let separator = match whole.find('?') {
            None => "?",
            Some(_) if whole.ends_with(['?', '&']) => "",
            Some(_) => "&",
        };
        whole.push_str(separator);
        whole.push_str(name);
        whole.push('=');
        whole.extend(utf8_percent_encode(value, ESCAPED));
    }
    whole
}

/// Sends a browser on.
pub(crate) fn redirect(app: &App, status: StatusCode, to: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    // Registered addresses hold visible ASCII alone, and what is added is escaped.
    if let Ok(location) = HeaderValue::from_str(to) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    pages::dress(app, &mut response);
    response
}

/// Scheme and authority of an address, as browsers write an origin; of an address without an authority its
/// scheme.
pub(super) fn origin_of(uri: &str) -> Option<String> {
    let (scheme, rest) = uri.split_once(':')?;
    match rest.strip_prefix("//") {
        Some(rest) => {
            let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
            Some(format!("{scheme}://{authority}"))
        }
        None => Some(format!("{scheme}:")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_added_to_the_query_that_an_address_has() {
        let fields = [("state", "a b&c=d\u{e9}"), ("code", "x")];
        let added = "state=a%20b%26c%3Dd%C3%A9&code=x";
        for (uri, whole) in [
            ("https://a.example/cb", format!("https://a.example/cb?{added}")),
            ("https://a.example/cb?x=1", format!("https://a.example/cb?x=1&{added}")),
            ("https://a.example/cb?", format!("https://a.example/cb?{added}")),
            ("com.example.app:/cb", format!("com.example.app:/cb?{added}")),
        ] {
            assert_eq!(with_query(uri, &fields), whole);
        }
    }

    #[test]
    fn an_origin_is_scheme_and_authority() {
        assert_eq!(origin_of("https://a.example:1/cb").as_deref(), Some("https://a.example:1"));
        assert_eq!(origin_of("https://a.example?x").as_deref(), Some("https://a.example"));
        assert_eq!(origin_of("com.example.app:/cb").as_deref(), Some("com.example.app:"));
    }
}
