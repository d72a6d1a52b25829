//! The watch over a connection.
//!
//! hyper's header timeout is a timer armed and disarmed for every request, does not see a connection
//! that never sends a byte, and also ends an idle one. So a connection only notes, in a few relaxed
//! stores, what it last did and when, in ticks of a clock that the listener's one ticker moves; the
//! ticker looks at all connections and drops the ones that dawdle (HT-03).

use crate::config::Limits;
use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

/// The listener's coarse clock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ticks(Arc<AtomicU32>);

impl Ticks {
    /// How long a tick lasts. Deadlines are kept to within one. Short, so that thousands whose time is up
    /// are not hung up on, and come back, all at once.
    pub(crate) fn length(limits: &Limits) -> Duration {
        let shortest = limits.first_byte.min(limits.header).min(limits.body).min(limits.idle);
        (shortest / 16).clamp(Duration::from_millis(5), Duration::from_millis(100))
    }

    pub(crate) fn advance(&self) -> u32 {
        self.0.fetch_add(1, Relaxed) + 1
    }

    /// Never 0, which stands for "not yet".
    fn now(&self) -> u32 {
        self.0.load(Relaxed).max(1)
    }
}

/// What one connection last did, in ticks. 0: never, or nothing of that kind is going on.
#[derive(Debug)]
pub(crate) struct Activity {
    ticks: Ticks,
    opened: u32,
    heard: AtomicBool,
    /// Streams share the connection, so bytes no longer tell what is being read.
    http2: AtomicBool,
    /// The server stops: the next answer is the last one.
    last_call: AtomicBool,
    last_written: AtomicU32,
    reading_head: AtomicU32,
    reading_body: AtomicU32,
    in_flight: AtomicU32,
    /// Exchanges of the gateway, and the longest silence that one of them allows, in milliseconds.
    relaying: AtomicU32,
    relaying_ms: AtomicU32,
    tunnel: Tunnel,
}

/// An exchange of the gateway: as long as one is on the way, the client may be silent, and slow to take
/// its answer, for as long as the route says.
#[derive(Debug)]
pub(crate) struct Relaying(Arc<Activity>);

impl Drop for Relaying {
    fn drop(&mut self) {
        if self.0.relaying.fetch_sub(1, Relaxed) == 1 {
            self.0.relaying_ms.store(0, Relaxed);
        }
        self.0.sent();
    }
}

/// What runs on the connection once HTTP has left it.
#[derive(Default)]
struct Tunnel(Mutex<Option<Tunnelling>>);

/// The copying of bytes both ways.
pub(crate) type Tunnelling = Pin<Box<dyn Future<Output = ()> + Send>>;

impl fmt::Debug for Tunnel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tunnel")
    }
}

/// [`Limits`] in ticks, rounded up, one for the tick that had begun.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    first_byte: u32,
    header: u32,
    body: u32,
    idle: u32,
    tick_ms: u32,
}

impl Patience {
    pub(crate) fn of(limits: &Limits) -> Self {
        let tick = Ticks::length(limits).as_millis().max(1);
        let ticks =
            |d: Duration| u32::try_from(d.as_millis().div_ceil(tick) + 1).unwrap_or(u32::MAX);
        Self {
            first_byte: ticks(limits.first_byte),
            header: ticks(limits.header),
            // The handler's own deadline comes first and answers 408; this one only hangs up.
            body: ticks(limits.body + limits.body / 4),
            idle: ticks(limits.idle),
            tick_ms: u32::try_from(tick).unwrap_or(u32::MAX),
        }
    }

    /// With at least this patience for bodies and silence. The exchange's own deadlines come first and
    /// say so; this one only hangs up.
    fn at_least(self, silence_ms: u32) -> Self {
        let ticks = silence_ms.div_ceil(self.tick_ms.max(1));
        let ticks = ticks.saturating_add(ticks / 4 + 2);
        Self { body: self.body.max(ticks), idle: self.idle.max(ticks), ..self }
    }
}

