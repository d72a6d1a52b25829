//! Answers to whoever made or changed a key, with what they should know of it.

use super::wire::{KeyBody, KeyWithSecret};
use crate::{
    answer::{self, Body},
    etag,
};
use domain::key::Key;
use http::{Response, StatusCode};
use serde::Serialize;
use service::{Service, keys::Created};
use utoipa::ToSchema;

/// A key, and what whoever changed it should know.
#[derive(Serialize, ToSchema)]
pub(super) struct ChangedKey<'a> {
    #[serde(flatten)]
    key: KeyBody<'a>,
    /// That the key is accepted from anywhere. Absent when nothing is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    warnings: Vec<&'static str>,
}

/// A new key with its secret.
pub(super) fn made(service: &Service, made: &Created) -> Response<Body> {
    let mut warnings = made.warnings();
    warnings.extend(service.warning_of_open_key(&made.key));
    let key = KeyBody::of(&made.key, service.now().wall);
    let body = KeyWithSecret { key, secret: made.secret.expose(), warnings };
    etag::add(answer::json(StatusCode::CREATED, &body), made.key.version)
}

/// A key whose allow-list somebody wrote.
pub(super) fn changed(service: &Service, key: &Key) -> Response<Body> {
    let warnings = service.warning_of_open_key(key).into_iter().collect();
    let body = ChangedKey { key: KeyBody::of(key, service.now().wall), warnings };
    etag::add(answer::json(StatusCode::OK, &body), key.version)
}
