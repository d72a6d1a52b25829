//! Our own API: `/v1`, camelCase JSON, unknown members refused, RFC 9457 errors.

mod audit;
mod error;
mod keys;

pub(crate) use error::STYLE;

use crate::{
    access::{Access, Need},
    route::{Handler, Route, Surface},
};
use axum::routing::any;
use domain::right::Right;
use http::Method;

/// The surface.
pub(crate) static SURFACE: Surface =
    Surface { name: "native", prefixes: &[("/v1", STYLE)], routes: ROUTES };

static ROUTES: &[Route] = &[
    Route::new(
        "verify_key",
        Method::POST,
        "/v1/keys/verify",
        Access::VerifyCaller,
        STYLE,
        Handler::Front(keys::verify::verify),
        keys::verify::doc,
    ),
    Route::new(
        "list_audit",
        Method::GET,
        "/v1/audit",
        Access::Bearer(Need::Right(Right::AuditRead)),
        STYLE,
        Handler::Axum(|| any(audit::list::list)),
        audit::list::doc,
    ),
];
