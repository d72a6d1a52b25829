//! `GET /auth/v3/oauth/authorize`: a client sends a browser.

use crate::{
    answer::Body,
    app::App,
    browser::{self, Door, Visit},
    document::{Operation, operation, schema},
    extract::Query,
    failure::Failure,
};
use axum::extract::State;
use http::Response;
use service::Error;

pub(in super::super) fn doc() -> Operation {
    let text = schema::any_text;
    operation("Ask for a code")
        .about(
            "RFC 6749 section 4.1.1, with a challenge by `S256` from every client (RFC 7636). Whoever is \
             signed in already is sent back at once; anybody else gets a page to sign in. A client or an \
             address that is not known is said on a page and leads nowhere; whatever else is wrong goes \
             back to the client with its `state`.\n\n\
             The implicit grant does not exist: `response_type=token` is refused.",
        )
        .query("client_id", "The client.", text(), "external_api_client")
        .query("redirect_uri", "Where the answer goes: one that the client registered.", text(), "https://wwe.example.com")
        .query("response_type", "`code`.", text(), "code")
        .query("scope", "`*`.", text(), "*")
        .query("state", "Given back as it came.", text(), "af0ifjsldkj")
        .query("hideTenant", "Whether the page does without a field for the tenant.", schema::boolean(), false)
        .query("code_challenge", "The challenge.", text(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
        .query("code_challenge_method", "`S256`.", text(), "S256")
        .answers_as(200, "A page to sign in.", browser::HTML, browser::html(), browser::html_example())
        .answers_nothing(302, "Go back to the client, with a code or with what is wrong.")
        .with_header("Location", "Where.", "https://wwe.example.com?state=af0ifjsldkj&iss=…&code=…")
        .fails([
            Error::invalid("client_id", "not known here"),
            Error::invalid("redirect_uri", "is not registered for the client"),
        ])
}

pub(in super::super) async fn authorize(
    State(app): State<App>,
    visit: Visit,
    Query(query): Query,
) -> Result<Response<Body>, Failure> {
    browser::authorize(&app, &Door::Above, &visit, query, false).await
}