impl Activity {
    pub(crate) fn new(ticks: Ticks) -> Self {
        let opened = ticks.now();
        Self {
            ticks,
            opened,
            heard: AtomicBool::new(false),
            http2: AtomicBool::new(false),
            last_call: AtomicBool::new(false),
            last_written: AtomicU32::new(0),
            reading_head: AtomicU32::new(0),
            reading_body: AtomicU32::new(0),
            in_flight: AtomicU32::new(0),
            relaying: AtomicU32::new(0),
            relaying_ms: AtomicU32::new(0),
            tunnel: Tunnel::default(),
        }
    }

    /// An exchange of the gateway begins, with this patience for silence.
    pub(crate) fn relay(self: &Arc<Self>, silence_ms: u32) -> Relaying {
        self.relaying.fetch_add(1, Relaxed);
        self.relaying_ms.fetch_max(silence_ms, Relaxed);
        Relaying(Arc::clone(self))
    }

    /// HTTP leaves the connection to this.
    pub(crate) fn leave_to(&self, tunnel: Tunnelling) {
        *self.tunnel.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(tunnel);
    }

    /// What HTTP has left the connection to.
    pub(crate) fn tunnel(&self) -> Option<Tunnelling> {
        self.tunnel.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// What the listener's clock shows.
    pub(crate) fn tick(&self) -> u32 {
        self.ticks.now()
    }

    /// Bytes went out.
    pub(crate) fn sent(&self) {
        self.last_written.store(self.ticks.now(), Relaxed);
    }

    /// Bytes came in. Between requests they begin a head; HTTP/2 also sends frames that begin none.
    pub(crate) fn received(&self) {
        self.heard.store(true, Relaxed);
        if self.in_flight.load(Relaxed) == 0
            && self.reading_head.load(Relaxed) == 0
            && !self.http2.load(Relaxed)
            && self.relaying.load(Relaxed) == 0
        {
            self.reading_head.store(self.ticks.now(), Relaxed);
        }
    }

    pub(crate) fn request_begins(&self, http2: bool) {
        if http2 {
            self.http2.store(true, Relaxed);
        }
        self.reading_head.store(0, Relaxed);
        self.in_flight.fetch_add(1, Relaxed);
    }

    pub(crate) fn request_ends(&self) {
        self.in_flight.fetch_sub(1, Relaxed);
        self.sent();
    }

    pub(crate) fn is_http2(&self) -> bool {
        self.http2.load(Relaxed)
    }

    pub(crate) fn last_call(&self) {
        self.last_call.store(true, Relaxed);
    }

    pub(crate) fn is_last_call(&self) -> bool {
        self.last_call.load(Relaxed)
    }

    /// More of a body is awaited; of several polls the first counts.
    pub(crate) fn body_waits(&self) {
        if self.reading_body.load(Relaxed) == 0 {
            self.reading_body.store(self.ticks.now(), Relaxed);
        }
    }

    /// A piece of a body has come, or its end, or nobody wants it any more.
    pub(crate) fn body_ends(&self) {
        self.reading_body.store(0, Relaxed);
    }

    /// Whether patience is at its end.
    pub(crate) fn dawdles(&self, now: u32, patience: &Patience) -> bool {
        if !self.heard.load(Relaxed) {
            return now.saturating_sub(self.opened) > patience.first_byte;
        }
        let silence_ms = self.relaying_ms.load(Relaxed);
        let patience = if silence_ms == 0 { *patience } else { patience.at_least(silence_ms) };
        let body = self.reading_body.load(Relaxed);
        if body != 0 && now.saturating_sub(body) > patience.body {
            return true;
        }
        let head = self.reading_head.load(Relaxed);
        if head != 0 && now.saturating_sub(head) > patience.header {
            return true;
        }
        // A handler has its own deadline; a client that does not take its answer counts as idle.
        let last = self.last_written.load(Relaxed).max(self.opened);
        self.in_flight.load(Relaxed) == 0 && now.saturating_sub(last) > patience.idle
    }
}

#[cfg(test)]
mod tests;
