//! `GET /nexus/v3/apikeys`: without `limit` the whole list, paged inside and streamed; with it one
//! page, a cursor and a `Link` header.

use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Query},
    failure::Failure,
    surfaces::nexus_v3::{
        KEY_TYPES, forms,
        wire::{KeyBody, shown_id},
    },
};
use axum::extract::State;
use bytes::Bytes;
use domain::id::Scope;
use http::{HeaderValue, Response, header};
use http_body::Frame;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use service::keys::{ListKeys, MAX_PAGE, StatusFilter, WHOLE_LIST_PAGE, WholeList};
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

pub(in super::super) async fn list(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let tenant = query.0.take_text("tenant");
    let scope = tenant.as_deref().map(parse_tenant).transpose()?;
    let wanted = format!("1 to {MAX_PAGE}");
    let limit: Option<u32> = query.parse("limit", &wanted)?;
    let cursor = query.0.take_text("cursor");
    let whole = limit.is_none() && cursor.is_none();
    let limit = if whole { WHOLE_LIST_PAGE } else { limit.unwrap_or(MAX_PAGE) };
    if !whole && !(1..=MAX_PAGE).contains(&limit) {
        return Err(Failure::BadQuery {
            field: Some("limit".to_owned()),
            detail: format!("`limit` must be {wanted}"),
        });
    }
    let reading = Arc::new(Reading { app, caller, scope, limit });
    if whole {
        let turn = reading.app.service().begin_whole_list(&reading.caller).await;
        let first = reading.part(None, Place::Beginning).await?;
        return Ok(json(Pages::beginning_with(first, &reading, turn)));
    }
    let part = reading.part(cursor, Place::Alone).await?;
    let link = part.next.as_ref().and_then(|next| reading.link(next));
    let mut response = json(part.bytes.into());
    if let Some(link) = link {
        response.headers_mut().insert(header::LINK, link);
    }
    Ok(response)
}

fn parse_tenant(text: &str) -> Result<Scope, Failure> {
    Scope::parse(text).map_err(|_| Failure::BadQuery {
        field: Some("tenant".to_owned()),
        detail: "must be one contact center's id, or `*` for the keys of all of them".to_owned(),
    })
}

fn json(body: Body) -> Response<Body> {
    crate::answer::with_type(http::StatusCode::OK, "application/json", body)
}

/// One list, while it is read.
struct Reading {
    app: App,
    caller: service::Caller,
    scope: Option<Scope>,
    limit: u32,
}

/// A page as it goes out.
struct Part {
    bytes: Bytes,
    next: Option<String>,
}

/// Where in the answer's array a page stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It is all of the answer.
    Alone,
    /// It is the first; more may follow.
    Beginning,
    /// Something stands before it.
    Behind,
}

impl Reading {
    /// Reads one page. What it reveals is audited before it is handed on.
    async fn part(&self, cursor: Option<String>, place: Place) -> Result<Part, Failure> {
        let service = self.app.service();
        let list = ListKeys {
            route: "list_nexus_keys",
            scope: self.scope,
            key_types: KEY_TYPES,
            key_type: None,
            search: None,
            status: StatusFilter::default(),
            permission: None,
            acknowledged: None,
            limit: self.limit,
            cursor,
        };
        let page = service.list_keys(&self.caller, list).await?;
        let secrets = service.reveal(&self.caller, &page.keys).await?;
        let ids: Vec<String> = page
            .keys
            .iter()
            .zip(&secrets)
            .map(|(key, secret)| shown_id(key, secret.as_ref()))
            .collect();
        let bodies: Vec<KeyBody<'_>> =
            page.keys.iter().zip(&ids).map(|(key, id)| KeyBody::new(key, id)).collect();
        let text = serde_json::to_vec(&bodies)
            .map_err(|e| Failure::Service(service::Error::Internal(Box::new(e))))?;
        Ok(Part { bytes: joined(text, place, page.next.is_none()), next: page.next })
    }

    /// The next page's address, from the configured address, never from `Host`.
    fn link(&self, next: &str) -> Option<HeaderValue> {
        let base = self.app.config().public_url.trim_end_matches('/');
        let tenant = self.scope.map_or_else(String::new, |scope| {
            format!("tenant={}&", utf8_percent_encode(&scope.to_string(), NON_ALPHANUMERIC))
        });
        let limit = self.limit;
        let address = format!("{base}/nexus/v3/apikeys?{tenant}limit={limit}&cursor={next}");
        HeaderValue::try_from(format!("<{address}>; rel=\"next\"")).ok()
    }
}

