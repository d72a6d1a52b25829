//! Waiting for the head of an upstream's answer.

use super::{
    alarm::{self, Alarm},
    inbound::{Inbound, Progress},
    send::{Failed, Lost, millis},
};
use domain::gateway_route::Timeouts;
use http::{Request, Response};
use hyper::body::Incoming;
use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    task::{Context, Poll, ready},
};
use tokio::time::Instant;

type Answered = Result<Response<Incoming>, hyper::client::conn::TrySendError<Request<Inbound>>>;

/// Waits for the head of an answer over a connection that somebody else drives.
///
/// # Errors
/// There is none.
pub(super) async fn head(
    answering: impl Future<Output = Answered>,
    progress: Option<&Progress>,
    timeouts: &Timeouts,
) -> Result<Response<Incoming>, Failed> {
    let (mut patience, mut alarm) = (Patience::new(progress, timeouts), Alarm::default());
    let mut answering = pin!(answering);
    let answered = poll_fn(|cx| patience.poll(answering.as_mut(), &mut alarm, cx));
    read(answered.await, progress)
}

/// How long the head of an answer is waited for. As long as the client still sends, each piece of its
/// body renews the patience; from the end of the body on, the upstream has its time.
pub(super) struct Patience<'a> {
    progress: Option<&'a Progress>,
    timeouts: &'a Timeouts,
    sent: bool,
    passed: u32,
    deadline: Instant,
}

impl<'a> Patience<'a> {
    pub(super) fn new(progress: Option<&'a Progress>, timeouts: &'a Timeouts) -> Self {
        let sent = progress.is_none_or(Progress::ended);
        let ms = if sent { timeouts.answer_ms } else { timeouts.idle_ms };
        let passed = progress.map_or(0, Progress::pieces);
        Self { progress, timeouts, sent, passed, deadline: alarm::now() + millis(ms) }
    }

    /// `None`: it is at its end.
    pub(super) fn poll(
        &mut self,
        answering: Pin<&mut impl Future<Output = Answered>>,
        alarm: &mut Alarm,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Answered>> {
        if let Poll::Ready(answered) = answering.poll(cx) {
            return Poll::Ready(Some(answered));
        }
        if !self.sent && self.progress.is_none_or(Progress::ended) {
            self.sent = true;
            self.deadline = alarm::now() + millis(self.timeouts.answer_ms);
        }
        loop {
            ready!(alarm.poll(self.deadline, cx));
            let pieces = self.progress.map_or(0, Progress::pieces);
            if self.sent || pieces == self.passed {
                return Poll::Ready(None);
            }
            self.passed = pieces;
            self.deadline = alarm::now() + millis(self.timeouts.idle_ms);
        }
    }
}

/// What came of the wait.
///
/// # Errors
/// There is no answer.
pub(super) fn read(
    answered: Option<Answered>,
    progress: Option<&Progress>,
) -> Result<Response<Incoming>, Failed> {
    let too_long = progress.is_some_and(Progress::too_long);
    match answered {
        Some(Ok(response)) => Ok(response),
        None => Err(Failed::For(Lost::Late)),
        Some(Err(_)) if too_long => Err(Failed::For(Lost::TooLong)),
        Some(Err(_)) if progress.is_some_and(Progress::broken) => Err(Failed::For(Lost::ByClient)),
        Some(Err(mut error)) => Err(match error.take_message() {
            Some(request) => Failed::Unsent(Box::new(request)),
            None => {
                tracing::debug!(error = %error.into_error(), "an upstream gave no answer");
                Failed::Sent
            }
        }),
    }
}
