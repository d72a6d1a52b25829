//! `GET /nexus/v3/apikeys/{key}`.

use crate::{
    answer::Body,
    app::App,
    document::Operation,
    etag,
    extract::{Caller, Path},
    failure::Failure,
    route::documented,
    surfaces::nexus_v3::{
        KEY_TYPES,
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
    documented("Show an API key")
}
