//! The accept loop: our own, because the framework's has no deadlines.
//!
//! Connections over the cap wait in the kernel's queue. Each is a task; one ticker a listener watches
//! all of them (see `connection`). To stop is to accept no more, finish what is in flight, and after
//! the drain time drop the rest.

mod sockets;

pub use sockets::Listeners;

use crate::{
    activity::{Activity, Patience, Ticks},
    app::AppService,
    config::{Limits, ListenerConfig},
    connection::{self, Answer},
    peer::Peer,
    socket::Socket,
    tls::Certificate,
    traffic::Traffic,
};
use hyper_util::{
    rt::{TokioExecutor, TokioTimer},
    server::conn::auto,
};
use std::{
    collections::HashMap,
    future::Future,
    io,
    net::SocketAddr,
    sync::{Arc, Weak},
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::{AbortHandle, JoinSet},
};

/// HTTP/2 streams that one connection may have open.
const MAX_STREAMS: u32 = 100;
/// Streams reset by the client before we saw them: rapid reset (HT-04) ends in GOAWAY.
const MAX_PENDING_RESETS: usize = 20;
/// Streams that we had to reset over the life of a connection, because what came on them was not HTTP
/// (HT-04): making us reset is as cheap as resetting.
const MAX_LOCAL_RESETS: usize = 100;
/// Room for a request line and the header fields of one request.
const HEAD_SLACK_BYTES: usize = 8 * 1024;
/// After an accept that failed for want of descriptors or memory.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` is ready, then drains. Returns how many connections had to be dropped.
pub async fn serve(listeners: Listeners, app: AppService, stop: impl Future<Output = ()>) -> usize {
    let limits = app.app().config().limits;
    let traffic = Arc::clone(app.app().traffic());
    let answer = move |peer, request| {
        let app = app.clone();
        async move { app.call_from(peer, request).await }
    };
    run(listeners, limits, traffic, answer, stop).await
}

pub(crate) async fn run(
    listeners: Listeners,
    limits: Limits,
    traffic: Arc<Traffic>,
    answer: impl Answer,
    stop: impl Future<Output = ()>,
) -> usize {
    let (stopping, stopped) = watch::channel(false);
    let places = Arc::new(Semaphore::new(limits.connections));
    let builder = Arc::new(builder(&limits));
    let mut loops = JoinSet::new();
    for (listener, config) in listeners.0 {
        let accepting = Accepting {
            answer: answer.clone(),
            limits,
            config,
            traffic: Arc::clone(&traffic),
            places: Arc::clone(&places),
            stopping: stopped.clone(),
            builder: Arc::clone(&builder),
        };
        loops.spawn(accepting.run(listener));
    }
    stop.await;
    let _ = stopping.send(true);
    let mut dropped = 0;
    while let Some(ended) = loops.join_next().await {
        dropped += ended.unwrap_or_default();
    }
    dropped
}

fn builder(limits: &Limits) -> auto::Builder<TokioExecutor> {
    let Limits { headers, header_bytes, .. } = *limits;
    let mut builder = auto::Builder::new(TokioExecutor::new());
    // No `pipeline_flush`: it holds an answer back while a part of a next request lies in the buffer,
    // and so swallows the 400 and 431 that hyper gives to a malformed head.
    builder
        .http1()
        .timer(TokioTimer::new())
        // The watch keeps this deadline and the ones that hyper does not know.
        .header_read_timeout(None)
        .max_headers(headers)
        .max_buf_size(header_bytes + HEAD_SLACK_BYTES)
        .half_close(false);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(MAX_STREAMS)
        .max_pending_accept_reset_streams(MAX_PENDING_RESETS)
        .max_local_error_reset_streams(MAX_LOCAL_RESETS)
        .max_header_list_size(u32::try_from(header_bytes).unwrap_or(u32::MAX));
    builder
}

struct Accepting<A> {
    answer: A,
    limits: Limits,
    config: ListenerConfig,
    traffic: Arc<Traffic>,
    places: Arc<Semaphore>,
    stopping: watch::Receiver<bool>,
    builder: Arc<auto::Builder<TokioExecutor>>,
}

/// The connections of one listener, for the ticker.
type Watched = HashMap<u64, (Weak<Activity>, AbortHandle)>;

