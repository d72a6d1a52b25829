//! Lists that a wire wants whole: read page by page inside and streamed, one page in memory at a time.
//! With `limit` or `cursor` they are one page, and a `Link` header names the next one.

use crate::{
    answer::{self, Body},
    app::App,
    extract::Query,
    failure::Failure,
};
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use http_body::Frame;
use serde::Serialize;
use service::keys::{MAX_PAGE, WHOLE_LIST_PAGE, WholeList};
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

/// How much of a list a query asks for.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// How many a page.
    pub(crate) limit: u32,
    cursor: Option<String>,
    whole: bool,
}

impl Wanted {
    /// Takes `limit` and `cursor` from the query.
    pub(crate) fn of(query: &mut Query) -> Result<Self, Failure> {
        let limit: Option<u32> = query.parse("limit", &format!("1 to {MAX_PAGE}"))?;
        let cursor = query.0.take_text("cursor");
        if limit.is_none() && cursor.is_none() {
            return Ok(Self { limit: WHOLE_LIST_PAGE, cursor, whole: true });
        }
        let limit = limit.unwrap_or(MAX_PAGE);
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(bad_limit());
        }
        Ok(Self { limit, cursor, whole: false })
    }
}

/// What is said of a limit that is none.
pub(crate) fn bad_limit() -> Failure {
    Failure::BadQuery {
        field: Some("limit".to_owned()),
        detail: format!("`limit` must be 1 to {MAX_PAGE}"),
    }
}

/// A page as it was read: an array of JSON.
pub(crate) struct Part {
    /// The array.
    pub(crate) array: Vec<u8>,
    /// Where the list goes on.
    pub(crate) next: Option<String>,
}

impl Part {
    /// A page of these items.
    pub(crate) fn of<T: Serialize>(items: &[T], next: Option<String>) -> Result<Self, Failure> {
        let array = serde_json::to_vec(items)
            .map_err(|e| Failure::Service(service::Error::Internal(Box::new(e))))?;
        Ok(Self { array, next })
    }
}

/// A page, while it is read. What it reveals is audited before it is handed on.
pub(crate) type Reading = Pin<Box<dyn Future<Output = Result<Part, Failure>> + Send>>;

/// Reads the page that begins at a cursor.
pub(crate) type Reader = Arc<dyn Fn(Option<String>) -> Reading + Send + Sync>;

/// A list on its way out.
pub(crate) struct Listing {
    /// What stands before the array, and behind it.
    pub(crate) around: (&'static str, &'static str),
    /// Path and query of the list, up to where `limit` belongs.
    pub(crate) address: String,
    /// Reads a page.
    pub(crate) reader: Reader,
}

impl Listing {
    /// Answers with as much as is wanted.
    pub(crate) async fn answer(
        self,
        app: &App,
        caller: &service::Caller,
        wanted: Wanted,
    ) -> Result<Response<Body>, Failure> {
        if wanted.whole {
            let turn = app.service().begin_whole_list(caller).await;
            let first = (self.reader)(None).await?;
            return Ok(json(self.beginning_with(first, turn)));
        }
        let part = (self.reader)(wanted.cursor).await?;
        let link = part.next.as_ref().and_then(|next| {
            // From the configured address, never from `Host`.
            let base = app.config().public_url.trim_end_matches('/');
            let (address, limit) = (&self.address, wanted.limit);
            HeaderValue::try_from(format!(
                "<{base}{address}limit={limit}&cursor={next}>; rel=\"next\""
            ))
            .ok()
        });
        let mut response = json(self.alone(&part.array).into());
        if let Some(link) = link {
            response.headers_mut().insert(header::LINK, link);
        }
        Ok(response)
    }

    fn alone(&self, array: &[u8]) -> Bytes {
        let (before, behind) = self.around;
        [before.as_bytes(), array, behind.as_bytes()].concat().into()
    }

    fn beginning_with(self, first: Part, turn: WholeList) -> Body {
        if first.next.is_none() {
            return self.alone(&first.array).into();
        }
        let (before, behind) = self.around;
        let mut joined = Joined::default();
        let beginning = [before.as_bytes(), &joined.piece(first.array, false)].concat();
        Body::Streamed(axum::body::Body::new(Pages {
            reader: self.reader,
            behind,
            joined,
            ready: Some(beginning.into()),
            next: first.next,
            running: None,
            _turn: turn,
        }))
    }
}

fn json(body: Body) -> Response<Body> {
    answer::with_type(StatusCode::OK, "application/json", body)
}

/// Joins the arrays of pages to one.
#[derive(Default)]
struct Joined {
    is_begun: bool,
    has_items: bool,
}

impl Joined {
    /// The page as a piece of the whole: without the brackets that other pieces have. One that a filter
    /// left empty adds nothing between its neighbours.
    fn piece(&mut self, mut array: Vec<u8>, last: bool) -> Vec<u8> {
        let has_items = array.as_slice() != b"[]";
        if !last {
            array.pop();
        }
        match array.first_mut() {
            Some(bracket) if self.has_items && has_items => *bracket = b',',
            Some(_) if self.is_begun => array.drain(..1).for_each(drop),
            _ => {}
        }
        self.is_begun = true;
        self.has_items |= has_items;
        array
    }
}

/// The rest of a whole list.
struct Pages {
    reader: Reader,
    behind: &'static str,
    joined: Joined,
    ready: Option<Bytes>,
    next: Option<String>,
    running: Option<Reading>,
    _turn: WholeList,
}

impl http_body::Body for Pages {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        if let Some(bytes) = this.ready.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        if this.running.is_none() {
            let Some(cursor) = this.next.take() else { return Poll::Ready(None) };
            this.running = Some((this.reader)(Some(cursor)));
        }
        let Some(running) = &mut this.running else { return Poll::Ready(None) };
        let part = ready!(running.as_mut().poll(cx));
        this.running = None;
        match part {
            Ok(part) => {
                let last = part.next.is_none();
                let mut bytes = this.joined.piece(part.array, last);
                if last {
                    bytes.extend_from_slice(this.behind.as_bytes());
                }
                this.next = part.next;
                Poll::Ready(Some(Ok(Frame::data(bytes.into()))))
            }
            // The answer has begun: breaking it off is the only honest end.
            Err(failure) => {
                tracing::warn!(code = failure.code(), "a whole list was broken off");
                Poll::Ready(Some(Err(axum::Error::new(std::io::Error::other(failure.code())))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_join_to_one_array() {
        let whole = |pieces: &[&str]| -> String {
            let (end, mut joined) = (pieces.len() - 1, Joined::default());
            let piece = |(n, p): (usize, &&str)| joined.piece(p.as_bytes().to_vec(), n == end);
            let bytes: Vec<u8> = pieces.iter().enumerate().flat_map(piece).collect();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        assert_eq!(whole(&["[]"]), "[]");
        assert_eq!(whole(&["[1,2]"]), "[1,2]");
        assert_eq!(whole(&["[1]", "[2]", "[3]"]), "[1,2,3]");
        assert_eq!(whole(&["[1]", "[]", "[3]"]), "[1,3]");
        assert_eq!(whole(&["[1]", "[]"]), "[1]");
        assert_eq!(whole(&["[]", "[]", "[3]", "[4]"]), "[3,4]");
        assert_eq!(whole(&["[]", "[]"]), "[]");
    }
}
