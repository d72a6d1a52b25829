//! The table of the console's pages.

use super::{assets, error::STYLE, extend, home, keys, overview, reports, sign_in, sign_out};
    assets, audit, error::STYLE, extend, home, keys, outside, overview, persons, reports, roles,
use crate::{
    access::{Access, Need},
    app::App,
    document::{Operation, operation},
    route::{Handler, Route, Surface},
};
use axum::routing::{MethodRouter, any};
use domain::right::Deed;
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
const SEE: Need = Need::SomeFamily(Deed::See);
const UPDATE: Need = Need::SomeFamily(Deed::Update);
const DELETE: Need = Need::SomeFamily(Deed::Delete);
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
    route("console_begin_outside_sign_in", Method::GET, "/console/sign-in/outside/{tenant}/{issuer}", BEFORE, || any(outside::begin)),
    route("console_finish_outside_sign_in", Method::GET, "/console/sign-in/outside/{tenant}/{issuer}/end", BEFORE, || any(outside::finish)),
    page("console_prove", "/console/prove", ANYBODY, || any(outside::prove)),
    form("console_sign_out", "/console/sign-out", ANYBODY, || any(sign_out::sign_out)),
    form("console_extend", "/console/extend", ANYBODY, || any(extend::extend)),
    page("console_overview", "/console", ANYBODY, || any(overview::overview)),

    // Keys: the list.
    page("console_list_keys", "/console/keys", SEE, || any(keys::list::list)),
    page("console_show_find_key", "/console/keys/find", SEE, || any(keys::find::show)),
    form("console_find_key", "/console/keys/find", SEE, || any(keys::find::find)),
    form("console_enable_key", "/console/keys/{id}/enable", UPDATE, || any(keys::enable::enable)),
    form("console_disable_key", "/console/keys/{id}/disable", UPDATE, || any(keys::disable::disable)),
    page("console_show_revoke_key", "/console/keys/{id}/revoke", UPDATE, || any(keys::revoke::show)),
    form("console_revoke_key", "/console/keys/{id}/revoke", UPDATE, || any(keys::revoke::revoke)),
    page("console_show_delete_key", "/console/keys/{id}/delete", DELETE, || any(keys::delete::show)),
    form("console_delete_key", "/console/keys/{id}/delete", DELETE, || any(keys::delete::delete)),
];
