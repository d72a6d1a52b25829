//! `DELETE /v1/persons/{id}/sessions/{sid}`

use super::list::{ID, PERSON};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Path},
    failure::Failure,
    surfaces::native::persons,
};
use axum::extract::State;
use domain::{right::Right, session::SessionId};
use http::{Response, StatusCode};
use service::Error;

pub(in super::super) async fn end(
    State(app): State<App>,
    Caller(caller): Caller,
    Path((id, sid)): Path<(String, String)>,
) -> Result<Response<Body>, Failure> {
    let sid = SessionId::parse(&sid).map_err(|_| Failure::Service(Error::NotFound))?;
    app.service().end_sessions(&caller, persons::id(&id)?, Some(sid)).await?;
    Ok(done())
}

pub(super) fn done() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

pub(in super::super) fn doc() -> Operation {
    operation("End a session")
        .about(
            "Signs a browser out, and ends every token that it brought forth: at once, on every node. \
             Everybody ends their own; others' need `Persons.canManage`, and nobody's who holds more.",
        )
        .path("id", "The person's id.", schema::uuid(), PERSON)
        .path("sid", "The session's id.", schema::uuid(), ID)
        .answers_nothing(204, "It has ended.")
        .fails([Error::NotAllowed { right: Some(Right::PersonsManage) }])
}
