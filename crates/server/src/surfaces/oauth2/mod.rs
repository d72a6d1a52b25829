//! The standard endpoints over the same tokens: introspection (RFC 7662), revocation (RFC 7009).

mod error;
mod introspect;
mod revoke;

use crate::{
    access::Access,
    route::{Handler, Route, Surface},
};
use axum::routing::any;
use error::STYLE;
use http::Method;

/// The surface.
pub(crate) static SURFACE: Surface = Surface {
    name: "oauth2",
    about: "Introspection (RFC 7662) and revocation (RFC 7009) of the same tokens.",
    prefixes: &[("/oauth2", STYLE)],
    documented: true,
    routes: ROUTES,
};

#[rustfmt::skip]
static ROUTES: &[Route] = &[
    Route::new("introspect_token", Method::POST, "/oauth2/introspect", Access::Client, STYLE,
        Handler::Axum(|| any(introspect::introspect_token)), introspect::doc),
    Route::new("revoke_token", Method::POST, "/oauth2/revoke", Access::Client, STYLE,
        Handler::Axum(|| any(revoke::revoke_token)), revoke::doc),
];
