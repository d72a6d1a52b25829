//! Pages of other origins that call a realm: those that its tenant lists, and those that its clients
//! redirect to. An origin is compared whole, `null` is none, and nothing is open to `*` (WB-10).

use super::{headers::dressed, in_realm::InRealm};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    failure::Failure,
};
use axum::extract::State;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde_json::json;
use service::oauth2::Realm;

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, OPTIONS");
const SENT: HeaderValue =
    HeaderValue::from_static("Accept, Authorization, Content-Type, Origin, X-Requested-With");
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");
const YES: HeaderValue = HeaderValue::from_static("true");
const VARY: HeaderValue = HeaderValue::from_static("Origin");

pub(super) fn doc() -> Operation {
    operation("Ask what a page may send")
        .about(
            "The pre-flight of browsers. It is answered for the origins that the realm's tenant lists and \
             those that a client of the realm redirects to; for any other the answer names no origin, and \
             the browser does not call.",
        )
        .path("realm", "The realm's name.", schema::text(1, 63), "default")
        .answers_nothing(204, "What a page of this origin may send, if anything.")
        .with_header("Vary", "Always `Origin`.", "Origin")
        .refuses([super::in_realm::not_enabled(), super::in_realm::https_required()])
}

/// Answers a pre-flight.
pub(super) async fn preflight(
    State(app): State<App>,
    InRealm(realm): InRealm,
    asked: HeaderMap,
) -> Result<Response<Body>, Failure> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let mut response = readable(&app, &realm, &asked, response).await?;
    let headers = response.headers_mut();
    if headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, SENT);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
    }
    Ok(response)
}

/// An answer, dressed for its wire, and readable to the page that called where that is allowed.
pub(super) async fn readable(
    app: &App,
    realm: &Realm,
    asked: &HeaderMap,
    response: Response<Body>,
) -> Result<Response<Body>, Failure> {
    let mut response = dressed(app, response);
    response.headers_mut().insert(header::VARY, VARY);
    let mut origins = asked.get_all(header::ORIGIN).iter();
    let (Some(origin), None) = (origins.next(), origins.next()) else { return Ok(response) };
    let Ok(text) = origin.to_str() else { return Ok(response) };
    if app.service().realm_allows_origin(realm, text).await? {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.insert(header::ACCESS_CONTROL_ALLOW_CREDENTIALS, YES);
    }
    Ok(response)
}

/// A realm's name, for the descriptions of all its operations.
pub(super) fn of_realm(operation: Operation) -> Operation {
    operation
        .path("realm", "The realm's name.", schema::text(1, 63), json!("default"))
        .refuses([super::in_realm::not_enabled(), super::in_realm::https_required()])
}
