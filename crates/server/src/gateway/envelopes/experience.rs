//! Experience Cloud's envelope: `{"error":…,"message":…}`. Our choice, since nothing is published.

use crate::{
    answer::{self, Body},
    document::Named,
    error_style::{ErrorStyle, Rendering},
    failure::Failure,
};
use http::{Response, StatusCode};
use serde::Serialize;
use std::borrow::Cow;
use utoipa::ToSchema;

pub(super) const STYLE: ErrorStyle =
    ErrorStyle { name: "experience", render, schema: Named::of::<Envelope<'_>> };

#[derive(Serialize, ToSchema)]
#[schema(as = ExperienceFailure)]
struct Envelope<'a> {
    error: &'a str,
    message: &'a str,
}

fn render(failure: &Failure, _: &Rendering<'_>) -> Response<Body> {
    let status = failure.status();
    let (error, message) = match status {
        StatusCode::UNAUTHORIZED => {
            ("unauthorized", Cow::Borrowed("the API key is missing or not valid"))
        }
        StatusCode::FORBIDDEN => ("forbidden", failure.detail()),
        _ => (failure.code(), failure.detail()),
    };
    answer::json(status, &Envelope { error, message: &message })
}
