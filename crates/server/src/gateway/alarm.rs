//! A deadline that nearly every call moves and hardly any meets.
//!
//! The runtime's timer is set for the first one and left alone: when it rings, whoever waits looks at the
//! deadline that holds by then. So a call on a kept connection costs no entry in the timer's wheel.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio::time::{Instant, Sleep, sleep_until};

/// One timer for one deadline after another.
#[derive(Default)]
pub(super) struct Alarm(Option<Pin<Box<Sleep>>>);

impl Alarm {
    /// Whether this deadline has come; if not, the task is woken when it has.
    pub(super) fn poll(&mut self, deadline: Instant, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let timer = self.0.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
            if timer.is_elapsed() || timer.deadline() > deadline {
                timer.as_mut().reset(deadline);
            }
            ready!(timer.as_mut().poll(cx));
            if now() >= deadline {
                return Poll::Ready(());
            }
        }
    }
}

/// The clock that the runtime's timers run by. What it says is told to nobody and decides nothing but how
/// long an upstream is waited for.
#[expect(clippy::disallowed_methods, reason = "a deadline of the runtime's own timers")]
pub(super) fn now() -> Instant {
    Instant::now()
}

impl fmt::Debug for Alarm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Alarm")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{future::poll_fn, time::Duration};

    #[tokio::test]
    async fn it_rings_at_the_deadline_that_holds_whatever_was_set_before() {
        let mut alarm = Alarm::default();
        // Late by however much the machine is busy; never early.
        let begin = now();
        let after = |millis| begin + Duration::from_millis(millis);
        let set = |alarm: &mut Alarm, millis| {
            let mut cx = Context::from_waker(std::task::Waker::noop());
            let _ = alarm.poll(after(millis), &mut cx);
        };
        set(&mut alarm, 10);
        // A later one, then an earlier one, then again a later one.
        set(&mut alarm, 30);
        set(&mut alarm, 5);
        set(&mut alarm, 20);
        poll_fn(|cx| alarm.poll(after(20), cx)).await;
        assert!(now() >= after(20));
        set(&mut alarm, 40);
        poll_fn(|cx| alarm.poll(after(40), cx)).await;
        assert!(now() >= after(40));
    }
}
