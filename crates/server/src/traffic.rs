//! What happened to connections, for metrics. A few relaxed additions a connection, none a request.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counts of all listeners together.
#[derive(Debug, Default)]
pub struct Traffic {
    accepted: AtomicU64,
    ended: AtomicU64,
    dawdled: AtomicU64,
    refused_handshakes: AtomicU64,
}

impl Traffic {
    pub(crate) fn accepted_one(&self) {
        self.accepted.fetch_add(1, Relaxed);
    }

    pub(crate) fn ended_one(&self) {
        self.ended.fetch_add(1, Relaxed);
    }

    pub(crate) fn dawdled_one(&self) {
        self.dawdled.fetch_add(1, Relaxed);
    }

    pub(crate) fn refused_handshake(&self) {
        self.refused_handshakes.fetch_add(1, Relaxed);
    }

    /// Connections that were accepted.
    #[must_use]
    pub fn accepted(&self) -> u64 {
        self.accepted.load(Relaxed)
    }

    /// Connections that are open now.
    #[must_use]
    pub fn open(&self) -> u64 {
        // Read in this order, one that ends in between does not make the difference negative.
        let ended = self.ended.load(Relaxed);
        self.accepted().saturating_sub(ended)
    }

    /// Connections that were hung up on because they were slow, silent or idle.
    #[must_use]
    pub fn dawdled(&self) -> u64 {
        self.dawdled.load(Relaxed)
    }

    /// TLS handshakes that came to nothing.
    #[must_use]
    pub fn refused_handshakes(&self) -> u64 {
        self.refused_handshakes.load(Relaxed)
    }
}
