//! Envoy's external authorisation over gRPC: `envoy.service.auth.v3.Authorization/Check`, on the same
//! port as everything else.
//!
//! Envoy tells all that it knows of a call in one message, and is told whether the call may pass and how
//! it goes on. The judgement is that of `/check`; here is only its other wire. To whoever may not ask
//! there is nothing at this path: the router answers as for any other that it does not know.

pub mod messages;
mod question;
mod reply;

use crate::{
    answer::Body,
    app::{App, RequestBody},
    client_address::is_trusted,
    enforce::{self, Compiled, Refusal},
    failure::{Failure, Rendering},
    middleware,
    peer::Peer,
    request_id::RequestId,
    route::Surface,
    surfaces::native,
    verify_caller,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, Version, header};
use messages::{CheckRequest, CheckResponse};
use question::Question;
use std::{net::IpAddr, sync::Arc, time::Duration};
use tonic::{Code, Status, server::Grpc};
use tonic_prost::ProstCodec;
use verifier::Now;

/// The one method of the one service.
pub(crate) const PATH: &str = "/envoy.service.auth.v3.Authorization/Check";
/// The longest message: the header fields of a call, and a form where one is wanted.
const MAX_MESSAGE_BYTES: usize = 128 * 1024;

/// Where Envoy's configuration names the policy: in the context of a route …
const POLICY: &str = "keyward_policy";
/// … or among the metadata of all its questions.
const POLICY_HEADER: HeaderName = HeaderName::from_static("x-keyward-policy");
/// The caller's own credential.
const CALLER: HeaderName = HeaderName::from_static("x-keyward-authorization");
const TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");

/// Whether a request is for us: a listener that has no `check` has no ext_authz either.
pub(crate) fn takes<B>(surfaces: &[&Surface], peer: Peer, request: &Request<B>) -> bool {
    request.uri().path() == PATH
        && *request.method() == Method::POST
        && surfaces.iter().position(|s| s.name == "check").is_none_or(|at| peer.surfaces.holds(at))
}

/// Answers a question of Envoy.
///
/// # Errors
/// The request itself: whoever sent it may not ask.
pub(crate) async fn answer<B: RequestBody>(
    app: &App,
    peer: Peer,
    request: Request<B>,
) -> Result<Response<Body>, Request<B>> {
    let asking = Asking { app, peer, now: app.service().now(), request_id: app.frame().ids.next() };
    let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if !kind.is_some_and(|kind| kind.starts_with(b"application/grpc")) {
        return Err(request);
    }
    let mut response = match asking.may_ask(&request).await {
        Ok(()) => asking.run(request).await,
        Err(Failure::NoRoute) => return Err(request),
        Err(failure) => asking.render(&failure, request.version()),
    };
    middleware::dress(&mut response, &asking.request_id);
    Ok(response)
}

#[derive(Clone, Copy)]
struct Asking<'a> {
    app: &'a App,
    peer: Peer,
    now: Now,
    request_id: RequestId,
}

