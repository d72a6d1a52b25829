//! `GET /v1/keys/{id}`.

use super::wire::{self, KeyBody};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Path},
    failure::Failure,
};
use axum::extract::State;
use http::Response;
use service::keys::{ALL_TYPES, KeyRef};

pub(in super::super) async fn show(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    let id = KeyRef::Id(wire::id(&id)?);
    let key = app.service().show_key(&caller, id, ALL_TYPES).await?;
    Ok(wire::shown(&key, app.service().now().wall))
}

pub(in super::super) fn doc() -> Operation {
    operation("Show a key")
        .about("A key without its secret.")
        .path("id", "The key's id.", schema::key_id(), wire::EXAMPLE_ID)
        .answers::<KeyBody<'_>>(200, "The key.", wire::example())
        .versioned()
}
