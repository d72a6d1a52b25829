//! `GET` and `POST /realms/{realm}/login-actions/consent`: whether the person agrees.

use super::{authorize::door, in_realm::InRealm};
use crate::{
    answer::Body,
    app::App,
    browser::{self, Visit},
    document::{Operation, operation, schema},
    extract::{Form, Query},
    failure::Failure,
    oauth,
};
use axum::extract::State;
use http::Response;
use serde_json::json;
use service::Error;

pub(super) fn doc_show() -> Operation {
    fails(operation("Show what a client asks for"))
        .about("The page that asks the person who signed in, where the client wants it.")
        .path("realm", "The realm's name.", schema::text(1, 255), "companya")
        .query("ticket", "The request, sealed.", schema::any_text(), "eyJy…")
        .answers_as(200, "The page.", browser::HTML, browser::html(), browser::html_example())
        .answers_nothing(303, "The client was changed meanwhile, and is told.")
        .with_header("Location", "Where.", "https://app.example/cb?error=unauthorized_client&iss=…")
}

pub(super) fn doc() -> Operation {
    let filled = oauth::filled_form_text;
    fails(operation("Agree to what a client asks for"))
        .about(
            "What the page sends. What was agreed to is remembered for the person and the client, and is \
             not asked again until it is taken back.",
        )
        .path("realm", "The realm's name.", schema::text(1, 255), "companya")
        .takes_form(
            oauth::form(
                "RealmConsent",
                &["ticket"],
                &json!({
                    "ticket": filled("The request, sealed."),
                    "decision": oauth::form_text("`allow`; anything else says no."),
                }),
            ),
            json!({"ticket": "eyJy…", "decision": "allow"}),
        )
        .answers_as(
            200,
            "A form that carries the answer to the client, or a page to sign in again.",
            browser::HTML,
            browser::html(),
            browser::html_example(),
        )
        .answers_nothing(303, "Go back to the client, with a code or with `access_denied`.")
        .with_header("Location", "Where.", "https://app.example/cb?state=af0ifjsldkj&iss=…&code=…")
}

fn fails(operation: Operation) -> Operation {
    operation.fails([
        Error::invalid("ticket", browser::GONE),
        Error::NotAllowed { right: None },
        Error::Unauthenticated,
        Error::Unavailable { retry_after_s: 2 },
    ])
}

pub(super) async fn show_consent(
    State(app): State<App>,
    realm: Result<InRealm, axum::response::Response>,
    visit: Visit,
    Query(mut query): Query,
) -> Result<Response<Body>, Failure> {
    let ticket = query.take_text("ticket").unwrap_or_default();
    browser::show_consent(&app, &door(realm)?, &visit, &ticket).await
}

pub(super) async fn grant_consent(
    State(app): State<App>,
    realm: Result<InRealm, axum::response::Response>,
    visit: Visit,
    Form(form): Form,
) -> Result<Response<Body>, Failure> {
    browser::agree(&app, &door(realm)?, &visit, form).await
}
