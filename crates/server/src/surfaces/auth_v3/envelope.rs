//! The envelope of everything but tokens and user information: `{"status":{"code":0},"data":…}`.
//! Scripts look at `status.code` alone: 0 is success.

use crate::{
    answer::{self, Body},
    document::Named,
};
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Serialize)]
struct Envelope<'a, T> {
    status: Status<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a T>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = EnvelopeStatus)]
struct Status<'a> {
    code: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'a str>,
}

/// The form of what failed: the status alone.
#[derive(ToSchema)]
#[schema(as = EnvelopeOfFailure)]
struct Failed<'a> {
    #[schema(inline)]
    #[allow(dead_code)]
    status: Status<'a>,
}

/// A request in the envelope.
#[derive(Deserialize)]
pub(super) struct Wrapped<T> {
    pub(super) data: T,
}

/// Success with data.
pub(super) fn with_data<T: Serialize>(data: &T) -> Response<Body> {
    let status = Status { code: 0, message: None, detail: None };
    answer::json(StatusCode::OK, &Envelope { status, data: Some(data) })
}

/// Success and nothing to say.
pub(super) fn done() -> Response<Body> {
    let status = Status { code: 0, message: None, detail: None };
    answer::json(StatusCode::OK, &Envelope::<()> { status, data: None })
}

/// No success. The codes are not published; ours repeat the status of HTTP.
pub(super) fn failed(status: StatusCode, message: &str, detail: Option<&str>) -> Response<Body> {
    let wire = Status { code: status.as_u16(), message: Some(message), detail };
    answer::json(status, &Envelope::<()> { status: wire, data: None })
}

/// The form of a failure.
pub(super) fn failure() -> Named {
    Named::of::<Failed<'_>>()
}
