//! `NexusOne`'s envelope: `{"detail":…}`, as its framework says it; what is missing by the name that the
//! framework gives to the scheme.

use crate::{
    answer::{self, Body},
    document::Named,
    error_style::{ErrorStyle, Rendering},
    failure::{Failure, Proof, Scheme},
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
    let (detail, challenge) = match failure {
        Failure::Unauthenticated { scheme, proof: Proof::Absent } => {
            (Cow::Borrowed("Not authenticated"), Some(scheme_name(*scheme)))
        }
        Failure::Unauthenticated { scheme, proof: Proof::Refused } => {
            (Cow::Borrowed("Could not validate credentials"), Some(scheme_name(*scheme)))
        }
        _ if status == StatusCode::UNAUTHORIZED => {
            (Cow::Borrowed("Invalid API key"), Some("APIKey"))
        }
        _ => (failure.detail(), None),
    };
    let mut response = answer::json(status, &Envelope { detail: &detail });
    if let Some(challenge) = challenge {
        let challenge = HeaderValue::from_static(challenge);
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// The framework's names of its schemes.
const fn scheme_name(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::ApiKey => "APIKey",
        Scheme::Bearer | Scheme::Basic => "Bearer",
    }
}
