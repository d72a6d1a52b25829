//! What operators and their machines ask of the process itself.

mod health;
pub mod metrics;
mod process;

use crate::{
    access::Access,
    failure::ErrorStyle,
    route::{Handler, Route, Surface},
    surfaces::native,
};
use axum::routing::any;
use http::Method;

const STYLE: ErrorStyle = native::STYLE;
const PROBES: Access = Access::Public("probes have no credentials, and learn one bit");

/// The surface.
pub(crate) static SURFACE: Surface = Surface {
    name: "ops",
    about: "Whether the process lives and can verify.",
    prefixes: &[("/health", STYLE)],
    documented: true,
    routes: ROUTES,
};

static ROUTES: &[Route] = &[
    Route::new(
        "live",
        Method::GET,
        "/health/live",
        PROBES,
        STYLE,
        Handler::Axum(|| any(health::live)),
        health::live_doc,
    )
    .any_host(),
    Route::new(
        "ready",
        Method::GET,
        "/health/ready",
        PROBES,
        STYLE,
        Handler::Axum(|| any(health::ready)),
        health::ready_doc,
    )
    .any_host(),
];
