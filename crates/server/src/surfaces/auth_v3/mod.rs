//! Genesys Authentication: `/auth/v3`. Tokens and their owners, and the clients that ask for them.
//!
//! Four kinds of errors, each the route's own (`error.rs`). What was chosen where nothing is
//! published stands in docs/surfaces/auth_v3.md.

mod change_password;
mod envelope;
mod error;
mod oauth;
mod openid_user_info;
mod ops_clients;
mod ping;
mod refusal;
mod sign_in;
mod sign_out;
mod user_info;

use crate::{
    access::{Access, Need},
    browser::PAGE,
    route::{Handler, Route, Surface},
};
use axum::routing::any;
use domain::right::Right;
use error::{ENVELOPE, PASSWORD, PING, RESOURCE, TOKEN};
use http::Method;

/// The surface.
pub(crate) static SURFACE: Surface = Surface {
    name: "auth_v3",
    about: "Genesys Authentication: tokens, their owners, and the clients that ask for them.",
    prefixes: &[("/auth/v3", ENVELOPE)],
    documented: true,
    routes: ROUTES,
};

const TOKEN_HOLDER: Access = Access::Bearer(Need::Identity);
const CLIENT_ADMIN: Access = Access::BearerOrBasic(Need::ClusterRight(Right::ClientsManage));
const BROWSERS: Access =
    Access::Public("a browser that nobody has signed in yet; who it is, the page asks");
const OLD_PASSWORD: Access =
    Access::OptionalBearer("the old password is the proof, and presenting it is a sign-in attempt");

#[rustfmt::skip]
static ROUTES: &[Route] = &[
    Route::new("issue_token", Method::POST, "/auth/v3/oauth/token", Access::Client, TOKEN,
        Handler::Axum(|| any(oauth::token::issue_token)), oauth::token::doc),
    Route::new("check_token", Method::POST, "/auth/v3/oauth/check_token", Access::Client, TOKEN,
        Handler::Axum(|| any(oauth::check_token::check_token)), oauth::check_token::doc),
    Route::new("authorize", Method::GET, "/auth/v3/oauth/authorize", BROWSERS, PAGE,
        Handler::Axum(|| any(oauth::authorize::authorize)), oauth::authorize::doc),
    Route::new("sign_in", Method::POST, "/auth/v3/sign-in", BROWSERS, PAGE,
        Handler::Axum(|| any(sign_in::sign_in)), sign_in::doc),

    Route::new("user_info", Method::GET, "/auth/v3/userinfo", TOKEN_HOLDER, RESOURCE,
        Handler::Axum(|| any(user_info::user_info)), user_info::doc),
    Route::new("openid_user_info", Method::GET, "/auth/v3/openid/userinfo", TOKEN_HOLDER, RESOURCE,
        Handler::Axum(|| any(openid_user_info::openid_user_info)), openid_user_info::doc),
    Route::new("ping", Method::GET, "/auth/v3/ping", TOKEN_HOLDER, PING,
        Handler::Axum(|| any(ping::ping)), ping::doc),
    Route::new("sign_out", Method::POST, "/auth/v3/sign-out", TOKEN_HOLDER, ENVELOPE,
        Handler::Axum(|| any(sign_out::sign_out)), sign_out::doc),
    Route::new("sign_out_and_redirect", Method::GET, "/auth/v3/sign-out", TOKEN_HOLDER, ENVELOPE,
        Handler::Axum(|| any(sign_out::sign_out_and_redirect)), sign_out::doc_redirect),
    Route::new("change_password", Method::POST, "/auth/v3/change-password", OLD_PASSWORD, PASSWORD,
        Handler::Axum(|| any(change_password::change_password)), change_password::doc),

    Route::new("create_ops_client", Method::POST, "/auth/v3/ops/clients", CLIENT_ADMIN, ENVELOPE,
        Handler::Axum(|| any(ops_clients::create::create_client)), ops_clients::create::doc),
    Route::new("list_ops_clients", Method::GET, "/auth/v3/ops/clients", CLIENT_ADMIN, ENVELOPE,
        Handler::Axum(|| any(ops_clients::list::list_clients)), ops_clients::list::doc),
    Route::new("show_ops_client", Method::GET, "/auth/v3/ops/clients/{client_id}", CLIENT_ADMIN, ENVELOPE,
        Handler::Axum(|| any(ops_clients::show::show_client)), ops_clients::show::doc),
    Route::new("update_ops_client", Method::PUT, "/auth/v3/ops/clients/{client_id}", CLIENT_ADMIN, ENVELOPE,
        Handler::Axum(|| any(ops_clients::update::update_client)), ops_clients::update::doc),
    Route::new("delete_ops_client", Method::DELETE, "/auth/v3/ops/clients/{client_id}", CLIENT_ADMIN, ENVELOPE,
        Handler::Axum(|| any(ops_clients::delete::delete_client)), ops_clients::delete::doc),
];
