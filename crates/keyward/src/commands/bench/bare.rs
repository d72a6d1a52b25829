//! The yardstick: hyper with nothing behind it. It answers every request with the same bytes.

use crate::commands;
use anyhow::{Context as _, Result};
use http_body_util::Full;
use hyper::{
    Request, Response,
    body::{Bytes, Incoming},
    header::{CONTENT_TYPE, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use std::{convert::Infallible, net::SocketAddr};
use tokio::net::TcpListener;

/// Serves until it is killed, or asked to stop.
pub(super) fn serve(bytes: usize, listen: Option<SocketAddr>) -> Result<()> {
    let address = listen.context("where to listen")?;
    // The runtime is that of `keyward serve`.
    let runtime = commands::runtime().map_err(|failure| anyhow::anyhow!("{failure}"))?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await?;
        let mut stop = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
        let body = Bytes::from(vec![b'x'; bytes]);
        loop {
            let (stream, _) = tokio::select! {
                accepted = listener.accept() => accepted?,
                _ = stop.recv() => return Ok(()),
            };
            stream.set_nodelay(true)?;
            let body = body.clone();
            tokio::spawn(async move {
                let service = service_fn(|_: Request<Incoming>| std::future::ready(answer(&body)));
                let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
            });
        }
    })
}

#[expect(clippy::unnecessary_wraps, reason = "hyper wants to hear of errors")]
fn answer(body: &Bytes) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut response = Response::new(Full::new(body.clone()));
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    Ok(response)
}
