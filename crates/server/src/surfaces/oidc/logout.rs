//! `/realms/{realm}/protocol/openid-connect/logout`: OpenID Connect RP-Initiated Logout for browsers, and
//! Keycloak's own call for clients that hold a refresh token.

use super::{authorize::realm_of, client::presented, form::RealmForm, in_realm::InRealm, refusal};
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
use http::{Response, StatusCode};
use serde_json::json;
use service::Error;
use service::oauth2::{Realm, TokenRefusal};

const ABOUT: &str = "With an ID token as `id_token_hint` the browser's session ends at once, with every \
    token that it brought forth; without one a browser that is signed in is asked first. The browser is \
    then sent to `post_logout_redirect_uri`, which the client must have among its redirect addresses.";

pub(super) fn doc() -> Operation {
    signs_out(operation("Sign a browser out of a realm").about(ABOUT))
        .query(
            "id_token_hint",
            "An ID token of whoever signs out.",
            schema::any_text(),
            "eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
        )
        .query("client_id", "The client, where there is no ID token.", schema::any_text(), "my-app")
        .query(
            "post_logout_redirect_uri",
            "Where to go afterwards.",
            schema::any_text(),
            "https://app.example/bye",
        )
        .query("state", "Given back as it came.", schema::any_text(), "af0ifjsldkj")
        .answers_nothing(302, "Signed out; go on.")
        .with_header("Location", "Where.", "https://app.example/bye?state=af0ifjsldkj")
}

pub(super) fn doc_form() -> Operation {
    let refusals = [
        TokenRefusal::NoClient,
        TokenRefusal::UnknownClient,
        TokenRefusal::BadClient,
        TokenRefusal::UnknownRefresh,
        TokenRefusal::Repeated,
    ];
    let text = oauth::form_text;
    signs_out(operation("Sign out of a realm by a form").about(format!(
        "{ABOUT}\n\nWith a `refresh_token` it is the client that calls, with its credentials: the session \
         that the token came of ends, and all of its tokens."
    )))
    .takes_form(
        oauth::form(
            "RealmSignOut",
            &[],
            &json!({
                "id_token_hint": text("An ID token of whoever signs out."),
                "client_id": text("The client."),
                "client_secret": text("Its secret, beside `refresh_token`."),
                "refresh_token": text("A refresh token of the client's."),
                "post_logout_redirect_uri": text("Where to go afterwards."),
                "state": text("Given back as it came."),
            }),
        ),
        json!({"client_id": "my-app", "client_secret": "…", "refresh_token": "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"}),
    )
    .answers_nothing(204, "What the refresh token came of has ended.")
    .answers_nothing(303, "Signed out; go on.")
    .with_header("Location", "Where.", "https://app.example/bye?state=af0ifjsldkj")
    .refuses(refusals.into_iter().filter_map(|why| refusal::refused(why, "").ok()))
}

pub(super) fn doc_confirm() -> Operation {
    operation("Confirm a sign-out")
        .about("What the page sends that asks whether to sign out.")
        .path("realm", "The realm's name.", schema::text(1, 255), "companya")
        .takes_form(
            oauth::form(
                "RealmSignOutConfirmed",
                &["ticket"],
                &json!({"ticket": oauth::filled_form_text("The request, sealed.")}),
            ),
            json!({"ticket": "eyJy…"}),
        )
        .answers_as(200, "Signed out.", browser::HTML, browser::html(), browser::html_example())
        .answers_nothing(303, "Signed out; go on.")
        .with_header("Location", "Where.", "https://app.example/bye?state=af0ifjsldkj")
        .fails([Error::invalid("ticket", browser::GONE), Error::NotAllowed { right: None }])
}

fn signs_out(operation: Operation) -> Operation {
    operation
        .path("realm", "The realm's name.", schema::text(1, 255), "companya")
        .answers_as(
            200,
            "Signed out, or a page that asks whether to.",
            browser::HTML,
            browser::html(),
            browser::html_example(),
        )
        .fails([
            Error::invalid("id_token_hint", "no ID token of this realm"),
            Error::invalid("client_id", "not known here"),
            Error::invalid("post_logout_redirect_uri", "not registered for the client"),
            Error::NotAllowed { right: None },
        ])
}

pub(super) async fn sign_out_of_realm(
    State(app): State<App>,
    realm: Result<InRealm, axum::response::Response>,
    visit: Visit,
    Query(query): Query,
) -> Result<Response<Body>, Failure> {
    browser::sign_out(&app, &realm_of(realm)?, &visit, query, false).await
}

pub(super) async fn sign_out_of_realm_by_form(
    State(app): State<App>,
    InRealm(realm): InRealm,
    visit: Visit,
    form: RealmForm,
) -> Result<Response<Body>, Failure> {
    if form.parameters.has("refresh_token") {
        return by_refresh(&app, &realm, &visit, form).await;
    }
    if form.repeated {
        let detail = "the parameter is repeated".to_owned();
        return Err(Failure::BadForm { field: None, detail });
    }
    browser::sign_out(&app, &realm, &visit, form.parameters, true).await
}

pub(super) async fn confirm_sign_out_of_realm(
    State(app): State<App>,
    realm: Result<InRealm, axum::response::Response>,
    visit: Visit,
    Form(form): Form,
) -> Result<Response<Body>, Failure> {
    browser::confirm_sign_out(&app, &realm_of(realm)?, &visit, form).await
}

async fn by_refresh(
    app: &App,
    realm: &Realm,
    visit: &Visit,
    form: RealmForm,
) -> Result<Response<Body>, Failure> {
    let RealmForm { parameters: mut form, repeated } = form;
    let came = presented(&visit.headers, &mut form);
    let refused = |why| refusal::refused(why, "");
    let service = app.service();
    let outcome = match (came.unreadable, repeated, form.take("refresh_token")) {
        (true, ..) => Err(refusal::unreadable()),
        (false, true, _) => Err(refused(TokenRefusal::Repeated)?),
        (false, false, None) => Err(refused(TokenRefusal::MissingRefreshToken)?),
        (false, false, Some(token)) => {
            let proof = came.proof.as_ref();
            match service.sign_out_by_refresh(realm, proof, &token, &visit.context).await {
                Ok(()) => Ok(()),
                Err(why) => Err(refused(why)?),
            }
        }
    };
    let mut response = match outcome {
        Ok(()) => {
            let mut done = Response::new(Body::empty());
            *done.status_mut() = StatusCode::NO_CONTENT;
            done
        }
        Err(why) => refusal::challenged(why, came.by_header, realm).response(),
    };
    oauth::never_kept(response.headers_mut());
    Ok(super::headers::dressed(app, response))
}
