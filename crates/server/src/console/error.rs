//! How the console fails: on a page that says what to do next.
#![deny(clippy::wildcard_enum_match_arm)]

use super::{assets, page};
use crate::{
    answer::Body,
    browser,
    error_style::{ErrorStyle, Rendering},
    failure::Failure,
};
use http::Response;
use service::Error;

/// A page that says what is wrong.
pub(super) const STYLE: ErrorStyle = ErrorStyle { name: "console", render, schema: browser::html };

fn render(failure: &Failure, rendering: &Rendering<'_>) -> Response<Body> {
    let (heading, text) = words(failure);
    // The request's id is random and this answer's own: it serves as the nonce of the one style sheet.
    let page = page::Message {
        css: assets::css(),
        nonce: rendering.request_id,
        heading,
        text: &text,
        reference: rendering.request_id,
    };
    page::rendered(failure.status(), rendering.request_id, &page)
}

fn words(failure: &Failure) -> (&'static str, String) {
    let say = |heading, text: &str| (heading, text.to_owned());
    match failure {
        Failure::Service(Error::NotFound) | Failure::NoRoute => {
            say("There is nothing here", "The address is wrong, or what was here is gone.")
        }
        Failure::Service(Error::NotAllowed { right: Some(right) }) => (
            "This is not allowed",
            format!("It needs the right {right}, which you do not have. Ask whoever manages persons."),
        ),
        Failure::Service(Error::NotAllowed { right: None }) => say(
            "This is not allowed",
            "You lack a right that this needs: ask whoever manages persons. Or the form came from \
             elsewhere or from an older sign-in: open its page again and try once more.",
        ),
        Failure::Service(Error::Unauthenticated) | Failure::Unauthenticated { .. } => {
            say("Sign in again", "What you asked for needs a sign-in that has just been.")
        }
        Failure::Service(Error::Limited { .. }) | Failure::CallerLimited(_) => {
            say("Too many attempts", "Wait a moment, then try again.")
        }
        Failure::Service(Error::Unavailable { .. })
        | Failure::Timeout
        | Failure::Shed
        | Failure::Loading(_) => {
            say("Just a moment", "The service is busy. Wait a moment, then try again.")
        }
        Failure::Service(Error::Internal(_)) | Failure::Panic => {
            say("Something went wrong", "It was noted. Try again, or tell whoever runs this service.")
        }
        Failure::Service(
            Error::Invalid { .. }
            | Error::Conflict { .. }
            | Error::TooManyKeys { .. }
            | Error::TooManyNewKeys { .. }
            | Error::PreconditionFailed,
        )
        | Failure::BadQuery { .. }
        | Failure::BadForm { .. }
        | Failure::BadJson { .. }
        | Failure::BadPath
        | Failure::MalformedCredentials
        | Failure::TwoCredentials
        | Failure::IdempotencyKeyReused
        | Failure::HeadersTooLarge
        | Failure::UriTooLong
        | Failure::BodyTooLarge { .. }
        | Failure::SlowBody
        | Failure::UnsupportedMediaType { .. }
        | Failure::MethodNotAllowed { .. }
        | Failure::UnknownHost
        // Said by the gateway and by /check alone.
        | Failure::InvalidKey { .. }
        | Failure::KeyForbidden(_)
        | Failure::KeyLimited(_)
        | Failure::PolicyLimited(_)
        | Failure::OriginNotAllowed
        | Failure::BadGateway
        | Failure::GatewayTimeout => ("This cannot be done", said(failure)),
    }
}

/// The detail as a sentence, led by the field that it is about.
fn said(failure: &Failure) -> String {
    let detail = super::form::sentence(&failure.detail());
    match failure.field() {
        Some(field) => format!("{field}: {detail}"),
        None => detail,
    }
}
