//! The only place that reads time.

use domain::time::Timestamp;
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::{Instant, SystemTime, UNIX_EPOCH},
};
use verifier::Now;

/// Wall time that never runs back, and monotonic time. Cheap to clone.
#[derive(Clone)]
pub struct Clock(Arc<Source>);

/// How long one reading of the wall clock is used.
const READ_EVERY_NS: u64 = 500_000;

enum Source {
    /// `wall_read` is when, on the monotonic clock, the wall clock was last read.
    System {
        start: Instant,
        wall_seen: AtomicI64,
        wall_read: AtomicU64,
    },
    Manual {
        wall_ms: AtomicI64,
        mono_ns: AtomicU64,
    },
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({:?})", self.now())
    }
}

impl Clock {
    /// The machine's clocks. `wall_seen` is the latest wall time an earlier run saw: an expired key
    /// does not come back because somebody set the clock back.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this module is where time is read")]
    pub fn system(wall_seen: Timestamp) -> Self {
        Self(Arc::new(Source::System {
            start: Instant::now(),
            wall_seen: AtomicI64::new(wall_seen.as_millis()),
            // Before the start: the first call reads.
            wall_read: AtomicU64::new(0_u64.wrapping_sub(READ_EVERY_NS)),
        }))
    }

    /// A clock that stands until it is moved: for tests.
    #[must_use]
    pub fn manual(wall: Timestamp) -> Self {
        Self(Arc::new(Source::Manual {
            wall_ms: AtomicI64::new(wall.as_millis()),
            mono_ns: AtomicU64::new(1_000_000_000),
        }))
    }

    /// Moves a manual clock forward; a system clock goes by itself.
    pub fn advance_millis(&self, ms: u32) {
        if let Source::Manual { wall_ms, mono_ns } = &*self.0 {
            wall_ms.fetch_add(i64::from(ms), Ordering::SeqCst);
            mono_ns.fetch_add(u64::from(ms) * 1_000_000, Ordering::SeqCst);
        }
    }

    /// Both clocks, read once.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this module is where time is read")]
    pub fn now(&self) -> Now {
        match &*self.0 {
            Source::System { start, wall_seen, wall_read } => {
                let mono_ns = u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX);
                // Under load many calls fall into one millisecond, and wall time counts in those.
                let since = mono_ns.wrapping_sub(wall_read.load(Ordering::Relaxed));
                let wall = if since < READ_EVERY_NS {
                    wall_seen.load(Ordering::Relaxed)
                } else {
                    let read = wall_ms();
                    let wall = wall_seen.fetch_max(read, Ordering::Relaxed).max(read);
                    wall_read.store(mono_ns, Ordering::Relaxed);
                    wall
                };
                Now { wall: Timestamp::from_millis(wall), mono_ns }
            }
            Source::Manual { wall_ms, mono_ns } => Now {
                wall: Timestamp::from_millis(wall_ms.load(Ordering::SeqCst)),
                mono_ns: mono_ns.load(Ordering::SeqCst),
            },
        }
    }

    /// Wall time alone.
    #[must_use]
    pub fn wall(&self) -> Timestamp {
        self.now().wall
    }
}

#[expect(clippy::disallowed_methods, reason = "this module is where time is read")]
fn wall_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wall_time_never_runs_back_and_is_read_from_the_first_call_on() {
        let ahead = wall_ms() + 3_600_000;
        for seen in [0, ahead] {
            let clock = Clock::system(Timestamp::from_millis(seen));
            let mut last = clock.now();
            assert!(last.wall.as_millis() >= wall_ms().max(seen) - 1_000);
            for _ in 0..10_000 {
                let now = clock.now();
                assert!(now.wall >= last.wall && now.mono_ns >= last.mono_ns);
                last = now;
            }
        }
    }
}
