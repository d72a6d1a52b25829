//! `POST /v1/keys/{id}/reveal`: a recoverable secret once more; audited before the first byte leaves.

use super::wire::{self, KeyWithSecret};
use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    extract::{Caller, NoBody, Path},
    failure::Failure,
};
use axum::extract::State;
use http::{Response, StatusCode};
use service::Error;

pub(in super::super) async fn reveal(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(id): Path<String>,
    _: NoBody,
) -> Result<Response<Body>, Failure> {
    let revealed = app.service().reveal_key(&caller, wire::id(&id)?).await?;
    Ok(wire::with_secret(StatusCode::OK, &revealed, app.service().now().wall))
}

pub(in super::super) fn doc() -> Operation {
    operation("Reveal a key's secret")
        .about(
            "Shows the secret of a key whose type is recoverable. Each time is an \
             event of the audit log.",
        )
        .path("id", "The key's id.", schema::key_id(), wire::EXAMPLE_ID)
        .takes_nothing()
        .answers::<KeyWithSecret<'_>>(200, "The key with its secret.", wire::example_with_secret())
        .versioned()
        .fails([Error::conflict(
            "key_type",
            "the secrets of keys of this type cannot be read again",
        )])
}
