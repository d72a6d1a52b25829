//! Everything that can keep a request from its answer, whoever noticed it: a use case, the access
//! check, an extractor, the router, a deadline, a panic.
//!
//! A [`Failure`] knows what is wrong and how HTTP says it; it knows no envelope. Each surface's
//! `error.rs` renders it. Handlers return it with `?`; it travels in the answer's extensions to the
//! one place that renders and logs (`middleware.rs`).

mod challenge;
mod words;

pub use crate::error_style::{ErrorStyle, Rendering};
pub use challenge::{Proof, Scheme};

use domain::{right::Right, verdict::Verdict};
use http::StatusCode;
use std::borrow::Cow;
use verifier::{LimitState, Unavailable};

/// A request that gets no ordinary answer. Nothing was changed.
#[derive(Debug)]
pub enum Failure {
    /// A use case said no.
    Service(service::Error),
    /// No proof of identity in the places that the route reads, or one that does not hold.
    Unauthenticated {
        /// How the route wants it.
        scheme: Scheme,
        /// Whether something was presented at all.
        proof: Proof,
    },
    /// What stands in `Authorization` is no credential of any form that the route reads.
    MalformedCredentials,
    /// Two credentials in the places that the route reads; a security event.
    TwoCredentials,
    /// The caller's own key is over its limit.
    CallerLimited(LimitState),
    /// The key that a policy reads does not open it: unknown, of another type or tenant, revoked,
    /// disabled, not yet valid or expired. Which of these, nobody is told.
    InvalidKey {
        /// How the policy wants it presented.
        scheme: Scheme,
    },
    /// A key that holds, but not for this call.
    KeyForbidden(Verdict),
    /// The key is over its limit.
    KeyLimited(LimitState),
    /// All calls of the policy together are over its limit.
    PolicyLimited(LimitState),
    /// A pre-flight of an origin that no tenant of the policy lists.
    OriginNotAllowed,
    /// The upstream cannot be reached, or does not answer as HTTP wants.
    BadGateway,
    /// The upstream did not answer in time.
    GatewayTimeout,
    /// More header bytes than allowed.
    HeadersTooLarge,
    /// A longer address than allowed.
    UriTooLong,
    /// A longer body than the route takes.
    BodyTooLarge {
        /// What it takes.
        max_bytes: usize,
    },
    /// The body did not arrive in time, or broke off.
    SlowBody,
    /// A body that is not the JSON that the route takes.
    BadJson {
        /// Where in the document, `limit.capacity`; `None`: the whole of it.
        field: Option<String>,
        /// What is wrong; never quotes the input.
        detail: String,
    },
    /// A body that is not the form that the route takes.
    BadForm {
        /// The parameter.
        field: Option<String>,
        /// What is wrong; never quotes the input.
        detail: String,
    },
    /// A query that the route does not take.
    BadQuery {
        /// The parameter.
        field: Option<String>,
        /// What is wrong; never quotes the input.
        detail: String,
    },
    /// A part of the path that cannot be read.
    BadPath,
    /// An `Idempotency-Key` that named another request before.
    IdempotencyKeyReused,
    /// A body of another kind.
    UnsupportedMediaType {
        /// The kind that the route takes.
        wanted: &'static str,
    },
    /// Nothing is served there, or not to this caller.
    NoRoute,
    /// The path exists, the method does not.
    MethodNotAllowed {
        /// What does exist, as the `Allow` header lists it.
        allow: String,
    },
    /// The request was for a host that is not ours (HT-06).
    UnknownHost,
    /// The handler did not finish in time.
    Timeout,
    /// The handler panicked.
    Panic,
    /// Too much is going on already.
    Shed,
    /// Memory cannot answer yet, or no longer.
    Loading(Unavailable),
}

impl From<service::Error> for Failure {
    fn from(error: service::Error) -> Self {
        Self::Service(error)
    }
}

