//! How a failure gets from where it was noticed to where it is rendered, and what renders it.

use crate::{answer::Body, document::Named, failure::Failure};
use axum::response::IntoResponse;
use http::Response;
use std::sync::Arc;

/// How a failure travels from a handler or an extractor to the place that renders it.
#[derive(Clone, Debug)]
pub(crate) struct Carried(pub(crate) Arc<Failure>);

impl IntoResponse for Failure {
    fn into_response(self) -> axum::response::Response {
        let mut response = axum::response::Response::new(axum::body::Body::empty());
        *response.status_mut() = self.status();
        response.extensions_mut().insert(Carried(Arc::new(self)));
        response
    }
}

/// What a surface knows when it renders a failure.
#[derive(Clone, Copy, Debug)]
pub struct Rendering<'a> {
    /// The request's id, as the log line carries it.
    pub request_id: &'a str,
    /// The request's method.
    pub method: &'a http::Method,
    /// The route's operation, where the request got as far as one.
    pub operation: Option<&'static str>,
}

/// How a surface says that something went wrong. It belongs to the route: one surface may have
/// several.
#[derive(Clone, Copy)]
pub struct ErrorStyle {
    /// For the ledgers.
    pub name: &'static str,
    /// The rendering: status, envelope, and headers where the wire's differ from the usual ones.
    /// `Retry-After`, `Allow` and `WWW-Authenticate` are added by the frame where they are missing.
    pub render: fn(&Failure, &Rendering<'_>) -> Response<Body>,
    /// The form of what it renders, for the OpenAPI document.
    pub(crate) schema: fn() -> Named,
}

impl std::fmt::Debug for ErrorStyle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ErrorStyle({})", self.name)
    }
}
