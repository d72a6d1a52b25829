//! Limits on failed credentials, per source, asked before any look-up (EN-06).
//!
//! Successful calls are never counted. While no source has failed lately, asking costs one load.

use domain::rate_limit::{Limit, Taken, Window};
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

/// Sources remembered at once. Past that the idle ones go, and while there are none new sources are
/// not counted: counting them together would let one attacker lock everybody out.
const MAX_SOURCES: usize = 65_536;
/// Idle sources are looked for at most so often: a full table is walked under the lock.
const NS_BETWEEN_WALKS: u64 = 1_000_000_000;

/// A ceiling on failures per source.
#[derive(Debug)]
pub struct Guard {
    limit: Limit,
    sources: Mutex<HashMap<IpAddr, Window>>,
    tracked: AtomicUsize,
    walked_at: AtomicU64,
}

impl Guard {
    /// A guard that lets `limit` failures per source pass.
    #[must_use]
    pub fn new(limit: Limit) -> Self {
        Self {
            limit,
            sources: Mutex::default(),
            tracked: AtomicUsize::new(0),
            walked_at: AtomicU64::new(0),
        }
    }

    /// Whether `source` may try; `Err` holds the seconds to wait.
    ///
    /// # Errors
    /// The source has failed too often within the interval.
    pub fn check(&self, source: Option<IpAddr>, mono_ns: u64) -> Result<(), u32> {
        if self.tracked.load(Ordering::Relaxed) == 0 {
            return Ok(());
        }
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(window) = sources.get_mut(&network(source)) else { return Ok(()) };
        // A cost of 0 never refuses, so what is left is read.
        match window.take(mono_ns, self.limit, 0, false).0 {
            Taken::Admitted { remaining: 0, reset_after_ms }
            | Taken::Refused { reset_after_ms, .. } => Err(seconds_up(reset_after_ms)),
            Taken::Admitted { .. } => Ok(()),
        }
    }

    /// Counts a failure of `source`.
    pub fn failed(&self, source: Option<IpAddr>, mono_ns: u64) {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let walked_at = self.walked_at.load(Ordering::Relaxed);
        if sources.len() >= MAX_SOURCES && mono_ns.saturating_sub(walked_at) >= NS_BETWEEN_WALKS {
            self.walked_at.store(mono_ns, Ordering::Relaxed);
            let limit = self.limit;
            sources.retain(|_, window| !window.is_idle(mono_ns, limit));
        }
        if sources.len() < MAX_SOURCES || sources.contains_key(&network(source)) {
            let window = sources.entry(network(source)).or_default();
            let _ = window.take(mono_ns, self.limit, 1, false);
        }
        self.tracked.store(sources.len(), Ordering::Relaxed);
    }

    /// Forgets sources whose failures are past.
    pub fn sweep(&self, mono_ns: u64) {
        let mut sources = self.sources.lock().unwrap_or_else(PoisonError::into_inner);
        let limit = self.limit;
        sources.retain(|_, window| !window.is_idle(mono_ns, limit));
        self.tracked.store(sources.len(), Ordering::Relaxed);
    }
}

/// One source: an IPv4 address, or the /64 that an IPv6 customer gets. Callers without an address
/// (in process) share one.
pub(crate) fn network(source: Option<IpAddr>) -> IpAddr {
    match source.map(|a| a.to_canonical()) {
        Some(IpAddr::V6(address)) => {
            let prefix = u128::from(address) & (u128::MAX << 64);
            IpAddr::V6(Ipv6Addr::from(prefix))
        }
        Some(address) => address,
        None => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    }
}

fn seconds_up(ms: u64) -> u32 {
    u32::try_from(ms.div_ceil(1000)).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn en_06_a_source_that_keeps_failing_waits_and_others_do_not() {
        let guard = Guard::new(Limit::new(3, 60).unwrap());
        let (bad, good) = (Some("192.0.2.1".parse().unwrap()), Some("192.0.2.2".parse().unwrap()));
        for _ in 0..3 {
            assert_eq!(guard.check(bad, 1), Ok(()));
            guard.failed(bad, 1);
        }
        assert_eq!(guard.check(bad, 2), Err(60));
        assert_eq!(guard.check(good, 2), Ok(()));
        assert_eq!(guard.check(bad, 61_000_000_000), Ok(()));
    }

    #[test]
    fn en_06_a_full_table_takes_new_sources_again_when_old_ones_are_idle() {
        let guard = Guard::new(Limit::new(1, 60).unwrap());
        let source = |n: u32| Some(IpAddr::from(n.to_be_bytes()));
        let second = 1_000_000_000;
        for n in 0..=65_536 {
            guard.failed(source(n), 5 * second);
        }
        assert!(guard.check(source(65_535), 5 * second).is_err());
        assert!(
            guard.check(source(65_536), 5 * second).is_ok(),
            "no room, so nobody is locked out"
        );
        guard.failed(source(70_000), 66 * second);
        assert!(guard.check(source(70_000), 66 * second).is_err());
        assert!(guard.check(source(1), 66 * second).is_ok());
    }

    #[test]
    fn neighbours_in_one_ipv6_network_are_one_source() {
        let guard = Guard::new(Limit::new(1, 60).unwrap());
        guard.failed(Some("2001:db8::1".parse().unwrap()), 1);
        assert!(guard.check(Some("2001:db8::2".parse().unwrap()), 1).is_err());
        assert!(guard.check(Some("2001:db8:0:1::2".parse().unwrap()), 1).is_ok());
    }
}