/// A page's array as a piece of the whole one: without the brackets that other pieces have.
fn joined(mut array: Vec<u8>, place: Place, last: bool) -> Bytes {
    let is_empty = array.as_slice() == b"[]";
    if place == Place::Alone || (place == Place::Beginning && last) {
        return array.into();
    }
    if !last {
        array.pop();
    }
    if place == Place::Behind {
        match array.first_mut() {
            Some(bracket) if !is_empty => *bracket = b',',
            // A page that a filter left empty adds nothing between its neighbours.
            _ => array.drain(..1).for_each(drop),
        }
    }
    array.into()
}

/// A whole list on its way out, one page in memory at a time.
struct Pages {
    reading: Arc<Reading>,
    ready: Option<Bytes>,
    next: Option<String>,
    running: Option<Running>,
    _turn: WholeList,
}

type Running = Pin<Box<dyn Future<Output = Result<Part, Failure>> + Send>>;

impl Pages {
    fn beginning_with(first: Part, reading: &Arc<Reading>, turn: WholeList) -> Body {
        if first.next.is_none() {
            return first.bytes.into();
        }
        Body::Streamed(axum::body::Body::new(Self {
            reading: Arc::clone(reading),
            ready: Some(first.bytes),
            next: first.next,
            running: None,
            _turn: turn,
        }))
    }
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
            let reading = Arc::clone(&this.reading);
            this.running =
                Some(Box::pin(async move { reading.part(Some(cursor), Place::Behind).await }));
        }
        let Some(running) = &mut this.running else { return Poll::Ready(None) };
        let part = ready!(running.as_mut().poll(cx));
        this.running = None;
        match part {
            Ok(part) => {
                this.next = part.next;
                Poll::Ready(Some(Ok(Frame::data(part.bytes))))
            }
            // The answer has begun: breaking it off is the only honest end.
            Err(failure) => {
                tracing::warn!(code = failure.code(), "a whole list was broken off");
                Poll::Ready(Some(Err(axum::Error::new(std::io::Error::other(failure.code())))))
            }
        }
    }
}

pub(in super::super) fn doc() -> Operation {
    operation("List the API keys of Digital Channels")
        .about(
            "Newest first. Without `limit` and `cursor` the whole list, read and streamed page by page, \
             each page audited before it leaves; with either one page, the next one of which is named \
             in `Link`. `id` of each key is its secret for callers with `Nexus.ApiKeys.canReveal`, and \
             the key's id for all others.",
        )
        .query(
            "tenant",
            "A contact center's id, or `*` for the keys of the cluster; all that the caller reaches \
             where it is left out.",
            schema::scope(),
            "578ec98e-f07c-46ad-9675-f36c22f3ba9f",
        )
        .query("limit", "How many at most.", schema::integer(1, MAX_PAGE), 50)
        .query(
            "cursor",
            "Where to go on: as `Link` of the page before has it.",
            schema::text(1, 1000),
            Value::Null,
        )
        .answers_as(
            200,
            "The keys.",
            "application/json",
            forms::keys(),
            Value::Array(vec![forms::example()]),
        )
        .with_header(
            "Link",
            "The next page, where one page was asked for and there is a next one.",
            "<https://keys.example/nexus/v3/apikeys?limit=50&cursor=bmV4dA>; rel=\"next\"",
        )
        .fails([
            Failure::BadQuery {
                field: Some("limit".to_owned()),
                detail: format!("`limit` must be 1 to {MAX_PAGE}"),
            },
            Failure::Service(service::Error::NotFound),
        ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(array: &str, place: Place, last: bool) -> String {
        String::from_utf8_lossy(&joined(array.as_bytes().to_vec(), place, last)).into_owned()
    }

    #[test]
    fn pieces_join_to_one_array() {
        let whole = |pieces: &[&str]| -> String {
            let end = pieces.len() - 1;
            let place = |n| if n == 0 { Place::Beginning } else { Place::Behind };
            pieces.iter().enumerate().map(|(n, p)| piece(p, place(n), n == end)).collect()
        };
        assert_eq!(whole(&["[]"]), "[]");
        assert_eq!(whole(&["[1,2]"]), "[1,2]");
        assert_eq!(whole(&["[1]", "[2]", "[3]"]), "[1,2,3]");
        assert_eq!(whole(&["[1]", "[]", "[3]"]), "[1,3]");
        assert_eq!(whole(&["[1]", "[]"]), "[1]");
        assert_eq!(piece("[1]", Place::Alone, false), "[1]");
    }
}
