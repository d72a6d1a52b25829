//! `GET /nexus/v3/apikeys/{key}`.

use crate::{
    answer::Body,
    app::App,
    document::{Operation, operation, schema},
    etag,
    extract::{Caller, Path},
    failure::Failure,
    surfaces::nexus_v3::{
        KEY_TYPES, forms,
        wire::{KeyBody, Wrapping, shown_id},
    },
};
use axum::extract::State;
use http::Response;
use service::keys::KeyRef;

pub(in super::super) async fn show(
    State(app): State<App>,
    Caller(caller): Caller,
    Path(key): Path<String>,
) -> Result<Response<Body>, Failure> {
    let service = app.service();
    let key = service.show_key(&caller, KeyRef::parse(&key), KEY_TYPES).await?;
    let secret = service.reveal(&caller, std::slice::from_ref(&key)).await?.pop().flatten();
    let id = shown_id(&key, secret.as_ref());
    Ok(etag::add(Wrapping::Bare.answer(KeyBody::new(&key, &id)), key.version))
}

pub(in super::super) fn doc() -> Operation {
    operation("Show an API key of Digital Channels")
        .about(
            "By its secret or by its id. `id` of the answer is the secret for callers with \
             `Nexus.ApiKeys.canReveal`, which is audited, and the key's id for all others.",
        )
        .path(
            "key",
            "The secret, or the key's id.",
            schema::text(1, 255),
            "key_0aBcDeFgHiJkLmNoPqRsTu",
        )
        .answers_as(200, "The key.", "application/json", forms::key(), forms::example())
        .versioned()
}
