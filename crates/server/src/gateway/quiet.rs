//! Who is woken by a connection that the task drives which waits for it.
//!
//! Whatever hyper's client hands over, a request to the connection, an answer to the caller, a piece of a
//! body, wakes whoever waits for it: here the very task that is at work, which would be polled once more
//! for nothing, connection of the client and all. So while it works, wakes are only noted. When there is
//! something to show for it they are forgotten, since the next step begins by driving the connection;
//! when there is not, they are passed on.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{
            AtomicU8,
            Ordering::{AcqRel, Acquire},
        },
    },
    task::{Context, Poll, Wake, Waker},
};

const WORKING: u8 = 1;
const WOKEN: u8 = 2;

/// The one waker that a connection ever sees.
pub(super) struct Quiet {
    shared: Arc<Shared>,
    waker: Waker,
}

struct Shared {
    /// [`WORKING`] and [`WOKEN`].
    state: AtomicU8,
    task: Mutex<Waker>,
}

impl Quiet {
    pub(super) fn new() -> Self {
        let task = Mutex::new(Waker::noop().clone());
        let shared = Arc::new(Shared { state: AtomicU8::new(0), task });
        Self { waker: Waker::from(Arc::clone(&shared)), shared }
    }

    /// Works for the task of `cx`, which is woken from now on.
    pub(super) fn poll<T>(
        &self,
        cx: &Context<'_>,
        work: impl FnOnce(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        self.shared.wakes(cx.waker());
        self.shared.state.swap(WORKING, AcqRel);
        let worked = work(&mut Context::from_waker(&self.waker));
        let woken = self.shared.state.swap(0, AcqRel) & WOKEN != 0;
        if woken && worked.is_pending() {
            cx.waker().wake_by_ref();
        }
        worked
    }

    /// Works for nobody, who is not woken afterwards: what happens then is noted.
    pub(super) fn rest<T>(&self, work: impl FnOnce(&mut Context<'_>) -> T) -> T {
        self.shared.wakes(Waker::noop());
        self.shared.state.swap(0, AcqRel);
        work(&mut Context::from_waker(&self.waker))
    }

    /// Whether something has happened since it was worked for the last time.
    pub(super) fn is_woken(&self) -> bool {
        self.shared.state.load(Acquire) & WOKEN != 0
    }
}

impl fmt::Debug for Quiet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Quiet")
    }
}

impl Shared {
    fn wakes(&self, waker: &Waker) {
        let mut task = self.task();
        if !task.will_wake(waker) {
            task.clone_from(waker);
        }
    }

    fn task(&self) -> MutexGuard<'_, Waker> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Shared {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // Who works looks for it afterwards.
        if self.state.fetch_or(WOKEN, AcqRel) & WORKING == 0 {
            let task = self.task().clone();
            task.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    #[derive(Default)]
    struct Counting(AtomicU32);

    impl Wake for Counting {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Relaxed);
        }
    }

    #[test]
    fn a_wake_during_work_is_passed_on_only_when_nothing_came_of_it() {
        let counting = Arc::new(Counting::default());
        let waker = Waker::from(Arc::clone(&counting));
        let cx = Context::from_waker(&waker);
        let quiet = Quiet::new();
        let mut kept = None;
        let mut work = |worked: Poll<()>| {
            quiet.poll(&cx, |cx| {
                cx.waker().wake_by_ref();
                kept = Some(cx.waker().clone());
                worked
            })
        };
        assert!(work(Poll::Ready(())).is_ready());
        assert_eq!(counting.0.load(Relaxed), 0);
        assert!(!quiet.is_woken());
        assert!(work(Poll::Pending).is_pending());
        assert_eq!(counting.0.load(Relaxed), 1);
        let kept = kept.unwrap_or_else(|| Waker::noop().clone());
        kept.wake_by_ref();
        assert_eq!(counting.0.load(Relaxed), 2, "between two steps the task is woken at once");
        quiet.rest(|_| ());
        assert!(!quiet.is_woken());
        kept.wake();
        assert_eq!(counting.0.load(Relaxed), 2, "nobody waits for it");
        assert!(quiet.is_woken());
    }
}
