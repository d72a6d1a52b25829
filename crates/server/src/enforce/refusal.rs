//! How a refusal is said: in the policy's envelope, with the header fields that HTTP wants.

use super::Compiled;
use crate::{
    answer::Body,
    failure::{ErrorStyle, Failure, Rendering},
    gateway::envelopes,
    middleware,
    rate_limit_headers::Limits,
};
use domain::{id::Scope, policy::LimitedAs};
use http::{HeaderName, HeaderValue, Response, StatusCode, Version};

/// The status that was meant, where another one is answered; and on every answer of `/check`.
pub(crate) const STATUS: HeaderName = HeaderName::from_static("x-keyward-status");

/// A call that may not pass.
#[derive(Debug)]
pub struct Refusal {
    /// Why.
    pub failure: Failure,
    /// Whose key it was, where it is one that holds: a browser of that tenant may read the refusal.
    pub scope: Option<Scope>,
    /// The limits that it counts against.
    pub limits: Limits,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self { failure, scope: None, limits: Limits::default() }
    }
}

impl Refusal {
    /// The answer.
    #[must_use]
    pub(crate) fn render(
        &self,
        policy: &Compiled,
        rendering: &Rendering<'_>,
        version: Version,
    ) -> Response<Body> {
        let mut response = middleware::render(&self.failure, style(policy), rendering, version);
        self.limits.write(response.headers_mut());
        if policy.policy().limited_as == LimitedAs::Forbidden
            && response.status() == StatusCode::TOO_MANY_REQUESTS
        {
            *response.status_mut() = StatusCode::FORBIDDEN;
            response.headers_mut().insert(STATUS, HeaderValue::from_static("429"));
        }
        response
    }
}

/// The words of the policy's envelope.
pub(crate) fn style(policy: &Compiled) -> ErrorStyle {
    envelopes::style(policy.policy().envelope)
}
