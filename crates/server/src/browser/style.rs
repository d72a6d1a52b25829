//! How the pages of a browser fail: on a page.
#![deny(clippy::wildcard_enum_match_arm)]

use super::pages;
use crate::{
    answer::Body,
    error_style::{ErrorStyle, Rendering},
    failure::Failure,
};
use http::Response;
use service::Error;

/// A page that says what is wrong.
pub(crate) const PAGE: ErrorStyle = ErrorStyle { name: "page", render, schema: pages::html };

const UNUSABLE: &str = "This request cannot be used";

fn render(failure: &Failure, rendering: &Rendering<'_>) -> Response<Body> {
    let (heading, text) = words(failure);
    pages::message(failure.status(), heading, &text, rendering.request_id)
}

fn words(failure: &Failure) -> (&'static str, String) {
    let say = |heading, text: &str| (heading, text.to_owned());
    match failure {
        Failure::Service(Error::Invalid { field, detail }) => {
            invalid(field, detail).unwrap_or_else(|| (UNUSABLE, said(failure)))
        }
        Failure::BadQuery { .. }
        | Failure::BadForm { .. }
        | Failure::BadJson { .. }
        | Failure::BadPath
        | Failure::MalformedCredentials
        | Failure::TwoCredentials
        | Failure::IdempotencyKeyReused => {
            (UNUSABLE, said(failure))
        }
        Failure::Service(Error::NotFound) | Failure::NoRoute => {
            say("There is nothing here", "The address is wrong, or what was here is gone.")
        }
        Failure::Service(Error::NotAllowed { .. }) => say(
            "This is not allowed",
            "The realm is out of service, or the form came from another site.",
        ),
        Failure::Service(Error::Limited { .. } | Error::TooManyNewKeys { .. })
        | Failure::CallerLimited(_) => {
            say("Too many attempts", "Wait a moment, then try again.")
        }
        Failure::Service(Error::Unauthenticated) | Failure::Unauthenticated { .. } => {
            say("You are not signed in", "Go back to the application and sign in.")
        }
        Failure::Service(Error::Unavailable { .. })
        | Failure::Timeout
        | Failure::Shed
        | Failure::Loading(_) => {
            say("Just a moment", "The service is busy. Wait a moment, then try again.")
        }
        Failure::BadGateway => say(
            "The other sign-in cannot be reached",
            "It does not answer at the moment. Go back to the application to sign in again.",
        ),
        Failure::Service(Error::Internal(_)) | Failure::Panic => {
            say("Something went wrong", "It was noted. Try again, or tell whoever runs this service.")
        }
        Failure::Service(
            Error::Conflict { .. } | Error::TooManyKeys { .. } | Error::PreconditionFailed,
        )
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
        | Failure::GatewayTimeout => ("This request cannot be answered", said(failure)),
    }
}

/// What is wrong with a parameter that a person can do something about.
fn invalid(field: &str, detail: &str) -> Option<(&'static str, String)> {
    Some(match field {
        "ticket" => (
            "This page is no longer good",
            format!("{} Go back to the application and sign in again.", pages::GONE),
        ),
        "client_id" => (
            "This application is not known here",
            "It sent you here under a name that nobody registered. Tell whoever runs it."
                .to_owned(),
        ),
        "redirect_uri" => (
            "This application cannot be gone on to",
            format!("The address that it wants you to go on to {detail}. Tell whoever runs it."),
        ),
        _ => return None,
    })
}

/// The detail as a sentence, led by the parameter that it is about.
fn said(failure: &Failure) -> String {
    let detail = if let Failure::Service(Error::Invalid { detail, .. }) = failure {
        detail.clone()
    } else {
        failure.detail().into_owned()
    };
    match failure.field() {
        Some(field) => format!("`{field}`: {detail}."),
        None => format!("{detail}."),
    }
}
