//! One call through the gateway, from its head to the head of its answer.
//!
//! Judged first, so that of a refused call nothing is read or sent; then cleaned, sent, and its answer
//! relayed. What fails on the way is said in the envelope of the route's policy and logged once. The
//! call takes no place among those of the API: it may last.

use super::{
    call::{self, Ready},
    headers,
    inbound::Inbound,
    path,
    send::{self, Lost},
    table::Route,
    upgrade,
};
use crate::{
    activity::{Activity, Relaying},
    answer::Body,
    app::{App, RequestBody},
    client_address,
    connection::WatchedBody,
    endings::Endings,
    enforce::{self, Call, Refusal},
    failure::{Failure, Rendering},
    middleware,
    peer::Peer,
    rate_limit_headers::Limits,
    request_id::RequestId,
};
use domain::{gateway_route::GatewayRoute, id::Scope};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Version, header,
    request::Parts,
};
use std::{any::Any, net::IpAddr, pin::pin, sync::Arc};
use verifier::Now;

/// What the gateway passes on.
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
/// Fields that an answer is given.
const ADDED: usize = 8;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// One call.
pub(super) struct Calling<'a> {
    pub(super) app: &'a App,
    pub(super) route: &'a Arc<Route>,
    pub(super) peer: Peer,
    /// The client's address, by the account of trusted proxies.
    pub(super) client: Option<IpAddr>,
    pub(super) now: Now,
    pub(super) request_id: RequestId,
    pub(super) activity: Option<Arc<Activity>>,
}

/// What is known of a call once it was judged: its answer says it, whatever becomes of it.
#[derive(Default)]
struct Known {
    scope: Option<Scope>,
    limits: Limits,
    endings: Endings,
    /// It was a browser's question before the call: the answer is whole as it is.
    preflight: bool,
}

/// Answers a call of this route.
pub(super) async fn answer<B: RequestBody>(
    app: &App,
    route: &Arc<Route>,
    refused: Option<Failure>,
    peer: Peer,
    request: Request<B>,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    let watched = (&body as &dyn Any).downcast_ref::<WatchedBody>();
    let activity = watched.map(|body| Arc::clone(body.activity()));
    let body = (!body.is_end_stream()).then(|| axum::body::Body::new(body));
    let client =
        client_address::client_address(peer.address, &head.headers, &app.config().trusted_proxies);
    let (now, request_id) = (app.service().now(), app.frame().ids.next());
    Calling { app, route, peer, client, now, request_id, activity }
        .answer(head, body, refused)
        .await
}

