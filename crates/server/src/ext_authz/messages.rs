//! The messages of Envoy's `envoy.service.auth.v3`, as far as we read and write them.
//!
//! Written by hand instead of generated: of some two hundred messages that the public definitions draw
//! in, a dozen matter here, and a field that is not named is skipped by whoever reads. Names and numbers
//! are those of the definitions.

use prost::{Enumeration, Message, Oneof};
use std::{collections::BTreeMap, fmt};

/// What Envoy asks.
#[derive(Clone, PartialEq, Message)]
pub struct CheckRequest {
    /// All that it knows of the call.
    #[prost(message, optional, tag = "1")]
    pub attributes: Option<AttributeContext>,
}

/// All that Envoy knows of a call.
#[derive(Clone, PartialEq, Message)]
pub struct AttributeContext {
    /// Who calls.
    #[prost(message, optional, tag = "1")]
    pub source: Option<Peer>,
    /// What is called.
    #[prost(message, optional, tag = "4")]
    pub request: Option<Request>,
    /// What the configuration of the route says to us.
    #[prost(btree_map = "string, string", tag = "10")]
    pub context_extensions: BTreeMap<String, String>,
}

/// One end of a connection.
#[derive(Clone, PartialEq, Message)]
pub struct Peer {
    /// Where it is.
    #[prost(message, optional, tag = "1")]
    pub address: Option<Address>,
}

/// An address; one that is not of a socket is read as none.
#[derive(Clone, PartialEq, Message)]
pub struct Address {
    /// Of a socket.
    #[prost(message, optional, tag = "1")]
    pub socket_address: Option<SocketAddress>,
}

/// An address of a socket.
#[derive(Clone, PartialEq, Message)]
pub struct SocketAddress {
    /// The IP address as text.
    #[prost(string, tag = "2")]
    pub address: String,
}

/// A call over the network.
#[derive(Clone, PartialEq, Message)]
pub struct Request {
    /// The one of HTTP.
    #[prost(message, optional, tag = "2")]
    pub http: Option<HttpRequest>,
}

/// A call of HTTP.
#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub struct HttpRequest {
    /// Envoy's id of the call.
    #[prost(string, tag = "1")]
    pub id: String,
    /// Its method.
    #[prost(string, tag = "2")]
    pub method: String,
    /// Its header fields, those of one name joined by commas.
    #[prost(btree_map = "string, string", tag = "3")]
    pub headers: BTreeMap<String, String>,
    /// Path and query as they came.
    #[prost(string, tag = "4")]
    pub path: String,
    /// `Host`, or `:authority`.
    #[prost(string, tag = "5")]
    pub host: String,
    /// `http` or `https`.
    #[prost(string, tag = "6")]
    pub scheme: String,
    /// The body, where Envoy is told to send it.
    #[prost(string, tag = "11")]
    pub body: String,
    /// The same, where it is told to send bytes.
    #[prost(bytes = "bytes", tag = "12")]
    pub raw_body: bytes::Bytes,
    /// Its header fields one by one, with `encode_raw_headers`, instead of the others.
    #[prost(message, optional, tag = "13")]
    pub header_map: Option<HeaderMap>,
}

/// Header fields one by one.
#[derive(Clone, PartialEq, Message)]
pub struct HeaderMap {
    /// In the order in which they came.
    #[prost(message, repeated, tag = "1")]
    pub headers: Vec<HeaderValue>,
}

/// A header field.
#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub struct HeaderValue {
    /// Its name.
    #[prost(string, tag = "1")]
    pub key: String,
    /// Its value as text.
    #[prost(string, tag = "2")]
    pub value: String,
    /// Its value as bytes; one of the two is set.
    #[prost(bytes = "bytes", tag = "3")]
    pub raw_value: bytes::Bytes,
}

/// What we answer.
#[derive(Clone, PartialEq, Message)]
pub struct CheckResponse {
    /// Whether the call may pass.
    #[prost(message, optional, tag = "1")]
    pub status: Option<Status>,
    /// What to do beside.
    #[prost(oneof = "HttpResponse", tags = "2, 3")]
    pub http_response: Option<HttpResponse>,
}

/// What to do beside.
#[derive(Clone, PartialEq, Oneof)]
pub enum HttpResponse {
    /// This goes to the client.
    #[prost(message, tag = "2")]
    Denied(DeniedHttpResponse),
    /// The call goes on, changed so.
    #[prost(message, tag = "3")]
    Ok(OkHttpResponse),
}

/// `google.rpc.Status`.
#[derive(Clone, PartialEq, Message)]
pub struct Status {
    /// A code of gRPC; 0 lets the call pass.
    #[prost(int32, tag = "1")]
    pub code: i32,
}

/// An answer to the client.
#[derive(Clone, PartialEq, Message)]
pub struct DeniedHttpResponse {
    /// Its status.
    #[prost(message, optional, tag = "1")]
    pub status: Option<HttpStatus>,
    /// Its header fields.
    #[prost(message, repeated, tag = "2")]
    pub headers: Vec<HeaderValueOption>,
    /// Its body.
    #[prost(string, tag = "3")]
    pub body: String,
}

/// A status of HTTP.
#[derive(Clone, PartialEq, Message)]
pub struct HttpStatus {
    /// The number.
    #[prost(int32, tag = "1")]
    pub code: i32,
}

/// How a call goes on.
#[derive(Clone, PartialEq, Message)]
pub struct OkHttpResponse {
    /// Header fields that the upstream sees.
    #[prost(message, repeated, tag = "2")]
    pub headers: Vec<HeaderValueOption>,
    /// Those that it does not; Envoy takes them out after it has put the others in.
    #[prost(string, repeated, tag = "5")]
    pub headers_to_remove: Vec<String>,
    /// Header fields that the client sees.
    #[prost(message, repeated, tag = "6")]
    pub response_headers_to_add: Vec<HeaderValueOption>,
    /// Parameters of the query that the upstream does not see.
    #[prost(string, repeated, tag = "8")]
    pub query_parameters_to_remove: Vec<String>,
}

/// A header field and how it goes in.
#[derive(Clone, PartialEq, Message)]
pub struct HeaderValueOption {
    /// The field.
    #[prost(message, optional, tag = "1")]
    pub header: Option<HeaderValue>,
    /// What happens to those of the same name.
    #[prost(enumeration = "AppendAction", tag = "3")]
    pub append_action: i32,
    /// Whether an empty value goes in as well.
    #[prost(bool, tag = "4")]
    pub keep_empty_value: bool,
}

/// What happens to header fields of the same name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Enumeration)]
#[repr(i32)]
pub enum AppendAction {
    /// They stay.
    AppendIfExistsOrAdd = 0,
    /// They go.
    OverwriteIfExistsOrAdd = 2,
}

// Both hold the secrets of clients.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpRequest(…)")
    }
}

impl fmt::Debug for HeaderValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HeaderValue({}: …)", self.key)
    }
}
