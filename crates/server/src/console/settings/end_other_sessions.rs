//! `POST /console/settings/sessions/end-others`: this browser stays, every other one is signed out (SE-04).

use super::super::{Form, Visiting, page::see_other};
use crate::{answer::Body, app::App, failure::Failure};
use axum::extract::State;
use http::Response;

pub(in super::super) async fn end_other_sessions(
    State(app): State<App>,
    visitor: Visiting,
    _: Form,
) -> Result<Response<Body>, Failure> {
    app.service().end_other_sessions(&visitor.caller).await?;
    Ok(see_other(&app, "/console/settings?done=sessions-ended"))
}