impl Asking<'_> {
    /// Whether this caller may ask: a trusted proxy, whomever it asks for, or who presents a credential
    /// for it.
    async fn may_ask<B>(&self, request: &Request<B>) -> Result<(), Failure> {
        let config = self.app.config();
        middleware::check_sizes(request.uri(), request.headers(), &config.limits)?;
        let mut own = HeaderMap::new();
        for credential in request.headers().get_all(CALLER) {
            own.append(header::AUTHORIZATION, credential.clone());
        }
        if own.is_empty() {
            let trusted = |peer: IpAddr| is_trusted(peer.to_canonical(), &config.trusted_proxies);
            return if self.peer.address.is_some_and(trusted) {
                Ok(())
            } else {
                Err(Failure::NoRoute)
            };
        }
        let asking = verify_caller::Asking {
            peer: None,
            client: self.peer.address,
            headers: &own,
            uri: request.uri(),
            method: request.method().as_str(),
            path: PATH,
            now: self.now,
            request_id: self.request_id,
        };
        verify_caller::establish(self.app, &asking).await.map(drop)
    }

    async fn run<B: RequestBody>(&self, request: Request<B>) -> Response<Body> {
        let deadline = self.deadline(request.headers());
        let in_metadata = request.headers().get(POLICY_HEADER).and_then(|v| v.to_str().ok());
        let in_metadata = in_metadata.map(str::to_owned);
        let (app, now, request_id) = (self.app.clone(), self.now, self.request_id);
        let check = tower::service_fn(move |question: tonic::Request<CheckRequest>| {
            let outcome =
                check(&app, question.into_inner(), in_metadata.as_deref(), now, request_id);
            std::future::ready(outcome.map(tonic::Response::new))
        });
        // Neither side is compressed (HT-05): nothing was enabled.
        let mut grpc = Grpc::new(ProstCodec::<CheckResponse, CheckRequest>::default())
            .max_decoding_message_size(MAX_MESSAGE_BYTES);
        let answering = grpc.unary(check, request.map(axum::body::Body::new));
        let answering = middleware::caught(tokio::time::timeout(deadline, answering));
        let response = match answering.await {
            Some(Ok(response)) => response,
            Some(Err(_)) => Status::new(Code::DeadlineExceeded, "too slow").into_http(),
            None => {
                self.app.counters().panicked();
                Status::new(Code::Internal, "internal error").into_http()
            }
        };
        response.map(|body| Body::Streamed(axum::body::Body::new(body)))
    }

    /// How long the question may take to arrive.
    fn deadline(&self, headers: &HeaderMap) -> Duration {
        let wanted = headers.get(TIMEOUT).and_then(|value| timeout(value.to_str().ok()?));
        let ours = self.app.config().limits.body;
        wanted.map_or(ours, |wanted| wanted.min(ours))
    }

    fn render(&self, failure: &Failure, version: Version) -> Response<Body> {
        let rendering = Rendering {
            request_id: self.request_id.as_str(),
            method: &Method::POST,
            operation: None,
        };
        middleware::render(failure, native::STYLE, &rendering, version)
    }
}

/// Answers one question.
fn check(
    app: &App,
    question: CheckRequest,
    in_metadata: Option<&str>,
    now: Now,
    request_id: RequestId,
) -> Result<CheckResponse, Status> {
    let attributes = question.attributes.unwrap_or_default();
    let name = attributes.context_extensions.get(POLICY).map(String::as_str).or(in_metadata);
    let policy = name.and_then(|name| policy(app, name));
    let policy = policy.ok_or_else(|| Status::new(Code::NotFound, "there is no such policy"))?;
    let mut method = Method::POST;
    let judged = Question::of(app, &policy, attributes).map_err(Refusal::from).and_then(|asked| {
        method = asked.method.parse().unwrap_or_default();
        let admitted = enforce::judge(app, &policy, &asked.call(now))?;
        let to_client = reply::limits(&admitted.limits);
        Ok(reply::passes(&policy, &asked.headers, asked.uri.query(), admitted, to_client))
    });
    Ok(judged.unwrap_or_else(|refusal| {
        app.frame().figures.refused(&refusal.failure);
        let rendering =
            Rendering { request_id: request_id.as_str(), method: &method, operation: None };
        let mut response = refusal.render(&policy, &rendering, Version::HTTP_2);
        middleware::dress(&mut response, &request_id);
        reply::refused(response)
    }))
}

fn policy(app: &App, name: &str) -> Option<Arc<Compiled>> {
    let rules = app.service().rules();
    rules.find_policy(name).map(|policy| Arc::new(Compiled::of(app, policy)))
}

/// The value of `grpc-timeout`: at most eight digits and a unit.
fn timeout(value: &str) -> Option<Duration> {
    let (digits, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    let number = digits.parse::<u64>().ok().filter(|_| digits.len() <= 8)?;
    match unit {
        "H" => Some(Duration::from_secs(number * 3_600)),
        "M" => Some(Duration::from_secs(number * 60)),
        "S" => Some(Duration::from_secs(number)),
        "m" => Some(Duration::from_millis(number)),
        "u" => Some(Duration::from_micros(number)),
        "n" => Some(Duration::from_nanos(number)),
        _ => None,
    }
}
