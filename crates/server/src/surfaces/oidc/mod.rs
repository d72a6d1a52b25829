//! Realms (`/realms/{realm}`): tokens as Keycloak gives them, and what OpenID Connect needs around them.
//!
//! Every answer of a realm is found by the realm's name first (`in_realm.rs`). The credentials of
//! clients, and tokens, are read by each handler, in the order of checks that this wire has.
//! docs/surfaces/oidc.md says what was chosen where nothing is published.

mod authorize;
mod broker;
mod certs;
mod client;
mod consent;
mod cors;
mod discovery;
mod error;
mod form;
mod headers;
mod in_realm;
mod introspect;
mod logout;
mod realm;
mod refusal;
mod revoke;
mod sign_in;
mod token;
mod user_info;

use crate::{
    access::Access,
    browser::PAGE,
    route::{Handler, Route, Surface},
};
use axum::routing::any;
use error::STYLE;
use http::Method;

/// The surface.
pub(crate) static SURFACE: Surface = Surface {
    name: "oidc",
    about: "Realms: OAuth 2.0 and OpenID Connect as clients of Keycloak know them.",
    prefixes: &[("/realms", STYLE), (METADATA_PREFIX, STYLE)],
    documented: true,
    routes: ROUTES,
};

const METADATA_PREFIX: &str = "/.well-known/oauth-authorization-server";

const READABLE: Access = Access::Public("what a realm says of itself is for everybody");
const BROWSERS: Access =
    Access::Public("a browser that nobody has signed in yet; who it is, the page asks");
const SIGNING_OUT: Access = Access::Public(
    "a browser that signs out is asked by the page; a client with a refresh token proves itself first",
);
const PREFLIGHT: Access =
    Access::Public("a browser asks without credentials what its page may send");

#[rustfmt::skip]
static ROUTES: &[Route] = &[
    Route::new("show_realm", Method::GET, "/realms/{realm}", READABLE, STYLE,
        Handler::Axum(|| any(realm::show_realm)), realm::doc),
    Route::new("discover_realm", Method::GET, "/realms/{realm}/.well-known/openid-configuration", READABLE, STYLE,
        Handler::Axum(|| any(discovery::discover_realm)), discovery::doc),
    Route::new("show_realm_metadata", Method::GET, "/.well-known/oauth-authorization-server/realms/{realm}", READABLE, STYLE,
        Handler::Axum(|| any(discovery::discover_realm)), discovery::doc_metadata),
    Route::new("list_realm_keys", Method::GET, "/realms/{realm}/protocol/openid-connect/certs", READABLE, STYLE,
        Handler::Axum(|| any(certs::list_realm_keys)), certs::doc),

    Route::new("issue_realm_token", Method::POST, "/realms/{realm}/protocol/openid-connect/token", Access::RealmClient, STYLE,
        Handler::Axum(|| any(token::issue_realm_token)), token::doc),
    Route::new("introspect_realm_token", Method::POST, "/realms/{realm}/protocol/openid-connect/token/introspect", Access::RealmClient, STYLE,
        Handler::Axum(|| any(introspect::introspect_realm_token)), introspect::doc),
    Route::new("revoke_realm_token", Method::POST, "/realms/{realm}/protocol/openid-connect/revoke", Access::RealmClient, STYLE,
        Handler::Axum(|| any(revoke::revoke_realm_token)), revoke::doc),
    Route::new("realm_user_info", Method::GET, "/realms/{realm}/protocol/openid-connect/userinfo", Access::RealmToken, STYLE,
        Handler::Axum(|| any(user_info::realm_user_info)), user_info::doc),
    Route::new("realm_user_info_by_form", Method::POST, "/realms/{realm}/protocol/openid-connect/userinfo", Access::RealmToken, STYLE,
        Handler::Axum(|| any(user_info::realm_user_info_by_form)), user_info::doc_form),

    Route::new("authorize_in_realm", Method::GET, "/realms/{realm}/protocol/openid-connect/auth", BROWSERS, PAGE,
        Handler::Axum(|| any(authorize::authorize)), authorize::doc),
    Route::new("authorize_in_realm_by_form", Method::POST, "/realms/{realm}/protocol/openid-connect/auth", BROWSERS, PAGE,
        Handler::Axum(|| any(authorize::authorize_by_form)), authorize::doc_form),
    Route::new("sign_in_to_realm", Method::POST, "/realms/{realm}/login-actions/authenticate", BROWSERS, PAGE,
        Handler::Axum(|| any(sign_in::sign_in_to_realm)), sign_in::doc),
    Route::new("begin_broker_sign_in", Method::GET, "/realms/{realm}/broker/{issuer}/login", BROWSERS, PAGE,
        Handler::Axum(|| any(broker::begin_broker_sign_in)), broker::doc_begin),
    Route::new("finish_broker_sign_in", Method::GET, "/realms/{realm}/broker/{issuer}/endpoint", BROWSERS, PAGE,
        Handler::Axum(|| any(broker::finish_broker_sign_in)), broker::doc_finish),
    Route::new("show_consent", Method::GET, "/realms/{realm}/login-actions/consent", BROWSERS, PAGE,
        Handler::Axum(|| any(consent::show_consent)), consent::doc_show),
    Route::new("grant_consent", Method::POST, "/realms/{realm}/login-actions/consent", BROWSERS, PAGE,
        Handler::Axum(|| any(consent::grant_consent)), consent::doc),
    Route::new("sign_out_of_realm", Method::GET, "/realms/{realm}/protocol/openid-connect/logout", BROWSERS, PAGE,
        Handler::Axum(|| any(logout::sign_out_of_realm)), logout::doc),
    Route::new("sign_out_of_realm_by_form", Method::POST, "/realms/{realm}/protocol/openid-connect/logout", SIGNING_OUT, STYLE,
        Handler::Axum(|| any(logout::sign_out_of_realm_by_form)), logout::doc_form),
    Route::new("confirm_sign_out_of_realm", Method::POST, "/realms/{realm}/protocol/openid-connect/logout/logout-confirm", BROWSERS, PAGE,
        Handler::Axum(|| any(logout::confirm_sign_out_of_realm)), logout::doc_confirm),

    Route::new("preflight_realm_token", Method::OPTIONS, "/realms/{realm}/protocol/openid-connect/token", PREFLIGHT, STYLE,
        Handler::Axum(|| any(cors::preflight)), cors::doc),
    Route::new("preflight_realm_revocation", Method::OPTIONS, "/realms/{realm}/protocol/openid-connect/revoke", PREFLIGHT, STYLE,
        Handler::Axum(|| any(cors::preflight)), cors::doc),
    Route::new("preflight_realm_user_info", Method::OPTIONS, "/realms/{realm}/protocol/openid-connect/userinfo", PREFLIGHT, STYLE,
        Handler::Axum(|| any(cors::preflight)), cors::doc),
];
