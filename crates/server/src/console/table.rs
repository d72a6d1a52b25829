//! The table of the console's pages.

use super::{assets, error::STYLE, extend, home, overview, reports, sign_in, sign_out};
use crate::{
    access::{Access, Need},
    app::App,
    document::{Operation, operation},
    route::{Handler, Route, Surface},
};
use axum::routing::{MethodRouter, any};
use http::Method;

/// The surface.
pub(crate) static SURFACE: Surface = Surface {
    name: "console",
    about: "Pages for people.",
    prefixes: &[("/console", STYLE)],
    documented: false,
    routes: ROUTES,
};

type Served = fn() -> MethodRouter<App>;

/// A page for whoever is signed in and may do what it needs.
const fn page(operation: &'static str, path: &'static str, need: Need, served: Served) -> Route {
    route(operation, Method::GET, path, Access::Session(need), served)
}

/// What a form is sent to.
const fn form(operation: &'static str, path: &'static str, need: Need, served: Served) -> Route {
    route(operation, Method::POST, path, Access::Session(need), served)
}

const fn route(
    operation: &'static str,
    method: Method,
    path: &'static str,
    access: Access,
    served: Served,
) -> Route {
    Route::new(operation, method, path, access, STYLE, Handler::Axum(served), doc)
}

/// Pages stand in no document for programs.
fn doc() -> Operation {
    operation("A page of the console")
}

const ANYBODY: Need = Need::Identity;
const BEFORE: Access =
    Access::Public("a browser that nobody has signed in yet; who it is, the page asks");
const LEADS: Access = Access::Public("says where the console is, and nothing else");
const ASSETS: Access = Access::Public("the same for everybody, published with the source");
const REPORTS: Access =
    Access::Public("browsers report without credentials; what they say is counted");

#[rustfmt::skip]
static ROUTES: &[Route] = &[
    route("console_home", Method::GET, "/", LEADS, || any(home::home)),
    route("console_asset", Method::GET, "/console/assets/{file}", ASSETS, || any(assets::asset)),
    route("console_reports", Method::POST, "/console/reports", REPORTS, || any(reports::reports)),
    route("console_show_sign_in", Method::GET, "/console/sign-in", BEFORE, || any(sign_in::show)),
    route("console_sign_in", Method::POST, "/console/sign-in", BEFORE, || any(sign_in::sign_in)),
    form("console_sign_out", "/console/sign-out", ANYBODY, || any(sign_out::sign_out)),
    form("console_extend", "/console/extend", ANYBODY, || any(extend::extend)),
    page("console_overview", "/console", ANYBODY, || any(overview::overview)),
];
