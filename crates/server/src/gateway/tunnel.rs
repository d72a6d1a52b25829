//! A connection that HTTP has left, such as a WebSocket: bytes go both ways until one side ends, both
//! are silent for too long, or the call that opened it would pass no more: its key, or its route.
//!
//! The extended CONNECT of HTTP/2 (RFC 8441) is not spoken: browsers open their WebSockets over
//! HTTP/1.1 where the server does not offer it.

use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

/// How often it is asked whether the call would still pass.
const LOOK: Duration = Duration::from_secs(5);
/// One buffer in each direction.
const BUFFER_BYTES: usize = 16 * 1024;

/// Copies until the end. `live` says whether the call would still pass.
pub(super) async fn run(
    client: OnUpgrade,
    upstream: OnUpgrade,
    idle: Duration,
    live: impl Fn() -> bool + Send,
) {
    let (client, upstream) = match tokio::try_join!(client, upstream) {
        Ok(both) => both,
        Err(error) => return tracing::debug!(%error, "a tunnel did not come about"),
    };
    let passed = Arc::new(AtomicU64::new(0));
    tokio::select! {
        copied = copy(client, upstream, &passed) => {
            if let Err(error) = copied {
                tracing::debug!(%error, "a tunnel broke");
            }
        }
        () = watch(&passed, idle, live) => {}
    }
}

async fn copy(client: Upgraded, upstream: Upgraded, passed: &AtomicU64) -> io::Result<()> {
    let (from_client, to_client) = tokio::io::split(TokioIo::new(client));
    let (from_upstream, to_upstream) = tokio::io::split(TokioIo::new(upstream));
    tokio::try_join!(
        pump(from_client, to_upstream, passed),
        pump(from_upstream, to_client, passed)
    )?;
    Ok(())
}

/// One direction, to its end; the other may go on.
async fn pump(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    passed: &AtomicU64,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            return to.shutdown().await;
        }
        to.write_all(buffer.get(..length).unwrap_or_default()).await?;
        to.flush().await?;
        passed.fetch_add(1, Relaxed);
    }
}

/// Returns when the tunnel has to end.
async fn watch(passed: &AtomicU64, idle: Duration, live: impl Fn() -> bool) {
    let step = LOOK.min(idle / 4).max(Duration::from_millis(1));
    let mut before = passed.load(Relaxed);
    let mut silent = Duration::ZERO;
    loop {
        tokio::time::sleep(step).await;
        if !live() {
            return tracing::info!("a tunnel was ended: its key or its route lets it pass no more");
        }
        let now = passed.load(Relaxed);
        silent = if now == before { silent + step } else { Duration::ZERO };
        before = now;
        if silent >= idle {
            return;
        }
    }
}
