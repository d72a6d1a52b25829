//! The watch over a connection.
//!
//! hyper's header timeout is a timer armed and disarmed for every request, does not see a connection
//! that never sends a byte, and also ends an idle one. So a connection only notes, in a few relaxed
//! stores, what it last did and when, in ticks of a clock that the listener's one ticker moves; the
//! ticker looks at all connections and drops the ones that dawdle (HT-03).

use crate::config::Limits;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
    time::Duration,
};

/// The listener's coarse clock.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ticks(Arc<AtomicU32>);

impl Ticks {
    /// How long a tick lasts. Deadlines are kept to within one.
    pub(crate) fn length(limits: &Limits) -> Duration {
        let shortest = limits.first_byte.min(limits.header).min(limits.body).min(limits.idle);
        (shortest / 16).clamp(Duration::from_millis(5), Duration::from_millis(500))
    }

    pub(crate) fn advance(&self) -> u32 {
        self.0.fetch_add(1, Relaxed) + 1
    }

    /// Never 0, which stands for "not yet".
    fn now(&self) -> u32 {
        self.0.load(Relaxed).max(1)
    }
}

/// What one connection last did. 0: never, or nothing of that kind is going on.
#[derive(Debug)]
pub(crate) struct Activity {
    ticks: Ticks,
    opened: u32,
    last_byte: AtomicU32,
    reading_head: AtomicU32,
    reading_body: AtomicU32,
    in_flight: AtomicU32,
}

/// [`Limits`] in ticks, rounded up, one for the tick that had begun.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    first_byte: u32,
    header: u32,
    body: u32,
    idle: u32,
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
        }
    }
}

impl Activity {
    pub(crate) fn new(ticks: Ticks) -> Self {
        let opened = ticks.now();
        Self {
            ticks,
            opened,
            last_byte: AtomicU32::new(0),
            reading_head: AtomicU32::new(0),
            reading_body: AtomicU32::new(0),
            in_flight: AtomicU32::new(0),
        }
    }

    pub(crate) fn moved(&self) {
        self.last_byte.store(self.ticks.now(), Relaxed);
    }

    pub(crate) fn received(&self) {
        self.moved();
        if self.in_flight.load(Relaxed) == 0 && self.reading_head.load(Relaxed) == 0 {
            self.reading_head.store(self.ticks.now(), Relaxed);
        }
    }

    pub(crate) fn request_begins(&self) {
        self.reading_head.store(0, Relaxed);
        self.in_flight.fetch_add(1, Relaxed);
    }

    pub(crate) fn request_ends(&self) {
        self.in_flight.fetch_sub(1, Relaxed);
        self.moved();
    }

    /// A body is awaited; the first wait counts.
    pub(crate) fn body_waits(&self) {
        if self.reading_body.load(Relaxed) == 0 {
            self.reading_body.store(self.ticks.now(), Relaxed);
        }
    }

    /// A body has come, or nobody wants it any more.
    pub(crate) fn body_ends(&self) {
        self.reading_body.store(0, Relaxed);
    }

    /// Whether patience is at its end.
    pub(crate) fn dawdles(&self, now: u32, patience: &Patience) -> bool {
        let last = self.last_byte.load(Relaxed);
        if last == 0 {
            return now.saturating_sub(self.opened) > patience.first_byte;
        }
        let body = self.reading_body.load(Relaxed);
        if body != 0 && now.saturating_sub(body) > patience.body {
            return true;
        }
        let head = self.reading_head.load(Relaxed);
        if head != 0 && now.saturating_sub(head) > patience.header {
            return true;
        }
        // A handler has its own deadline; a client that does not take its answer counts as idle.
        self.in_flight.load(Relaxed) == 0 && now.saturating_sub(last) > patience.idle
    }
}
