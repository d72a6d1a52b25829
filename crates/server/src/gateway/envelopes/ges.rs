//! Callback's envelope: `{"status":{"code":…,"message":…,"corrId":…}}`. Our choice: `code` is the HTTP
//! status, and a key that is missing is said in the words of one that is unknown.

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
    ErrorStyle { name: "ges", render, schema: Named::of::<Envelope<'_>> };

#[derive(Serialize, ToSchema)]
#[schema(as = GesFailure)]
struct Envelope<'a> {
    status: Status<'a>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = GesFailureStatus)]
struct Status<'a> {
    code: u16,
    message: &'a str,
    corr_id: &'a str,
}

fn render(failure: &Failure, rendering: &Rendering<'_>) -> Response<Body> {
    let status = failure.status();
    let unproven = status == StatusCode::UNAUTHORIZED;
    let detail = failure.detail();
    let envelope = Envelope {
        status: Status {
            code: status.as_u16(),
            message: if unproven { "Invalid Api Key" } else { &detail },
            corr_id: rendering.request_id,
        },
    };
    let mut response = answer::json(status, &envelope);
    if unproven {
        // The same for a key that is missing and one that is unknown.
        let challenge = HeaderValue::from_static("ApiKey realm=\"keyward\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
