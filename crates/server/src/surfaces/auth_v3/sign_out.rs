//! `POST` and `GET /auth/v3/sign-out`: the presented token and its family end; with `global` every
//! token of its owner.

use super::envelope;
use crate::{
    answer::Body,
    app::App,
    document::Operation,
    extract::{Caller, Query},
    failure::Failure,
    route::documented,
};
use axum::extract::State;
use http::{HeaderValue, Response, StatusCode, header};

pub(super) fn doc() -> Operation {
    documented("Ends the presented token and all that came of the same sign-in")
}

pub(super) fn doc_redirect() -> Operation {
    documented("The same, and sends a browser on to a registered address")
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
