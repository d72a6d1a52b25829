//! `DELETE /api/dataproduct/psk/{psk_id}`.

use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, Path},
    failure::Failure,
    surfaces::nexusone::wire,
};
use axum::extract::State;
use http::{Response, StatusCode};

pub(in super::super) async fn delete(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
) -> Result<Response<Body>, Failure> {
    app.service().delete_data_key(&caller, wire::key_id(&id)?).await?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Ok(response)
}

pub(in super::super) fn doc() -> Operation {
    operation("Delete a key of a data product")
        .about("Gone from service with this answer; the list has it with `include_deleted=true`.")
        .path("psk_id", "The key's id, as the list has it.", schema::uuid(), wire::EXAMPLE_ID)
        .answers_nothing(204, "The key is gone.")
}