impl<A: Answer> Accepting<A> {
    async fn run(self, listener: TcpListener) -> usize {
        let limits = self.limits;
        let (ticks, patience) = (Ticks::default(), Patience::of(&limits));
        let mut ticker = tokio::time::interval(Ticks::length(&limits));
        let mut stopping = self.stopping.clone();
        let mut tasks = JoinSet::new();
        let mut watched = Watched::new();
        let mut number = 0;
        loop {
            tokio::select! {
                accepted = self.accept(&listener) => {
                    let Some((stream, address, place)) = accepted else { continue };
                    number += 1;
                    let activity = Arc::new(Activity::new(ticks.clone()));
                    let watch = Arc::downgrade(&activity);
                    let handle = tasks.spawn(self.connection(stream, address, place, activity));
                    watched.insert(number, (watch, handle));
                }
                _ = ticker.tick() => {
                    drop_dawdlers(&mut watched, ticks.advance(), &patience, &self.traffic);
                }
                Some(_) = tasks.join_next(), if !tasks.is_empty() => {}
                () = connection::told(&mut stopping) => break,
            }
        }
        for (stream, address) in let_in_already(listener, limits.connections) {
            let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else { break };
            number += 1;
            let activity = Arc::new(Activity::new(ticks.clone()));
            let watch = Arc::downgrade(&activity);
            let handle = tasks.spawn(self.connection(stream, address, place, activity));
            watched.insert(number, (watch, handle));
        }
        drain(tasks, watched, &ticks, limits, &self.traffic).await
    }

    /// The next connection, once there is a place for it.
    async fn accept(
        &self,
        listener: &TcpListener,
    ) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
        let place = Arc::clone(&self.places).acquire_owned().await.ok()?;
        match listener.accept().await {
            Ok((stream, address)) => Some((stream, address, place)),
            Err(error) => {
                // A peer that is gone already is its own affair; a lack of descriptors wants a pause.
                let gone = matches!(
                    error.kind(),
                    io::ErrorKind::ConnectionAborted
                        | io::ErrorKind::ConnectionReset
                        | io::ErrorKind::Interrupted
                );
                if !gone {
                    tracing::warn!(%error, "cannot accept connections");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
                None
            }
        }
    }

    fn connection(
        &self,
        stream: TcpStream,
        address: SocketAddr,
        place: OwnedSemaphorePermit,
        activity: Arc<Activity>,
    ) -> impl Future<Output = ()> + Send + use<A> {
        let tls = self.config.certificate.as_ref().map(Certificate::config);
        let peer = Peer::of(address.ip().to_canonical(), self.config.surfaces, tls.is_some());
        let counted = Counted::new(&self.traffic);
        let (answer, builder, stopping) =
            (self.answer.clone(), Arc::clone(&self.builder), self.stopping.clone());
        async move {
            let _place = place;
            let traffic = &counted.0;
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "no TCP_NODELAY");
            }
            let socket = match tls {
                None => Socket::Plain(stream),
                Some(tls) => match Socket::encrypted(stream, tls).await {
                    Ok(socket) => socket,
                    Err(error) => {
                        traffic.refused_handshake();
                        return tracing::debug!(%error, "no TLS connection came about");
                    }
                },
            };
            connection::serve(socket, builder, answer, peer, activity, stopping).await;
        }
    }
}

/// Counts a connection down too, however it ends.
struct Counted(Arc<Traffic>);

impl Counted {
    fn new(traffic: &Arc<Traffic>) -> Self {
        traffic.accepted_one();
        Self(Arc::clone(traffic))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.ended_one();
    }
}

/// Closes the listener. Connections that the kernel completed and nobody accepted yet would be reset
/// with it, and perhaps a request in them: they are served like the others that are open.
fn let_in_already(listener: TcpListener, most: usize) -> Vec<(TcpStream, SocketAddr)> {
    let Ok(listener) = listener.into_std() else { return Vec::new() };
    std::iter::from_fn(|| listener.accept().ok())
        .take(most)
        .filter_map(|(stream, address)| {
            stream.set_nonblocking(true).ok()?;
            Some((TcpStream::from_std(stream).ok()?, address))
        })
        .collect()
}

/// Drops the connections whose patience is at its end, and forgets the ones that ended.
fn drop_dawdlers(watched: &mut Watched, now: u32, patience: &Patience, traffic: &Traffic) {
    watched.retain(|_, (activity, task)| match activity.upgrade() {
        Some(activity) if activity.dawdles(now, patience) => {
            task.abort();
            traffic.dawdled_one();
            false
        }
        Some(_) => true,
        None => false,
    });
}

/// Waits for what is in flight, but no longer than the drain time.
async fn drain(
    mut tasks: JoinSet<()>,
    mut watched: Watched,
    ticks: &Ticks,
    limits: Limits,
    traffic: &Traffic,
) -> usize {
    let patience = Patience::of(&limits);
    let deadline = tokio::time::sleep(limits.drain);
    let mut deadline = std::pin::pin!(deadline);
    let mut ticker = tokio::time::interval(Ticks::length(&limits));
    loop {
        tokio::select! {
            ended = tasks.join_next() => if ended.is_none() { return 0 },
            _ = ticker.tick() => {
                drop_dawdlers(&mut watched, ticks.advance(), &patience, traffic);
            }
            () = &mut deadline => {
                let dropped = tasks.len();
                tasks.abort_all();
                return dropped;
            }
        }
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tls_tests;
