//! `GET /realms/{realm}/broker/{issuer}/login` and `…/endpoint`: the sign-in at an issuer outside.

use super::{authorize::door, in_realm::InRealm};
use crate::{
    answer::Body,
    app::App,
    browser::{self, Visit},
    document::{Operation, operation, schema},
    extract::{Path, Query},
    failure::Failure,
};
use axum::extract::State;
use http::Response;
use serde::Deserialize;
use service::Error;

#[derive(Deserialize)]
pub(super) struct Named {
    issuer: String,
}

pub(super) async fn begin_broker_sign_in(
    State(app): State<App>,
    realm: Result<InRealm, axum::response::Response>,
    Path(Named { issuer }): Path<Named>,
    visit: Visit,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let ticket = query.take_text("ticket").unwrap_or_default();
    browser::begin_at_issuer(&app, &door(realm)?, &visit, &issuer, &ticket).await
}

pub(super) async fn finish_broker_sign_in(
    State(app): State<App>,
    realm: Result<InRealm, axum::response::Response>,
    Path(Named { issuer }): Path<Named>,
    visit: Visit,
    Query(query): Query,
) -> Result<Response<Body>, Failure> {
    browser::finish_at_issuer(&app, &door(realm)?, &visit, &issuer, query).await
}

pub(super) fn doc_begin() -> Operation {
    named(operation("Sign in at an issuer"))
        .about(
            "Sends the browser to an OpenID provider that the realm's tenant believes, with PKCE, a state that \
             a cookie is bound to, and a nonce. The sign-in page links here, and comes again where the issuer does not \
             answer.",
        )
        .query("ticket", "The request that the page was made for, sealed.", schema::any_text(), "eyJy…")
        .answers_nothing(302, "To the issuer.")
        .with_header(
            "Location",
            "Its authorization endpoint.",
            "https://sso.example.com/auth?response_type=code&client_id=keyward&…",
        )
        .with_header(
            "Set-Cookie",
            "What is being done, until the browser comes back.",
            "__Host-keyward-realm-…-broker=…; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=600",
        )
        .fails([
            Error::invalid("ticket", browser::GONE),
            Error::NotFound,
            Error::NotAllowed { right: None },
            Error::Unavailable { retry_after_s: 10 },
        ])
        .fails([Failure::BadGateway])
}

pub(super) fn doc_finish() -> Operation {
    named(operation("Come back from an issuer"))
        .about(
            "Where the issuer sends the browser back to. State and issuer are held against what was begun, the \
             code is exchanged, and the ID token proved; then the sign-in goes on as after a password.",
        )
        .query("state", "As it was sent.", schema::any_text(), "af0ifjsldkj")
        .query("code", "The issuer's code.", schema::any_text(), "SplxlOBeZQQYbYS6WxSbIA")
        .query("iss", "Who says so (RFC 9207).", schema::any_text(), "https://sso.example.com")
        .query("error", "Why there is no code.", schema::any_text(), "access_denied")
        .answers_as(
            200,
            "A form that carries the answer to the client.",
            browser::HTML,
            browser::html(),
            browser::html_example(),
        )
        .answers_nothing(303, "Signed in; go on.")
        .with_header("Location", "Where.", "https://app.example/cb?state=af0ifjsldkj&iss=…&code=…")
        .with_header(
            "Set-Cookie",
            "The session.",
            "__Host-keyward-realm-…=…; Path=/; HttpOnly; SameSite=Lax; Secure",
        )
        .fails([
            Error::invalid("ticket", browser::GONE),
            Error::invalid("issuer", "it did not sign you in; go back to the application to try again"),
            Error::NotFound,
            Error::NotAllowed { right: None },
            Error::Limited { retry_after_s: 30 },
            Error::Unavailable { retry_after_s: 10 },
        ])
        .fails([Failure::BadGateway])
}

fn named(operation: Operation) -> Operation {
    operation.path("realm", "The realm's name.", schema::text(1, 255), "companya").path(
        "issuer",
        "The issuer's name.",
        schema::pattern("^[a-z0-9_-]{1,64}$"),
        "company",
    )
}
