//! `POST /console/persons/{id}/sessions/end`, and of one of them.

use crate::{
    answer::Body,
    app::App,
    console::{Form, Visiting, Visitor, page::see_other},
    extract::Path,
    failure::Failure,
};
use axum::extract::State;
use domain::{id::PersonId, session::SessionId};
use http::Response;
use service::Error;

pub(in super::super) async fn end(
    State(app): State<App>,
    visitor: Visiting,
    Path((id, session)): Path<(String, String)>,
    _: Form,
) -> Result<Response<Body>, Failure> {
    let session = SessionId::parse(&session).map_err(|_| Error::NotFound)?;
    ended(&app, &visitor, super::id(&id)?, Some(session)).await
}

pub(in super::super) async fn end_all(
    State(app): State<App>,
    visitor: Visiting,
    Path(id): Path<String>,
    _: Form,
) -> Result<Response<Body>, Failure> {
    ended(&app, &visitor, super::id(&id)?, None).await
}

async fn ended(
    app: &App,
    visitor: &Visitor,
    id: PersonId,
    one: Option<SessionId>,
) -> Result<Response<Body>, Failure> {
    let caller = &visitor.caller;
    app.service().show_person(caller, id).await?;
    match app.service().end_sessions(caller, id, one).await {
        // What has ended already is as it should be.
        Ok(()) | Err(Error::NotFound) => {
            Ok(see_other(app, &format!("/console/persons/{id}?done=person-signed-out")))
        }
        Err(error) => Err(error.into()),
    }
}
