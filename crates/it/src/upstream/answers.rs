//! What the upstream answers, by the path that it is asked for.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Empty, Full, combinators::UnsyncBoxBody};
use hyper::body::{Body as HttpBody, Frame, Incoming};
use hyper_util::rt::TokioIo;
use serde_json::json;
use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    sync::mpsc,
};

type Body = UnsyncBoxBody<Bytes, io::Error>;

pub(super) async fn answer(request: Request<Incoming>) -> io::Result<Response<Body>> {
    let path = request.uri().path().to_owned();
    let mut steps = path.rsplit('/');
    let last = steps.next().unwrap_or_default().to_owned();
    let before = steps.next().unwrap_or_default();
    match (before, last.as_str()) {
        ("status", status) => {
            let mut response = echo(request).await?;
            *response.status_mut() = status.parse().map_err(io::Error::other)?;
            Ok(response)
        }
        ("bytes", length) => {
            let length: usize = length.parse().map_err(io::Error::other)?;
            Ok(Response::new(streamed(length)))
        }
        (_, "events") => Ok(Response::new(one_and(b"data: 1\n\n", false))),
        (_, "broken") => Ok(Response::new(one_and(b"half", true))),
        (_, "silent") => std::future::pending().await,
        (_, "hang-up") => Err(io::Error::other("hung up")),
        (_, "trailers") => Ok(with_trailers()),
        (_, "early") => Ok(early(request)),
        (_, "echo") => {
            let body = request.into_body().map_err(io::Error::other);
            Ok(Response::new(body.boxed_unsync()))
        }
        (_, "socket") => Ok(another_protocol(request)),
        (_, "headers") => Ok(talkative()),
        _ => echo(request).await,
    }
}

/// The call as JSON.
async fn echo(request: Request<Incoming>) -> io::Result<Response<Body>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?;
    let trailers = body.trailers().map(pairs).unwrap_or_default();
    let bytes = body.to_bytes();
    let version = format!("{:?}", head.version);
    let told = json!({
        "method": head.method.as_str(),
        "path": head.uri.path_and_query().map(ToString::to_string),
        "authority": head.uri.authority().map(ToString::to_string),
        "version": version,
        "headers": pairs(&head.headers),
        "body": String::from_utf8_lossy(bytes.get(..bytes.len().min(65_536)).unwrap_or_default()),
        "bytes": bytes.len(),
        "trailers": trailers,
    });
    let mut response = Response::new(whole(told.to_string()));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response.headers_mut().insert(header::SERVER, HeaderValue::from_static("upstream"));
    Ok(response)
}

fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect()
}

fn whole(text: impl Into<Bytes>) -> Body {
    Full::new(text.into()).map_err(|never| match never {}).boxed_unsync()
}

/// A body whose pieces come from a task.
struct Sent(mpsc::Receiver<io::Result<Frame<Bytes>>>);

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.0.poll_recv(cx)
    }
}

/// A body that `send` sends piece by piece.
fn sent<F>(send: impl FnOnce(mpsc::Sender<io::Result<Frame<Bytes>>>) -> F) -> Body
where
    F: Future<Output = ()> + Send + 'static,
{
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(send(sender));
    Sent(receiver).boxed_unsync()
}

/// So many bytes, a piece at a time.
fn streamed(length: usize) -> Body {
    const PIECE: Bytes = Bytes::from_static(&[b'x'; 16 * 1024]);
    sent(move |sender| async move {
        let mut left = length;
        while left > 0 {
            let piece = PIECE.slice(..left.min(PIECE.len()));
            left -= piece.len();
            if sender.send(Ok(Frame::data(piece))).await.is_err() {
                return;
            }
        }
    })
}

/// One piece, and then nothing more, or an error.
fn one_and(piece: &'static [u8], breaks: bool) -> Body {
    sent(move |sender| async move {
        let _ = sender.send(Ok(Frame::data(Bytes::from_static(piece)))).await;
        if breaks {
            let _ = sender.send(Err(io::Error::other("broken"))).await;
        } else {
            sender.closed().await;
        }
    })
}

fn with_trailers() -> Response<Body> {
    let body = sent(|sender| async move {
        let mut sum = HeaderMap::new();
        sum.insert("x-sum", HeaderValue::from_static("42"));
        let _ = sender.send(Ok(Frame::data(Bytes::from_static(b"body")))).await;
        let _ = sender.send(Ok(Frame::trailers(sum))).await;
    });
    let mut response = Response::new(body);
    response.headers_mut().insert(header::TRAILER, HeaderValue::from_static("x-sum"));
    response
}

/// The head at once, and in the body how long the call's body was.
fn early(request: Request<Incoming>) -> Response<Body> {
    Response::new(sent(|sender| async move {
        let counted = request.into_body().collect().await.map(|body| body.to_bytes().len());
        let told = counted.map(|length| Frame::data(Bytes::from(length.to_string())));
        let _ = sender.send(told.map_err(io::Error::other)).await;
    }))
}

fn another_protocol(mut request: Request<Incoming>) -> Response<Body> {
    let on_upgrade = hyper::upgrade::on(&mut request);
    let Some(protocol) = request.headers().get(header::UPGRADE).cloned() else {
        let mut response = Response::new(whole("an Upgrade is wanted"));
        *response.status_mut() = StatusCode::UPGRADE_REQUIRED;
        return response;
    };
    tokio::spawn(async move {
        let Ok(upgraded) = on_upgrade.await else { return };
        let mut stream = TokioIo::new(upgraded);
        let mut buffer = vec![0; 4096];
        while let Ok(length @ 1..) = stream.read(&mut buffer).await {
            if stream.write_all(buffer.get(..length).unwrap_or_default()).await.is_err() {
                return;
            }
        }
    });
    let mut response = Response::new(Empty::new().map_err(|never| match never {}).boxed_unsync());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, protocol);
    response
}

fn talkative() -> Response<Body> {
    let mut response = Response::new(whole("ok"));
    let fields = [
        ("access-control-allow-origin", "*"),
        ("connection", "x-private"),
        ("x-private", "1"),
        ("keep-alive", "timeout=5"),
        ("ratelimit", "\"theirs\";r=1;t=1"),
        ("cache-control", "max-age=60"),
        ("server", "upstream"),
        ("set-cookie", "a=1"),
        ("x-keyward-secret-ends", "2999-01-01T00:00:00.000Z"),
        ("x-keyward-days-left", "999"),
        ("x-request-id", "theirs"),
    ];
    for (name, value) in fields {
        response.headers_mut().append(name, HeaderValue::from_static(value));
    }
    response
}
