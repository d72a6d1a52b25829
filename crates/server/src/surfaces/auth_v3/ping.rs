//! `GET /auth/v3/ping`: whether the presented token holds.

use super::envelope;
use crate::{answer::Body, document::Operation, extract::Caller, route::documented};
use http::Response;

pub(super) fn doc() -> Operation {
    documented("Answers 200 to a token that holds, else 403")
}

pub(super) async fn ping(Caller(_): Caller) -> Response<Body> {
    envelope::done()
}
