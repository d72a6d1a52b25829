//! `POST /console/settings/sessions/{id}/end`: a browser is signed out (SE-04). It may be the one that asks.

use super::super::{Form, Visiting, cookie, page::see_other};
use crate::{answer::Body, app::App, extract::Path, failure::Failure};
use axum::extract::State;
use domain::session::SessionId;
use http::{Response, header};
use service::Error;

pub(in super::super) async fn end_session(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    _: Form,
) -> Result<Response<Body>, Failure> {
    let id = SessionId::parse(&id).map_err(|_| Failure::Service(Error::NotFound))?;
    let person = visitor.session.person;
    match app.service().end_sessions(&visitor.caller, person, Some(id)).await {
        // It ended meanwhile, by itself or elsewhere: that is what was wanted.
        Ok(()) | Err(Error::NotFound) => {}
        Err(error) => return Err(error.into()),
    }
    if id != visitor.session.id {
        return Ok(see_other(&app, "/console/settings?done=session-ended"));
    }
    let mut response = see_other(&app, "/console/sign-in?done=signed-out");
    let gone = cookie::clear(visitor.transport).map(|value| (header::SET_COOKIE, value));
    response.headers_mut().extend(gone);
    Ok(response)
}
