//! `GET /auth/v3/ping`: whether the presented token holds.

use super::envelope;
use crate::{
    answer::Body,
    document::{Operation, operation},
    extract::Caller,
};
use http::Response;
use serde_json::json;

pub(super) fn doc() -> Operation {
    operation("Ask whether a token holds")
        .about(
            "200 to a token that holds. As this wire has it, whoever presents none, or one that does \
             not hold, gets 403 and not 401.",
        )
        .answers_as(
            200,
            "The token holds.",
            "application/json",
            envelope::success(),
            json!({"status": {"code": 0}}),
        )
}

pub(super) async fn ping(Caller(_): Caller) -> Response<Body> {
    envelope::done()
}
