//! `POST /console/extend`: the session goes on. That somebody called is
//! noted at once, so that the end which the answer names is the one that counts.

use super::{Form, Visiting};
use crate::{
    answer::{self, Body},
    app::App,
    failure::Failure,
};
use axum::extract::State;
use http::Response;

pub(super) async fn extend(
    State(app): State<App>,
    visitor: Visiting,
    _: Form,
) -> Result<Response<Body>, Failure> {
    let (ends, extendable) = app.service().touch_session(&visitor.session).await?;
    let text = format!("{} {extendable}", ends.as_millis());
    Ok(answer::with_type(http::StatusCode::OK, "text/plain; charset=utf-8", text))
}
