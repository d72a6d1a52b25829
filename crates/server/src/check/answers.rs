//! What a proxy is answered: header fields to copy, and the status that decides.

use crate::{
    answer::Body,
    app::App,
    enforce::{Admitted, Compiled, Refusal, STATUS, cors},
    failure::{Failure, Rendering},
    middleware,
    request_id::RequestId,
    route::Route,
    surfaces::native,
};
use domain::policy::LimitedAs;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header, request::Parts};
use std::net::IpAddr;
use verifier::Now;

const OK: HeaderValue = HeaderValue::from_static("200");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
/// Identity, limits, ends, origins, and what is always there: no answer grows its table.
const FIELDS: usize = 16;

/// What every answer to a call needs of it.
pub(super) struct Answering<'a> {
    pub(super) app: &'a App,
    pub(super) route: &'static Route,
    pub(super) head: &'a Parts,
    pub(super) origin: Option<&'a HeaderValue>,
    pub(super) now: Now,
    pub(super) request_id: RequestId,
    pub(super) client: Option<IpAddr>,
}

/// A pre-flight whose origin is allowed: the fields are for the browser.
pub(super) fn preflight(headers: HeaderMap) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.headers_mut() = headers;
    response.headers_mut().insert(STATUS, OK);
    response.headers_mut().insert(header::CACHE_CONTROL, NO_STORE);
    response
}

impl Answering<'_> {
    /// The call may pass: whose key it was, for the upstream.
    pub(super) fn passes(&self, policy: &Compiled, admitted: Admitted) -> Response<Body> {
        let mut headers = HeaderMap::with_capacity(FIELDS);
        admitted.identity.write(&mut headers);
        admitted.limits.write(&mut headers);
        admitted.endings.write(&mut headers);
        headers.insert(STATUS, OK);
        headers.insert(header::CACHE_CONTROL, NO_STORE);
        cors::dress(self.app, policy, Some(admitted.scope), self.origin, &mut headers);
        let mut response = Response::new(Body::empty());
        *response.headers_mut() = headers;
        response
    }

    /// It may not, says the policy.
    pub(super) fn refused(&self, policy: &Compiled, refusal: &Refusal) -> Response<Body> {
        let mut response = refusal.render(policy, &self.rendering(), self.head.version);
        let status = response.status();
        // nginx makes a 500 of whatever is neither 2xx nor 401 nor 403.
        let unknown = status.is_client_error()
            && !matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
        if unknown && policy.policy().limited_as == LimitedAs::Forbidden {
            *response.status_mut() = StatusCode::FORBIDDEN;
        }
        let headers = response.headers_mut();
        headers.entry(STATUS).or_insert_with(|| HeaderValue::from(status.as_u16()));
        cors::dress(self.app, policy, refusal.scope, self.origin, headers);
        middleware::dress(&mut response, &self.request_id);
        self.note(&refusal.failure, &response);
        response
    }

    /// Nobody is told more than that nothing is there, or that it does not go now.
    pub(super) fn failed(&self, failure: &Failure) -> Response<Body> {
        let rendering = self.rendering();
        let mut response =
            middleware::render(failure, native::STYLE, &rendering, self.head.version);
        middleware::dress(&mut response, &self.request_id);
        self.note(failure, &response);
        response
    }

    fn rendering(&self) -> Rendering<'_> {
        Rendering {
            request_id: self.request_id.as_str(),
            method: &self.head.method,
            operation: Some(self.route.operation),
        }
    }

    /// Verdicts are counted, not logged one by one; what may be an attack, or our own fault, is logged.
    fn note(&self, failure: &Failure, response: &Response<Body>) {
        if is_verdict(failure) {
            return self.app.frame().figures.refused(failure);
        }
        let of_request = (self.request_id, self.client, self.now);
        middleware::log_front(self.app.frame(), self.route, failure, response, of_request);
    }
}

/// Whether a key was judged, and no more than that.
pub(crate) const fn is_verdict(failure: &Failure) -> bool {
    matches!(
        failure,
        Failure::Unauthenticated { .. }
            | Failure::InvalidKey { .. }
            | Failure::KeyForbidden(_)
            | Failure::KeyLimited(_)
            | Failure::PolicyLimited(_)
            | Failure::OriginNotAllowed
    )
}