impl Calling<'_> {
    async fn answer(
        &self,
        head: Parts,
        body: Option<axum::body::Body>,
        refused: Option<Failure>,
    ) -> Response<Body> {
        let (method, version) = (head.method.clone(), head.version);
        let origin = enforce::cors::origin(&head.headers).map(|(_, origin)| origin.clone());
        let mut known = Known::default();
        let outcome = match refused {
            Some(failure) => Err(failure),
            None => {
                let outcome = middleware::caught(pin!(self.run(&mut known, head, body))).await;
                outcome.unwrap_or_else(|| {
                    self.app.counters().panicked();
                    Err(Failure::Panic)
                })
            }
        };
        let Known { scope, limits, endings, preflight } = known;
        let (mut response, failure) = match outcome {
            Ok(mut response) => {
                response.headers_mut().reserve(ADDED);
                limits.write(response.headers_mut());
                endings.write_alone(response.headers_mut());
                if let Ok(id) = HeaderValue::from_str(self.request_id.as_str()) {
                    response.headers_mut().insert(REQUEST_ID, id);
                }
                (response, None)
            }
            Err(failure) => {
                let rendering = Rendering {
                    request_id: self.request_id.as_str(),
                    method: &method,
                    operation: None,
                };
                let refusal = Refusal { failure, scope, limits };
                let mut response = refusal.render(&self.route.enforced, &rendering, version);
                middleware::dress(&mut response, &self.request_id);
                (response, Some(refusal.failure))
            }
        };
        if !preflight {
            let (policy, headers) = (&self.route.enforced, response.headers_mut());
            enforce::cors::dress(self.app, policy, scope, origin.as_ref(), headers);
        }
        self.log(&method, &response, failure.as_ref(), scope);
        response
    }

    async fn run(
        &self,
        known: &mut Known,
        mut head: Parts,
        body: Option<axum::body::Body>,
    ) -> Result<Response<Body>, Failure> {
        let rule: &GatewayRoute = &self.route.rule;
        self.check(&head)?;
        let (policy, method) = (&self.route.enforced, head.method.as_str());
        if let Some(answered) = enforce::cors::preflight(self.app, policy, method, &head.headers) {
            let headers = answered.map_err(|refusal| refusal.failure)?;
            known.preflight = true;
            return Ok(no_content(headers));
        }
        let (form, body) = if call::may_hold_key(self, &head) {
            Box::pin(call::form(self, body)).await?
        } else {
            (None, body)
        };
        let asked = self.call(&head, form.as_deref());
        let admitted = enforce::judge(self.app, policy, &asked).map_err(|refusal| {
            *known = Known { scope: refusal.scope, limits: refusal.limits, ..Known::default() };
            refusal.failure
        })?;
        known.scope = Some(admitted.scope);
        known.limits = admitted.limits;
        known.endings = admitted.endings;
        if head.method == Method::OPTIONS && !forward_once_more(&mut head.headers) {
            return Ok(no_content(
                [(header::ALLOW, HeaderValue::from_static(METHODS))].into_iter().collect(),
            ));
        }
        let relaying = self.activity.as_ref().map(|a| a.relay(rule.timeouts.idle_ms));
        let plain = body.is_none() && form.is_none();
        let upgrade = upgrade::wanted(&mut head).filter(|_| plain);
        let body = match form {
            Some(form) => Inbound::Whole(Some(call::form_left(form, call::taken(rule, &admitted)))),
            None => {
                call::check_length(body.as_ref(), rule.max_body_bytes)?;
                body.map_or(Inbound::EMPTY, |body| Inbound::streamed(body, &self.route.rule))
            }
        };
        let upgrade = upgrade.map(|upgrade| upgrade.of(self, &head));
        let ready = call::ready(self, head, body, admitted)?;
        if let (Some(upgrade), Some(activity)) = (upgrade, &self.activity) {
            return Box::pin(upgrade::answer(self, ready, upgrade, activity)).await;
        }
        self.relay(ready, relaying).await
    }

    /// Sends a call on, and relays the head of the answer.
    pub(super) async fn relay(
        &self,
        ready: Ready,
        relaying: Option<Relaying>,
    ) -> Result<Response<Body>, Failure> {
        let Ready { request, target, by_query } = ready;
        let timeouts = &self.route.rule.timeouts;
        let sent = send::send(&self.route.pool, &target, request, timeouts).await;
        let mut response = sent.map_err(|lost| self.failure(&lost))?;
        // Of the upstream's connection: to the client we speak our own.
        *response.version_mut() = Version::HTTP_11;
        headers::clean_response(response.headers_mut());
        if by_query {
            headers::keep_private(response.headers_mut());
        }
        Ok(response.map(|mut relayed| {
            relayed.relay(relaying);
            Body::Streamed(axum::body::Body::new(relayed))
        }))
    }

    /// What needs no key to be refused.
    fn check(&self, head: &Parts) -> Result<(), Failure> {
        middleware::check_sizes(&head.uri, &head.headers, &self.app.config().limits)?;
        if !headers::has_plain_framing(&head.headers) {
            let detail = "`transfer-encoding` must be `chunked`, `content-length` one number";
            return Err(service::Error::invalid("header", detail).into());
        }
        if matches!(head.method, Method::TRACE | Method::CONNECT) {
            return Err(Failure::MethodNotAllowed { allow: METHODS.to_owned() });
        }
        if path::is_plain(head.uri.path()) { Ok(()) } else { Err(Failure::BadPath) }
    }

    pub(super) fn call<'b>(&self, head: &'b Parts, form: Option<&'b str>) -> Call<'b> {
        Call {
            method: head.method.as_str(),
            path: head.uri.path(),
            headers: &head.headers,
            query: head.uri.query(),
            form,
            origin: enforce::origin_of(&head.headers),
            address: self.client,
            now: self.now,
        }
    }

    pub(super) fn failure(&self, lost: &Lost) -> Failure {
        match lost {
            Lost::Broken => Failure::BadGateway,
            Lost::Late => Failure::GatewayTimeout,
            Lost::ByClient => Failure::SlowBody,
            Lost::TooLong => call::too_long(self.route.rule.max_body_bytes.unwrap_or_default()),
        }
    }

    fn log(
        &self,
        method: &Method,
        response: &Response<Body>,
        failure: Option<&Failure>,
        scope: Option<Scope>,
    ) {
        let frame = self.app.frame();
        let micros = frame.now().mono_ns.saturating_sub(self.now.mono_ns) / 1000;
        self.route.figures.answered(response.status(), micros);
        let name = &self.route.rule.policy.name;
        let of = (self.request_id, self.client, scope, micros);
        middleware::log_relayed(frame, method, name, failure, response, of);
    }
}

/// RFC 9110 section 7.6.2: whether an OPTIONS may go on; counts it down.
fn forward_once_more(headers: &mut HeaderMap) -> bool {
    let left = headers.get(header::MAX_FORWARDS).and_then(|value| value.to_str().ok());
    let Some(left) = left.and_then(|text| text.trim().parse::<u32>().ok()) else { return true };
    let Some(less) = left.checked_sub(1) else { return false };
    headers.insert(header::MAX_FORWARDS, HeaderValue::from(less));
    true
}

/// Our own answer, where there is nothing to send on.
fn no_content(headers: HeaderMap) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    *response.headers_mut() = headers;
    response
}
