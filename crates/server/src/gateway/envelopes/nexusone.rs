//! `NexusOne`'s envelope: `{"detail":…}`, as its framework says it; a missing key by the name of the scheme
//! that the framework gives to keys in headers.

use crate::{
    answer::{self, Body},
    document::Named,
    error_style::{ErrorStyle, Rendering},
    failure::{Failure, Proof},
};
use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use std::borrow::Cow;
use utoipa::ToSchema;

pub(super) const STYLE: ErrorStyle =
    ErrorStyle { name: "nexusone", render, schema: Named::of::<Envelope<'_>> };

#[derive(Serialize, ToSchema)]
#[schema(as = NexusOneFailure)]
struct Envelope<'a> {
    detail: &'a str,
}

fn render(failure: &Failure, _: &Rendering<'_>) -> Response<Body> {
    let status = failure.status();
    let missing = matches!(failure, Failure::Unauthenticated { proof: Proof::Absent, .. });
    let detail = match status {
        StatusCode::UNAUTHORIZED if missing => Cow::Borrowed("Not authenticated"),
        StatusCode::UNAUTHORIZED => Cow::Borrowed("Invalid API key"),
        _ => failure.detail(),
    };
    let mut response = answer::json(status, &Envelope { detail: &detail });
    if status == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("APIKey");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
