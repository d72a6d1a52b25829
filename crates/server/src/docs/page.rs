//! `GET /docs`: the document as a page.

use super::served;
use crate::{
    answer::Body,
    app::App,
    document::{Named, Operation, operation, schema},
};
use axum::extract::State;
use http::{HeaderMap, HeaderName, HeaderValue, Response};
use serde_json::json;

/// Nothing but its own style sheet: no script, no other host, no frame.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

pub(super) async fn page(State(app): State<App>, headers: HeaderMap) -> Response<Body> {
    let document = app.document();
    let html = "text/html; charset=utf-8";
    let mut response = served::served(&headers, &document.etag, html, document.page.clone());
    response.headers_mut().insert(HeaderName::from_static("content-security-policy"), POLICY);
    response
}

pub(super) fn doc() -> Operation {
    served::kept(
        operation("Read about the API")
            .about("The OpenAPI document as a page. It loads nothing from elsewhere and runs no script.")
            .answers_as(
                200,
                "The page.",
                "text/html; charset=utf-8",
                Named::new("Html", schema::text(1, 16_000_000)),
                json!("<!doctype html>…"),
            )
            .with_header(
                "Content-Security-Policy",
                "What the page may load: its style sheet.",
                "default-src 'none'; style-src 'self'",
            ),
    )
}
