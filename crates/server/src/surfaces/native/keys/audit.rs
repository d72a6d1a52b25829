//! `GET /v1/keys/{id}/audit`: what was done to one key, newest first.

use super::wire;
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Path, Query},
    failure::Failure,
    surfaces::native::audit::list::{answer, filter, list_of_events},
};
use axum::extract::State;
use http::Response;

pub(in super::super) async fn audit(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    mut query: Query,
) -> Result<Response<Body>, Failure> {
    let id = wire::id(&id)?;
    let list = filter(&mut query)?;
    query.finish()?;
    answer(app.service().list_key_audit(&caller, id, list).await?)
}

pub(in super::super) fn doc() -> Operation {
    list_of_events(
        operation("List what was done to a key")
            .about(
                "The events of the audit log that are about this key, newest first; of a \
             deleted key, too.",
            )
            .path("id", "The key's id.", schema::key_id(), wire::EXAMPLE_ID),
    )
}
