//! `POST /realms/{realm}/login-actions/authenticate`: what the sign-in page sends.

use super::{authorize::door, in_realm::InRealm};
use crate::{
    answer::Body,
    app::App,
    browser::{self, Visit},
    document::{Operation, operation, schema},
    extract::Form,
    failure::Failure,
    oauth,
};
use axum::extract::State;
use http::Response;
use serde_json::json;
use service::Error;

pub(super) fn doc() -> Operation {
    let filled = oauth::filled_form_text;
    operation("Sign in to a realm")
        .about(
            "What the sign-in page sends. `ticket` is the request that the page was made for, sealed and \
             bound to the browser; it is good for 30 minutes. A wrong name and a wrong password are one \
             answer: the page again.",
        )
        .path("realm", "The realm's name.", schema::text(1, 255), "companya")
        .takes_form(
            oauth::form(
                "RealmSignIn",
                &["ticket", "username", "password"],
                &json!({
                    "ticket": filled("The request, sealed."),
                    "username": filled("The user name."),
                    "password": filled("The password."),
                }),
            ),
            json!({"ticket": "eyJy…", "username": "vera", "password": "five-quiet-boats-at-noon"}),
        )
        .answers_as(
            200,
            "The page again, or a form that carries the answer to the client.",
            browser::HTML,
            browser::html(),
            browser::html_example(),
        )
        .answers_nothing(303, "Signed in; go on.")
        .with_header("Location", "Where.", "https://app.example/cb?state=af0ifjsldkj&iss=…&code=…")
        .with_header("Set-Cookie", "The session.", "__Host-keyward-realm-…=…; Path=/; HttpOnly; SameSite=Lax; Secure")
        .fails([
            Error::invalid("ticket", browser::GONE),
            Error::NotAllowed { right: None },
            Error::Limited { retry_after_s: 30 },
            Error::Unavailable { retry_after_s: 2 },
        ])
}

pub(super) async fn sign_in_to_realm(
    State(app): State<App>,
    realm: Result<InRealm, axum::response::Response>,
    visit: Visit,
    Form(form): Form,
) -> Result<Response<Body>, Failure> {
    browser::sign_in(&app, &door(realm)?, &visit, form).await
}
