//! Who calls and from where, as the access check established it.

use crate::{failure::Failure, trace::Trace};
use axum::extract::FromRequestParts;
use http::request::Parts;
use std::sync::Arc;

/// The authenticated caller.
#[derive(Clone, Debug)]
pub struct Caller(pub service::Caller);

/// The caller, where the route lets others in too.
#[derive(Clone, Debug)]
pub struct MaybeCaller(pub Option<service::Caller>);

/// Where the request came from.
#[derive(Clone, Debug)]
pub struct Context(pub service::Context);

/// A handler asks for what its route's access does not establish: a defect of the table.
#[derive(Debug)]
struct Misrouted(&'static str);

impl std::fmt::Display for Misrouted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the route's access establishes no {}", self.0)
    }
}

impl std::error::Error for Misrouted {}

pub(crate) fn misrouted(what: &'static str) -> Failure {
    Failure::Service(service::Error::Internal(Box::new(Misrouted(what))))
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts.extensions.remove::<service::Caller>().map(Self).ok_or_else(|| misrouted("caller"))
    }
}

impl<S: Sync> FromRequestParts<S> for MaybeCaller {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Ok(Self(parts.extensions.remove()))
    }
}

impl<S: Sync> FromRequestParts<S> for Context {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let trace = parts.extensions.get::<Arc<Trace>>().ok_or_else(|| misrouted("context"))?;
        Ok(Self(trace.context()))
    }
}
