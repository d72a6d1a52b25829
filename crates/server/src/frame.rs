//! What stands around handlers and knows no use case: settings, hosts, request ids, counters.

use crate::{
    check::Policies, config::ServerConfig, enforce::Ceilings, figures::RequestFigures,
    hosts::Hosts, request_id::RequestIds, traffic::Traffic,
};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};
use tokio::sync::Semaphore;
use verifier::Now;

/// Made once, shared by all requests.
pub(crate) struct Frame {
    pub(crate) config: ServerConfig,
    pub(crate) hosts: Hosts,
    pub(crate) ids: RequestIds,
    pub(crate) counters: Counters,
    pub(crate) traffic: Arc<Traffic>,
    pub(crate) figures: RequestFigures,
    /// The process was asked to stop: no longer ready, though it still answers.
    pub(crate) stopping: AtomicBool,
    pub(crate) in_flight: Semaphore,
    /// What policies have let pass under their own limits.
    pub(crate) ceilings: Ceilings,
    /// The policies that `/check` is asked by.
    pub(crate) policies: Policies,
    now: Box<dyn Fn() -> Now + Send + Sync>,
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Frame")
    }
}

impl Frame {
    pub(crate) fn new(config: ServerConfig, now: impl Fn() -> Now + Send + Sync + 'static) -> Self {
        Self {
            hosts: Hosts::new(&config.public_url, &config.hosts),
            ids: RequestIds::new(config.request_id_seed),
            counters: Counters::default(),
            traffic: Arc::default(),
            figures: RequestFigures::default(),
            stopping: AtomicBool::new(false),
            in_flight: Semaphore::new(config.limits.in_flight),
            ceilings: Ceilings::default(),
            policies: Policies::default(),
            now: Box::new(now),
            config,
        }
    }

    /// Both clocks, read once.
    pub(crate) fn now(&self) -> Now {
        (self.now)()
    }
}

/// What the frame counts.
#[derive(Debug, Default)]
pub struct Counters {
    panics: AtomicU64,
    timeouts: AtomicU64,
    shed: AtomicU64,
}

impl Counters {
    pub(crate) fn panicked(&self) {
        self.panics.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn timed_out(&self) {
        self.timeouts.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn shed_one(&self) {
        self.shed.fetch_add(1, Ordering::Relaxed);
    }

    /// Handlers that panicked.
    #[must_use]
    pub fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed)
    }

    /// Handlers that did not finish in time.
    #[must_use]
    pub fn timeouts(&self) -> u64 {
        self.timeouts.load(Ordering::Relaxed)
    }

    /// Requests that found too many others.
    #[must_use]
    pub fn shed(&self) -> u64 {
        self.shed.load(Ordering::Relaxed)
    }
}
