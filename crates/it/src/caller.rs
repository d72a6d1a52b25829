//! Callers, not helpers: a test says who calls what and looks at the answer.

use crate::documented;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use serde_json::Value;
use server::{AppService, Peer};
use std::net::{IpAddr, SocketAddr};

/// Somebody who calls: with or without credentials, from an address.
#[derive(Clone)]
pub struct Caller {
    app: AppService,
    peer: SocketAddr,
    headers: HeaderMap,
    /// The access token, where the caller signed in.
    pub token: Option<String>,
    /// The refresh token, where one came with it.
    pub refresh: Option<String>,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Caller {
    /// Somebody without credentials, on loopback.
    #[must_use]
    pub fn new(app: AppService) -> Self {
        let peer = SocketAddr::from(([127, 0, 0, 1], 40_000));
        Self { app, peer, headers: HeaderMap::new(), token: None, refresh: None }
    }

    /// The same caller from another address.
    #[must_use]
    pub fn from_address(mut self, address: &str) -> Self {
        self.peer = SocketAddr::new(address.parse::<IpAddr>().expect("an address"), 40_000);
        self
    }

    /// The same caller with one more header on every call.
    #[must_use]
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        self.headers
            .append(name, HeaderValue::from_bytes(value.as_bytes()).expect("a header value"));
        self
    }

    /// The same caller without its headers.
    #[must_use]
    pub fn without_credentials(mut self) -> Self {
        self.headers.clear();
        self
    }

    /// The same caller presenting `token` as Bearer.
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        let mut caller =
            self.without_credentials().with_header("authorization", &format!("Bearer {token}"));
        caller.token = Some(token.to_owned());
        caller
    }

    /// The same caller with Basic credentials.
    #[must_use]
    pub fn basic(self, user: &str, password: &str) -> Self {
        self.without_credentials().with_header("authorization", &basic(user, password))
    }

    /// Signs in by the password grant of `nexus_client`.
    pub async fn signed_in(self, username: &str, password: &str) -> Self {
        let form = [("grant_type", "password"), ("username", username), ("password", password)];
        let answer =
            self.clone().basic("nexus_client", "").post_form("/auth/v3/oauth/token", &form).await;
        self.with_token_of(&answer, username)
    }

    /// Gets a token by client credentials.
    pub async fn client_token(self, client_id: &str, secret: &str) -> Self {
        let form = [("grant_type", "client_credentials")];
        let answer =
            self.clone().basic(client_id, secret).post_form("/auth/v3/oauth/token", &form).await;
        self.with_token_of(&answer, client_id)
    }

    fn with_token_of(self, answer: &Answer, who: &str) -> Self {
        assert_eq!(answer.status, 200, "no token for {who}: {}", answer.text());
        let json = answer.json();
        let mut caller = self.bearer(json["access_token"].as_str().expect("an access token"));
        caller.refresh = json["refresh_token"].as_str().map(str::to_owned);
        caller
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, Bytes::new()).await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, Bytes::new()).await
    }

    /// `POST` of a JSON value.
    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::POST, path, Some("application/json"), body.to_string().into()).await
    }

    /// `PUT` of a JSON value.
    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PUT, path, Some("application/json"), body.to_string().into()).await
    }

    /// `PATCH` of a JSON value.
    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, path, Some("application/json"), body.to_string().into()).await
    }

    /// `POST` without a body.
    pub async fn act(&self, path: &str) -> Answer {
        self.send(Method::POST, path, None, Bytes::new()).await
    }

    /// `POST` of a form.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = fields
            .iter()
            .map(|(name, value)| format!("{}={}", form_encode(name), form_encode(value)))
            .collect::<Vec<_>>()
            .join("&");
        self.send(Method::POST, path, Some("application/x-www-form-urlencoded"), body.into()).await
    }

    /// Any call at all.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        content_type: Option<&str>,
        body: Bytes,
    ) -> Answer {
        let mut request = Request::builder()
            .method(method.clone())
            .uri(path)
            .body(Full::new(body))
            .expect("a request");
        request.headers_mut().insert("host", HeaderValue::from_static("127.0.0.1:8080"));
        if let Some(content_type) = content_type {
            let value = HeaderValue::from_str(content_type).expect("a content type");
            request.headers_mut().insert("content-type", value);
        }
        for (name, value) in &self.headers {
            if name == "host" || name == "content-type" {
                request.headers_mut().insert(name, value.clone());
            } else {
                request.headers_mut().append(name, value.clone());
            }
        }
        let response = self.app.call_from(Peer::at(self.peer.ip()), request).await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a body").to_bytes();
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        documented::check(&method, path, &answer);
        answer
    }
}

impl Answer {
    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|e| panic!("no JSON ({e}): {}", self.text()))
    }

    /// A header's text; empty where there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("")
    }

    /// The member names of a JSON object, in the order in which they stand.
    #[must_use]
    pub fn members(&self) -> Vec<String> {
        self.json().as_object().map(|o| o.keys().cloned().collect()).unwrap_or_default()
    }
}

/// The value of a Basic `Authorization` header.
#[must_use]
pub fn basic(user: &str, password: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

fn form_encode(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
