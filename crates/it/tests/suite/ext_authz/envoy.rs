//! Questions as Envoy puts them, and what it is told.

use super::{CLIENT, ENVOY, PATH};
use bytes::{BufMut, Bytes, BytesMut};
use http::{HeaderMap, Request};
use http_body_util::{BodyExt, Full};
use it::World;
use prost::Message;
use server::{
    Peer,
    ext_authz::messages::{
        Address, AttributeContext, CheckRequest, CheckResponse, DeniedHttpResponse,
        HeaderMap as RawHeaders, HeaderValue, HeaderValueOption, HttpRequest, HttpResponse,
        OkHttpResponse, Peer as End, Request as Asked, SocketAddress,
    },
};
use std::collections::BTreeMap;

/// A question about a call, fields one by one.
pub(super) fn question(path: &str, headers: &[(&str, &str)]) -> CheckRequest {
    let field = |(key, value): &(&str, &str)| HeaderValue {
        key: (*key).to_owned(),
        value: String::new(),
        raw_value: Bytes::copy_from_slice(value.as_bytes()),
    };
    let raw = RawHeaders { headers: headers.iter().map(field).collect() };
    asking(HttpRequest { header_map: Some(raw), ..call(path) })
}

/// The same, fields of one name joined.
pub(super) fn joined(path: &str, headers: &[(&str, &str)]) -> CheckRequest {
    let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    asking(HttpRequest { headers, ..call(path) })
}

pub(super) fn call(path: &str) -> HttpRequest {
    HttpRequest { method: "GET".to_owned(), path: path.to_owned(), ..HttpRequest::default() }
}

pub(super) fn asking(http: HttpRequest) -> CheckRequest {
    let socket = SocketAddress { address: CLIENT.to_owned() };
    let source = End { address: Some(Address { socket_address: Some(socket) }) };
    let named = [("keyward_policy".to_owned(), "orders".to_owned())];
    let attributes = AttributeContext {
        source: Some(source),
        request: Some(Asked { http: Some(http) }),
        context_extensions: BTreeMap::from(named),
    };
    CheckRequest { attributes: Some(attributes) }
}

/// What came back: status of HTTP, of gRPC, and the message.
pub(super) struct Told {
    pub(super) http: u16,
    pub(super) grpc: Option<String>,
    pub(super) message: Option<CheckResponse>,
    pub(super) body: String,
}

impl Told {
    pub(super) fn passes(self) -> OkHttpResponse {
        match self.message.expect("a message").http_response {
            Some(HttpResponse::Ok(ok)) => ok,
            other => panic!("refused: {other:?}"),
        }
    }

    pub(super) fn refused(self) -> DeniedHttpResponse {
        let message = self.message.expect("a message");
        assert_ne!(message.status.expect("a status").code, 0);
        match message.http_response {
            Some(HttpResponse::Denied(denied)) => denied,
            other => panic!("not refused: {other:?}"),
        }
    }

    pub(super) fn status(self) -> i32 {
        self.refused().status.expect("a status").code
    }
}

pub(super) fn values<'a>(fields: &'a [HeaderValueOption], name: &str) -> Vec<&'a str> {
    let fields = fields.iter().filter_map(|f| f.header.as_ref()).filter(|f| f.key == name);
    fields.map(|f| f.value.as_str()).collect()
}

pub(super) async fn ask_from(
    world: &World,
    from: &str,
    metadata: &[(&str, &str)],
    question: &CheckRequest,
) -> Told {
    let mut body = BytesMut::new();
    body.put_u8(0);
    body.put_u32(u32::try_from(question.encoded_len()).expect("short"));
    question.encode(&mut body).expect("room");
    send(world, from, metadata, body.freeze()).await
}

pub(super) async fn send(
    world: &World,
    from: &str,
    metadata: &[(&str, &str)],
    body: Bytes,
) -> Told {
    let mut request = Request::post(PATH)
        .version(http::Version::HTTP_2)
        .header("host", "127.0.0.1:8080")
        .header("content-type", "application/grpc")
        .header("te", "trailers");
    for (name, value) in metadata {
        request = request.header(*name, *value);
    }
    let peer = Peer::at(from.parse().expect("an address"));
    let request = request.body(Full::new(body)).expect("a request");
    let (head, body) = world.app.call_from(peer, request).await.into_parts();
    let body = body.collect().await.expect("a body");
    let status = |fields: &HeaderMap| Some(fields.get("grpc-status")?.to_str().ok()?.to_owned());
    let grpc = body.trailers().and_then(status).or_else(|| status(&head.headers));
    let bytes = body.to_bytes();
    let message = bytes.get(5..).and_then(|message| CheckResponse::decode(message).ok());
    Told {
        http: head.status.as_u16(),
        grpc,
        message: message.filter(|m| m.status.is_some()),
        body: String::from_utf8_lossy(&bytes).into_owned(),
    }
}

pub(super) async fn ask(world: &World, question: &CheckRequest) -> Told {
    ask_from(world, ENVOY, &[], question).await
}
