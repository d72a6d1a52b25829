//! Reads a whole body into one buffer, within the route's limit and in time.

use crate::{app::RequestBody, failure::Failure, route::MAX_BODY_BYTES, trace::Trace};
use axum::extract::Request;
use bytes::{Bytes, BytesMut};
use std::{future::poll_fn, pin::Pin, sync::Arc, time::Duration};

/// Reads all of `body`. A declared length over the limit is refused before a byte is read.
pub(crate) async fn read<B: RequestBody>(
    body: B,
    max_bytes: usize,
    deadline: Option<Duration>,
) -> Result<Bytes, Failure> {
    if body.size_hint().lower() > max_bytes as u64 {
        return Err(Failure::BodyTooLarge { max_bytes });
    }
    match deadline {
        Some(deadline) => tokio::time::timeout(deadline, collect(body, max_bytes))
            .await
            .unwrap_or(Err(Failure::SlowBody)),
        None => collect(body, max_bytes).await,
    }
}

async fn collect<B: RequestBody>(mut body: B, max_bytes: usize) -> Result<Bytes, Failure> {
    let Some(first) = next_data(&mut body).await? else { return Ok(Bytes::new()) };
    if first.len() > max_bytes {
        return Err(Failure::BodyTooLarge { max_bytes });
    }
    if body.is_end_stream() {
        return Ok(first);
    }
    let Some(second) = next_data(&mut body).await? else { return Ok(first) };
    let mut whole = BytesMut::from(first);
    let mut piece = Some(second);
    while let Some(data) = piece {
        if whole.len() + data.len() > max_bytes {
            return Err(Failure::BodyTooLarge { max_bytes });
        }
        whole.extend_from_slice(&data);
        piece = next_data(&mut body).await?;
    }
    Ok(whole.freeze())
}

/// The next piece of data; trailers say nothing to us.
async fn next_data<B: RequestBody>(body: &mut B) -> Result<Option<Bytes>, Failure> {
    loop {
        match poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await {
            None => return Ok(None),
            Some(Err(_)) => return Err(Failure::SlowBody),
            Some(Ok(frame)) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
        }
    }
}

/// Reads the body of a request that is on its way to a handler, by its route's limit.
pub(crate) async fn of_request(request: Request) -> Result<Bytes, Failure> {
    let trace = request.extensions().get::<Arc<Trace>>();
    let max_bytes = trace.and_then(|t| t.route()).map_or(MAX_BODY_BYTES, |r| r.max_body_bytes);
    let deadline = request.extensions().get::<BodyDeadline>().map(|d| d.0);
    read(request.into_body(), max_bytes, deadline).await
}

/// A body piece by piece, where it may be longer than anybody wants to hold: within its route's limit,
/// each piece in time.
pub(crate) struct Pieces {
    body: axum::body::Body,
    left: usize,
    max_bytes: usize,
    deadline: Option<Duration>,
}

impl Pieces {
    /// The body of a request that is on its way to a handler.
    pub(crate) fn of(request: Request) -> Result<Self, Failure> {
        let trace = request.extensions().get::<Arc<Trace>>();
        let max_bytes = trace.and_then(|t| t.route()).map_or(MAX_BODY_BYTES, |r| r.max_body_bytes);
        let deadline = request.extensions().get::<BodyDeadline>().map(|d| d.0);
        let body = request.into_body();
        if http_body::Body::size_hint(&body).lower() > max_bytes as u64 {
            return Err(Failure::BodyTooLarge { max_bytes });
        }
        Ok(Self { body, left: max_bytes, max_bytes, deadline })
    }

    /// The next piece; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Failure> {
        let piece = match self.deadline {
            Some(deadline) => tokio::time::timeout(deadline, next_data(&mut self.body))
                .await
                .unwrap_or(Err(Failure::SlowBody))?,
            None => next_data(&mut self.body).await?,
        };
        if let Some(piece) = &piece {
            let too_long = Failure::BodyTooLarge { max_bytes: self.max_bytes };
            self.left = self.left.checked_sub(piece.len()).ok_or(too_long)?;
        }
        Ok(piece)
    }
}

/// How long a body may take, put into the extensions by the frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyDeadline(pub(crate) Duration);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use http_body::Frame;
    use std::{
        convert::Infallible,
        task::{Context, Poll},
    };

    /// Pieces without a declared length; after the last one the end, or silence.
    struct Pieces {
        pieces: Vec<&'static [u8]>,
        ends: bool,
    }

    impl http_body::Body for Pieces {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            if self.pieces.is_empty() {
                return if self.ends { Poll::Ready(None) } else { Poll::Pending };
            }
            let piece = self.pieces.remove(0);
            Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(piece)))))
        }
    }

    fn pieces(pieces: &[&'static [u8]]) -> Pieces {
        Pieces { pieces: pieces.to_vec(), ends: true }
    }

    #[tokio::test]
    async fn pieces_become_one_buffer() {
        for (sent, whole) in
            [(&[][..], ""), (&[&b"ab"[..]], "ab"), (&[b"ab", b"", b"cd", b"e"], "abcde")]
        {
            assert_eq!(read(pieces(sent), 5, None).await.unwrap(), whole.as_bytes());
        }
    }

    #[tokio::test]
    async fn ht_02_an_undeclared_body_is_cut_off_at_the_limit() {
        for sent in
            [&[&b"abcdef"[..]][..], &[b"abc", b"def"], &[b"a", b"b", b"c", b"d", b"e", b"f"]]
        {
            let outcome = read(pieces(sent), 5, None).await;
            assert!(matches!(outcome, Err(Failure::BodyTooLarge { max_bytes: 5 })));
        }
    }

    #[tokio::test]
    async fn ht_03_a_body_that_stops_coming_is_given_up() {
        let silent = Pieces { pieces: vec![b"a"], ends: false };
        let outcome = read(silent, 5, Some(Duration::from_millis(10))).await;
        assert!(matches!(outcome, Err(Failure::SlowBody)));
    }
}
