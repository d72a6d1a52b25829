//! `POST /auth/v3/sign-in`: what the sign-in page sends.

use crate::{
    answer::Body,
    app::App,
    browser::{self, Door, Visit},
    document::{Operation, operation},
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
    operation("Sign in")
        .about(
            "What the page of `/auth/v3/oauth/authorize` sends. `ticket` is the request that the page was \
             made for, sealed and bound to the browser; it is good for 30 minutes. The user name may have \
             its tenant part before a backslash, or beside it in `tenant`.",
        )
        .takes_form(
            oauth::form(
                "SignIn",
                &["ticket", "username", "password"],
                &json!({
                    "ticket": filled("The request, sealed."),
                    "tenant": oauth::form_text("The contact center's id or domain."),
                    "username": filled("The user name."),
                    "password": filled("The password."),
                }),
            ),
            json!({
                "ticket": "eyJy…",
                "tenant": "t100",
                "username": "vera",
                "password": "five-quiet-boats-at-noon",
            }),
        )
        .answers_as(200, "The page again.", browser::HTML, browser::html(), browser::html_example())
        .answers_nothing(303, "Signed in; go back to the client.")
        .with_header("Location", "Where.", "https://wwe.example.com?state=af0ifjsldkj&iss=…&code=…")
        .with_header("Set-Cookie", "The session.", "__Host-keyward-auth=…; Path=/; HttpOnly; SameSite=Lax; Secure")
        .fails([
            Error::invalid("ticket", browser::GONE),
            Error::NotAllowed { right: None },
            Error::Limited { retry_after_s: 30 },
            Error::Unavailable { retry_after_s: 2 },
        ])
}

pub(super) async fn sign_in(
    State(app): State<App>,
    visit: Visit,
    Form(form): Form,
) -> Result<Response<Body>, Failure> {
    browser::sign_in(&app, &Door::Above, &visit, form).await
}
