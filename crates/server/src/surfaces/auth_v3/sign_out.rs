//! `POST` and `GET /auth/v3/sign-out`: the presented token and its family end; with `global` every
//! token of its owner.

use super::envelope;
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Query},
    failure::Failure,
};
use axum::extract::State;
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;
use service::Error;

pub(super) fn doc() -> Operation {
    global(operation("Sign out").about(
        "Ends the presented token and all that came of the same sign-in: access and refresh tokens, \
         also those of other devices that were given by a refresh. With `global` every token of the \
         token's owner ends. What ended is refused from the moment of the answer on.",
    ))
    .answers_as(
        200,
        "Signed out.",
        "application/json",
        envelope::success(),
        json!({"status": {"code": 0}}),
    )
}

pub(super) fn doc_redirect() -> Operation {
    global(operation("Sign out, and send a browser on").about(
        "Does what `POST` does. With `redirectUri` the answer then redirects there: to an address \
         that the token's client has registered, compared exactly. Any other address is refused, and \
         then nobody is signed out. The token stands in `Authorization` here, too, never in the query.",
    ))
    .query(
        "redirectUri",
        "Where to send the browser; without it the answer is 200.",
        schema::text(1, 2_048),
        "https://wwe.example.com",
    )
    .answers_as(
        200,
        "Signed out; no `redirectUri` was given.",
        "application/json",
        envelope::success(),
        json!({"status": {"code": 0}}),
    )
    .answers_nothing(302, "Signed out; go on to `redirectUri`.")
    .with_header("Location", "The `redirectUri`.", "https://wwe.example.com")
    .fails([Error::invalid("redirectUri", "this address is not registered for the client")])
}

fn global(operation: Operation) -> Operation {
    operation.query(
        "global",
        "Whether every token of the token's owner ends; `false` where it is left out.",
        schema::boolean(),
        false,
    )
}

pub(super) async fn sign_out(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    app.service().sign_out(&caller, everywhere(&mut query)?, None).await?;
    Ok(envelope::done())
}

pub(super) async fn sign_out_and_redirect(
    State(app): State<App>,
    Caller(caller): Caller,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let everywhere = everywhere(&mut query)?;
    let Some(target) = query.0.take_text("redirectUri") else {
        app.service().sign_out(&caller, everywhere, None).await?;
        return Ok(envelope::done());
    };
    let unusable = || Failure::BadQuery {
        field: Some("redirectUri".to_owned()),
        detail: "not an address".to_owned(),
    };
    let location = HeaderValue::from_str(&target).map_err(|_| unusable())?;
    app.service().sign_out(&caller, everywhere, Some(&target)).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::FOUND;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

fn everywhere(query: &mut Query) -> Result<bool, Failure> {
    Ok(query.parse("global", "true or false")?.unwrap_or(false))
}
