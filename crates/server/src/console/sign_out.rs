//! `POST /console/sign-out`.

use super::{Form, Visiting, cookie, page::see_other};
use crate::{answer::Body, app::App, failure::Failure};
use axum::extract::State;
use http::{HeaderName, HeaderValue, Response, header};

pub(super) async fn sign_out(
    State(app): State<App>,
    visitor: Visiting,
    _: Form,
) -> Result<Response<Body>, Failure> {
    app.service().end_session(&visitor.presented, &visitor.caller.context).await?;
    let mut response = see_other(&app, "/console/sign-in?done=signed-out");
    let fields = response.headers_mut();
    fields.extend(cookie::clear(visitor.transport).map(|value| (header::SET_COOKIE, value)));
    // What the browser kept of the pages goes, too.
    let clear = HeaderValue::from_static("\"cache\", \"storage\"");
    fields.insert(HeaderName::from_static("clear-site-data"), clear);
    Ok(response)
}
