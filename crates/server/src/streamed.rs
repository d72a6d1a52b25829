//! Answers that are read while they go out: one piece in memory at a time.

use crate::{answer::Body, failure::Failure};
use bytes::Bytes;
use http_body::Frame;
use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

/// A body that begins with `first` and goes on with what `step` makes of the state, until it makes
/// nothing. A failure breaks the answer off: it has begun, so nothing else would be honest.
pub(crate) fn beginning_with<S, F, N>(first: Bytes, state: S, step: F) -> Body
where
    S: Send + Unpin + 'static,
    F: FnMut(S) -> N + Send + Unpin + 'static,
    N: Future<Output = Result<Option<(Bytes, S)>, Failure>> + Send + 'static,
{
    let body = Streamed { ready: Some(first), state: Some(state), step, running: None };
    Body::Streamed(axum::body::Body::new(body))
}

struct Streamed<S, F, N> {
    ready: Option<Bytes>,
    state: Option<S>,
    step: F,
    running: Option<Pin<Box<N>>>,
}

impl<S, F, N> http_body::Body for Streamed<S, F, N>
where
    S: Send + Unpin + 'static,
    F: FnMut(S) -> N + Send + Unpin + 'static,
    N: Future<Output = Result<Option<(Bytes, S)>, Failure>> + Send + 'static,
{
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        if let Some(bytes) = this.ready.take().filter(|bytes| !bytes.is_empty()) {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        if this.running.is_none() {
            let Some(state) = this.state.take() else { return Poll::Ready(None) };
            this.running = Some(Box::pin((this.step)(state)));
        }
        let Some(running) = &mut this.running else { return Poll::Ready(None) };
        let made = ready!(running.as_mut().poll(cx));
        this.running = None;
        Poll::Ready(match made {
            Ok(Some((bytes, state))) => {
                this.state = Some(state);
                Some(Ok(Frame::data(bytes)))
            }
            Ok(None) => None,
            Err(failure) => {
                tracing::warn!(code = failure.code(), "a streamed answer was broken off");
                Some(Err(axum::Error::new(std::io::Error::other(failure.code()))))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use http_body_util::BodyExt;

    #[tokio::test]
    async fn pieces_go_out_in_order_until_there_are_none() {
        let body = beginning_with(Bytes::from_static(b"0"), 1, |n| async move {
            Ok((n < 4).then(|| (Bytes::from(n.to_string()), n + 1)))
        });
        assert_eq!(body.collect().await.unwrap().to_bytes(), "0123");
    }

    #[tokio::test]
    async fn a_failure_breaks_the_answer_off() {
        let body = beginning_with(Bytes::from_static(b"0"), (), |()| async {
            Err::<Option<(Bytes, ())>, _>(Failure::Shed)
        });
        assert!(body.collect().await.is_err());
    }
}
