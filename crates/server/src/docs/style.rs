//! `GET /docs/style.css`.

use super::served;
use crate::{
    answer::Body,
    app::App,
    document::{self, Named, Operation, operation, schema},
};
use axum::extract::State;
use bytes::Bytes;
use http::{HeaderMap, Response};
use serde_json::json;

pub(super) async fn style(State(app): State<App>, headers: HeaderMap) -> Response<Body> {
    let text = Bytes::from_static(document::PAGE_STYLE.as_bytes());
    served::served(&headers, &app.document().etag, "text/css; charset=utf-8", text)
}

pub(super) fn doc() -> Operation {
    served::kept(
        operation("Fetch the style of the page")
            .about("The one thing that `/docs` loads.")
            .answers_as(
                200,
                "The style sheet.",
                "text/css; charset=utf-8",
                Named::new("Css", schema::text(1, 100_000)),
                json!("body { margin: 0 }"),
            ),
    )
}
