//! One request of our API, without whom it goes to and as whom.

use super::Body;
use ::http::{HeaderValue, Method, Request, Uri, header};
use serde_json::Value;
use url::Url;
use zeroize::Zeroizing;

/// A request.
pub(crate) struct Call {
    method: Method,
    /// Only path and query are used; the rest is a place to build them in.
    url: Option<Url>,
    content_type: Option<&'static str>,
    if_version: Option<u32>,
    once: Option<String>,
    body: Zeroizing<Vec<u8>>,
}

impl Call {
    /// A request with these segments as its path; they are encoded here.
    fn new(method: Method, path: &[&str]) -> Self {
        let mut url = Url::parse("http://localhost/").ok();
        if let Some(url) = &mut url
            && let Ok(mut segments) = url.path_segments_mut()
        {
            segments.clear().extend(path);
        }
        Self {
            method,
            url,
            content_type: None,
            if_version: None,
            once: None,
            body: Zeroizing::default(),
        }
    }

    pub(crate) fn get(path: &[&str]) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn post(path: &[&str]) -> Self {
        Self::new(Method::POST, path)
    }

    pub(crate) fn put(path: &[&str]) -> Self {
        Self::new(Method::PUT, path)
    }

    pub(crate) fn patch(path: &[&str]) -> Self {
        Self::new(Method::PATCH, path)
    }

    pub(crate) fn delete(path: &[&str]) -> Self {
        Self::new(Method::DELETE, path)
    }

    /// With a parameter of the query, where there is a value.
    pub(crate) fn query(mut self, name: &str, value: Option<impl ToString>) -> Self {
        if let (Some(url), Some(value)) = (&mut self.url, value) {
            url.query_pairs_mut().append_pair(name, &value.to_string());
        }
        self
    }

    /// With a JSON body.
    pub(crate) fn json(self, body: &Value) -> Self {
        let bytes = serde_json::to_vec(body).unwrap_or_default();
        self.of_type("application/json").with_bytes(bytes)
    }

    /// With a body of this type.
    pub(crate) fn of_type(mut self, content_type: &'static str) -> Self {
        self.content_type = Some(content_type);
        self
    }

    /// With these bytes as its body.
    pub(crate) fn with_bytes(mut self, bytes: Vec<u8>) -> Self {
        self.body = Zeroizing::new(bytes);
        self
    }

    /// Only if the thing still has this version.
    pub(crate) fn if_version(mut self, version: Option<u32>) -> Self {
        self.if_version = version;
        self
    }

    /// Once, however often it is asked with this key.
    pub(crate) fn once(mut self, key: Option<String>) -> Self {
        self.once = key;
        self
    }

    pub(super) fn body(&self) -> &[u8] {
        &self.body
    }

    /// The request, for whichever host.
    pub(super) fn request(&self, body: Body) -> Request<Body> {
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.path_and_query();
        let headers = request.headers_mut();
        if let Some(kind) = self.content_type {
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        if let Some(version) = self.if_version
            && let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\""))
        {
            headers.insert(header::IF_MATCH, tag);
        }
        if let Some(key) = &self.once
            && let Ok(key) = HeaderValue::from_str(key)
        {
            headers.insert("idempotency-key", key);
        }
        request
    }

    fn path_and_query(&self) -> Uri {
        let Some(url) = &self.url else { return Uri::default() };
        let text = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        text.parse().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_types_stays_one_segment_and_one_value() {
        let call = Call::get(&["v1", "clients", "a/b?c#d"]).query("search", Some("x&limit=1 ü"));
        let uri = call.path_and_query().to_string();
        assert_eq!(uri, "/v1/clients/a%2Fb%3Fc%23d?search=x%26limit%3D1+%C3%BC");
        assert_eq!(Call::get(&["v1", "keys"]).query("a", None::<u32>).path_and_query(), "/v1/keys");
    }
}
