//! `GET` and `POST /realms/{realm}/protocol/openid-connect/auth`: a client sends a browser.

use super::in_realm::InRealm;
use crate::{
    answer::Body,
    app::App,
    browser::{self, Door, Visit},
    document::{Named, Operation, operation, schema},
    extract::{Form, Query},
    failure::Failure,
    oauth,
};
use axum::extract::State;
use http::{Response, StatusCode};
use serde_json::json;
use service::{Error, oauth2::Realm};

pub(super) fn doc() -> Operation {
    let text = schema::any_text;
    answers(operation("Ask for a code").about(
        "RFC 6749 section 4.1.1 and OpenID Connect Core section 3.1.2. Whoever is signed in already is \
         sent back at once; anybody else gets a page to sign in, and where the client asks for it one to \
         agree. A client or an address that is not known is said on a page and leads nowhere; whatever \
         else is wrong goes back to the client with its `state` and `iss` (RFC 9207).\n\n\
         Every client sends a challenge by `S256` (RFC 7636). Addresses are compared as texts; the port of \
         a loopback address may differ. Other parameters of OpenID Connect are let pass.",
    ))
    .path("realm", "The realm's name.", schema::text(1, 255), "companya")
    .query("client_id", "The client.", text(), "my-app")
    .query("redirect_uri", "Where the answer goes: one that the client registered.", text(), "https://app.example/cb")
    .query("response_type", "`code`.", text(), "code")
    .query("response_mode", "`query`, or `form_post`.", text(), "query")
    .query("scope", "Scopes joined by spaces; `openid` asks for an ID token.", text(), "openid profile")
    .query("state", "Given back as it came.", text(), "af0ifjsldkj")
    .query("nonce", "Repeated in the ID token.", text(), "n-0S6_WzA2Mj")
    .query("code_challenge", "The challenge.", text(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    .query("code_challenge_method", "`S256`.", text(), "S256")
    .query("prompt", "`none`, or `login`, `consent`, `select_account`.", text(), "login")
    .query("max_age", "Seconds since the sign-in, at most.", text(), "3600")
    .query("login_hint", "The user name that the page begins with.", text(), "vera")
    .query("id_token_hint", "An ID token of whoever the client believes to be there.", text(), "eyJhbGciOiJSUzI1NiJ9.e30.c2ln")
}

pub(super) fn doc_form() -> Operation {
    answers(
        operation("Ask for a code by a form")
            .about("The same with the parameters in a form (OpenID Connect Core section 3.1.2.1)."),
    )
    .path("realm", "The realm's name.", schema::text(1, 255), "companya")
    .takes_form(
        form(),
        json!({
            "client_id": "my-app",
            "redirect_uri": "https://app.example/cb",
            "response_type": "code",
            "scope": "openid profile",
            "state": "af0ifjsldkj",
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "code_challenge_method": "S256",
        }),
    )
}

fn form() -> Named {
    let text = oauth::form_text;
    oauth::form(
        "RealmAuthorizationRequest",
        &[],
        &json!({
            "client_id": text("The client."),
            "redirect_uri": text("Where the answer goes."),
            "response_type": text("`code`."),
            "scope": text("Scopes joined by spaces."),
            "state": text("Given back as it came."),
            "code_challenge": text("The challenge."),
            "code_challenge_method": text("`S256`."),
        }),
    )
}

fn answers(operation: Operation) -> Operation {
    operation
        .answers_as(
            200,
            "A page to sign in, or a form that carries the answer to the client.",
            browser::HTML,
            browser::html(),
            browser::html_example(),
        )
        .answers_nothing(302, "Go on: to the client, or to the page that asks for consent.")
        .with_header("Location", "Where.", "https://app.example/cb?state=af0ifjsldkj&iss=…&code=…")
        .answers_nothing(303, "The same, after a form.")
        .with_header("Location", "Where.", "https://app.example/cb?state=af0ifjsldkj&iss=…&code=…")
        .fails([
            Error::invalid("client_id", "not known here"),
            Error::invalid("redirect_uri", "is not registered for the client"),
            Error::NotFound,
            Error::NotAllowed { right: None },
            Error::Limited { retry_after_s: 30 },
        ])
}

pub(super) async fn authorize(
    State(app): State<App>,
    realm: Result<InRealm, axum::response::Response>,
    visit: Visit,
    Query(query): Query,
) -> Result<Response<Body>, Failure> {
    browser::authorize(&app, &door(realm)?, &visit, query, false).await
}

pub(super) async fn authorize_by_form(
    State(app): State<App>,
    realm: Result<InRealm, axum::response::Response>,
    visit: Visit,
    Form(form): Form,
) -> Result<Response<Body>, Failure> {
    browser::authorize(&app, &door(realm)?, &visit, form, true).await
}

/// The realm of a page. What is wrong with it is said on a page, too.
pub(super) fn realm_of(found: Result<InRealm, axum::response::Response>) -> Result<Realm, Failure> {
    found.map(|InRealm(realm)| realm).map_err(|refused| match refused.status() {
        StatusCode::NOT_FOUND => Error::NotFound.into(),
        StatusCode::FORBIDDEN => Error::NotAllowed { right: None }.into(),
        StatusCode::BAD_REQUEST => Failure::BadPath,
        _ => Error::Unavailable { retry_after_s: 1 }.into(),
    })
}

pub(super) fn door(found: Result<InRealm, axum::response::Response>) -> Result<Door, Failure> {
    realm_of(found).map(Door::Realm)
}