impl From<Unavailable> for Failure {
    fn from(why: Unavailable) -> Self {
        Self::Loading(why)
    }
}

impl Failure {
    /// The status; a surface departs from it only where its wire does.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        use StatusCode as S;
        match self {
            Self::Service(error) => status_of(error),
            Self::Unauthenticated { .. } | Self::InvalidKey { .. } => S::UNAUTHORIZED,
            Self::MalformedCredentials
            | Self::TwoCredentials
            | Self::BadJson { .. }
            | Self::BadForm { .. }
            | Self::BadQuery { .. }
            | Self::BadPath => S::BAD_REQUEST,
            Self::CallerLimited(_) | Self::KeyLimited(_) | Self::PolicyLimited(_) => {
                S::TOO_MANY_REQUESTS
            }
            Self::KeyForbidden(_) | Self::OriginNotAllowed => S::FORBIDDEN,
            Self::BadGateway => S::BAD_GATEWAY,
            Self::GatewayTimeout => S::GATEWAY_TIMEOUT,
            Self::HeadersTooLarge => S::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::UriTooLong => S::URI_TOO_LONG,
            Self::BodyTooLarge { .. } => S::PAYLOAD_TOO_LARGE,
            Self::SlowBody => S::REQUEST_TIMEOUT,
            Self::UnsupportedMediaType { .. } => S::UNSUPPORTED_MEDIA_TYPE,
            Self::IdempotencyKeyReused => S::UNPROCESSABLE_ENTITY,
            Self::NoRoute => S::NOT_FOUND,
            Self::MethodNotAllowed { .. } => S::METHOD_NOT_ALLOWED,
            Self::UnknownHost => S::MISDIRECTED_REQUEST,
            Self::Panic => S::INTERNAL_SERVER_ERROR,
            Self::Timeout | Self::Shed | Self::Loading(_) => S::SERVICE_UNAVAILABLE,
        }
    }

    /// The stable word; docs/errors.md lists each with cause and cure.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Service(error) => error.code(),
            Self::Unauthenticated { .. } => "unauthenticated",
            Self::MalformedCredentials => "malformed_credentials",
            Self::TwoCredentials => "two_credentials",
            Self::CallerLimited(_) | Self::KeyLimited(_) | Self::PolicyLimited(_) => "limited",
            Self::InvalidKey { .. } => "invalid_key",
            Self::KeyForbidden(_) => "key_forbidden",
            Self::OriginNotAllowed => "origin_not_allowed",
            Self::BadGateway => "bad_gateway",
            Self::GatewayTimeout => "gateway_timeout",
            Self::HeadersTooLarge => "headers_too_large",
            Self::UriTooLong => "uri_too_long",
            Self::BodyTooLarge { .. } => "body_too_large",
            Self::SlowBody => "slow_body",
            Self::BadJson { .. } => "bad_json",
            Self::BadForm { .. } => "bad_form",
            Self::BadQuery { .. } => "bad_query",
            Self::BadPath => "bad_path",
            Self::IdempotencyKeyReused => "idempotency_key_reused",
            Self::UnsupportedMediaType { .. } => "unsupported_media_type",
            Self::NoRoute => "not_found",
            Self::MethodNotAllowed { .. } => "method_not_allowed",
            Self::UnknownHost => "unknown_host",
            Self::Timeout => "timeout",
            Self::Panic => "internal",
            Self::Shed => "overloaded",
            Self::Loading(_) => "unavailable",
        }
    }

    /// One sentence for the caller. Of a 5xx it is constant, and it never quotes the input (PD-03).
    #[must_use]
    pub fn detail(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Service(error) => return Cow::Owned(error.to_string()),
            Self::BadJson { detail, .. }
            | Self::BadForm { detail, .. }
            | Self::BadQuery { detail, .. } => {
                return Cow::Owned(detail.clone());
            }
            Self::BodyTooLarge { max_bytes } => {
                return Cow::Owned(format!("the body is longer than {max_bytes} bytes"));
            }
            Self::UnsupportedMediaType { wanted } => {
                return Cow::Owned(format!("the body must be {wanted}"));
            }
            Self::MethodNotAllowed { allow } => {
                return Cow::Owned(format!("this path takes {allow}"));
            }
            Self::Unauthenticated { proof: Proof::Absent, .. } => "authentication is required",
            Self::Unauthenticated { proof: Proof::Refused, .. } => {
                "the credentials are not valid, or no longer"
            }
            Self::MalformedCredentials => "the Authorization header cannot be read",
            Self::TwoCredentials => "more than one credential was presented",
            Self::CallerLimited(_) => "the caller is over its limit",
            Self::InvalidKey { .. } => "the API key is not valid",
            Self::KeyForbidden(verdict) => words::forbidden(*verdict),
            Self::KeyLimited(_) => "the API key is over its limit",
            Self::PolicyLimited(_) => "all calls together are over the limit",
            Self::OriginNotAllowed => "this origin may not call",
            Self::BadGateway => "the upstream cannot be reached, or its answer cannot be used",
            Self::GatewayTimeout => "the upstream did not answer in time",
            Self::HeadersTooLarge => "the header fields are too large",
            Self::UriTooLong => "the address is too long",
            Self::SlowBody => "the body did not arrive in time",
            Self::BadPath => "a part of the path cannot be read",
            Self::IdempotencyKeyReused => {
                "this Idempotency-Key was used for another request; take a new one for each thing"
            }
            Self::NoRoute => "not found",
            Self::UnknownHost => "this server does not answer for that host",
            Self::Panic => "internal error",
            Self::Timeout | Self::Shed | Self::Loading(_) => {
                "the service is temporarily unavailable"
            }
        })
    }

    /// The member or parameter that is to blame, where one is.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        if let Self::Service(service::Error::Invalid { field, .. }) = self {
            return Some(field);
        }
        let (Self::BadJson { field, .. }
        | Self::BadForm { field, .. }
        | Self::BadQuery { field, .. }) = self
        else {
            return None;
        };
        field.as_deref()
    }

    /// The right that was missing, where one right would have been enough.
    #[must_use]
    pub const fn missing_right(&self) -> Option<Right> {
        if let Self::Service(service::Error::NotAllowed { right }) = self { *right } else { None }
    }

    /// Seconds to wait, for `Retry-After` on 429 and 503 (RL-02).
    #[must_use]
    pub fn retry_after_s(&self) -> Option<u64> {
        use service::Error as E;
        if let Self::Service(
            E::Limited { retry_after_s }
            | E::TooManyNewKeys { retry_after_s, .. }
            | E::Unavailable { retry_after_s },
        ) = self
        {
            return Some(u64::from((*retry_after_s).max(1)));
        }
        if let Self::CallerLimited(state) | Self::KeyLimited(state) | Self::PolicyLimited(state) =
            self
        {
            return Some(crate::rate_limit_headers::seconds(state.reset_after_ms));
        }
        matches!(self, Self::Timeout | Self::Shed | Self::Loading(_)).then_some(1)
    }
}

fn status_of(error: &service::Error) -> StatusCode {
    use service::Error as E;
    match error {
        E::Invalid { .. } => StatusCode::BAD_REQUEST,
        E::Unauthenticated => StatusCode::UNAUTHORIZED,
        E::NotAllowed { .. } => StatusCode::FORBIDDEN,
        E::NotFound => StatusCode::NOT_FOUND,
        E::Conflict { .. } | E::TooManyKeys { .. } => StatusCode::CONFLICT,
        E::PreconditionFailed => StatusCode::PRECONDITION_FAILED,
        E::Limited { .. } | E::TooManyNewKeys { .. } => StatusCode::TOO_MANY_REQUESTS,
        E::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
        E::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
