//! `GET /auth/v3/ping`: whether the presented token holds.

use super::envelope;
use crate::{answer::Body, extract::Caller, route::documented};
use http::Response;
use utoipa::openapi::path::Operation;

pub(super) fn doc() -> Operation {
    documented("Answers 200 to a token that holds, else 403")
}

pub(super) async fn ping(Caller(_): Caller) -> Response<Body> {
    envelope::done()
}
