//! What this server can do, as it says itself: the OpenAPI document, and a page made from it.

mod openapi;
mod page;
mod served;
mod style;

use crate::{
    access::Access,
    failure::ErrorStyle,
    route::{Handler, Route, Surface},
    surfaces::native,
};
use axum::routing::any;
use http::Method;

const STYLE: ErrorStyle = native::STYLE;
const READERS: Access =
    Access::Public("the same for everybody, published with the source, and about nobody's keys");

/// The surface.
pub(crate) static SURFACE: Surface = Surface {
    name: "docs",
    about: "This document, and a page to read it.",
    prefixes: &[("/openapi.json", STYLE), ("/docs", STYLE)],
    documented: true,
    routes: ROUTES,
};

#[rustfmt::skip]
static ROUTES: &[Route] = &[
    Route::new("openapi", Method::GET, "/openapi.json", READERS, STYLE,
        Handler::Axum(|| any(openapi::openapi)), openapi::doc),
    Route::new("read_docs", Method::GET, "/docs", READERS, STYLE,
        Handler::Axum(|| any(page::page)), page::doc),
    Route::new("style_docs", Method::GET, "/docs/style.css", READERS, STYLE,
        Handler::Axum(|| any(style::style)), style::doc),
];
