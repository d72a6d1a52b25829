//! Digital Channels' envelope: `{"referenceId":…,"operationId":…,"status":{"code":…,"message":…,
//! "detail":…}}`. Our choice: whatever is wrong with the key itself is one answer, `INVALID_CONTACT_CENTER`,
//! the family's only public word for it.

use crate::{
    answer::{self, Body},
    document::Named,
    error_style::{ErrorStyle, Rendering},
    failure::Failure,
};
use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

pub(super) const STYLE: ErrorStyle =
    ErrorStyle { name: "nexus", render, schema: Named::of::<Envelope<'_>> };

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NexusGatewayFailure)]
struct Envelope<'a> {
    reference_id: &'a str,
    operation_id: &'a str,
    status: Status<'a>,
}

#[derive(Serialize, ToSchema)]
#[schema(as = NexusGatewayFailureStatus)]
struct Status<'a> {
    code: &'static str,
    message: &'static str,
    detail: &'a str,
}

fn render(failure: &Failure, rendering: &Rendering<'_>) -> Response<Body> {
    let http = failure.status();
    let detail = failure.detail();
    let status = match http {
        StatusCode::UNAUTHORIZED => Status {
            code: "INVALID_CONTACT_CENTER",
            message: "Invalid contact center",
            detail: "the API key is missing or not valid",
        },
        StatusCode::BAD_REQUEST => {
            Status { code: "INVALID_PARAMETER", message: "Invalid parameter", detail: &detail }
        }
        other => Status { code: "FAILURE", message: message(other), detail: &detail },
    };
    let envelope = Envelope {
        reference_id: rendering.request_id,
        operation_id: rendering.operation.unwrap_or("gateway"),
        status,
    };
    let mut response = answer::json(http, &envelope);
    if http == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("ApiKey realm=\"keyward\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

const fn message(status: StatusCode) -> &'static str {
    match status.as_u16() {
        403 => "Not allowed",
        404 => "Not found",
        405 => "Method not allowed",
        413 | 414 | 431 => "Request too large",
        429 => "Too many requests",
        502 => "Bad gateway",
        503 => "Temporarily unavailable",
        504 => "Gateway timeout",
        _ => "Request failed",
    }
}
