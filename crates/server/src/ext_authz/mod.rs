//! Envoy's external authorisation over gRPC: `envoy.service.auth.v3.Authorization/Check`, on the same
//! port as everything else.
//!
//! Envoy tells all that it knows of a call in one message, and is told whether the call may pass and how
//! it goes on. Who may ask, and the judgement, are those of `/check`; here is only its other wire. To
//! whoever may not ask there is nothing at this path: the router answers as for any that it does not know.

pub mod messages;
mod question;
mod reply;

use crate::{
    answer::Body,
    app::{App, RequestBody},
    check::{is_open_to, is_verdict},
    enforce::{self, Compiled, Refusal, cors},
    failure::{Failure, Rendering},
    middleware,
    peer::Peer,
    request_id::RequestId,
    route::Surface,
    surfaces::native,
    verify_caller,
};
use domain::id::Scope;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Version, header,
};
use messages::{AttributeContext, CheckRequest, CheckResponse};
use question::Question;
use service::VerifyCaller;
use std::{net::IpAddr, time::Duration};
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
const TIMEOUT: HeaderName = HeaderName::from_static("grpc-timeout");

/// Whether a request is for us: a listener that has no `check` has no ext_authz either.
pub(crate) fn takes<B>(surfaces: &[&Surface], peer: Peer, request: &Request<B>) -> bool {
    request.uri().path() == PATH
        && *request.method() == Method::POST
        && surfaces.iter().position(|s| s.name == "check").is_some_and(|at| peer.surfaces.holds(at))
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
    let (now, request_id) = (app.service().now(), app.frame().ids.next());
    let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if !kind.is_some_and(|kind| kind.starts_with(b"application/grpc")) {
        return Err(request);
    }
    let asking = verify_caller::Asking {
        peer: peer.address,
        client: peer.address,
        headers: request.headers(),
        uri: request.uri(),
        method: request.method().as_str(),
        path: PATH,
        now,
        request_id,
    };
    let asks = match middleware::check_sizes(request.uri(), request.headers(), &app.config().limits)
    {
        Ok(()) => verify_caller::establish_for_check(app, &asking).await,
        Err(failure) => Err(failure),
    };
    let mut response = match asks {
        Ok(asks) => {
            let in_metadata = request.headers().get(POLICY_HEADER).and_then(|v| v.to_str().ok());
            let in_metadata = in_metadata.map(str::to_owned);
            let (app, client) = (app.clone(), peer.address);
            let checking = Checking { app, asks, in_metadata, now, request_id, client };
            checking.run(request).await
        }
        Err(Failure::NoRoute) => return Err(request),
        Err(failure) => {
            let rendering = rendering(&request_id, &Method::POST);
            let response =
                middleware::render(&failure, native::STYLE, &rendering, request.version());
            note(app, &failure, &response, (request_id, peer.address, None), now);
            response
        }
    };
    middleware::dress(&mut response, &request_id);
    Ok(response)
}

/// What is known before the question is read.
struct Checking {
    app: App,
    asks: VerifyCaller,
    in_metadata: Option<String>,
    now: Now,
    request_id: RequestId,
    /// Who asks: until the question is read, nobody else is known.
    client: Option<IpAddr>,
}

impl Checking {
    async fn run<B: RequestBody>(self, request: Request<B>) -> Response<Body> {
        let app = self.app.clone();
        let ours = app.config().limits.body;
        let deadline = request.headers().get(TIMEOUT).and_then(|v| timeout(v.to_str().ok()?));
        let deadline = deadline.map_or(ours, |wanted| wanted.min(ours));
        let check = tower::service_fn(move |question: tonic::Request<CheckRequest>| {
            let outcome = self.check(question.into_inner());
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
                app.counters().panicked();
                Status::new(Code::Internal, "internal error").into_http()
            }
        };
        response.map(|body| Body::Streamed(axum::body::Body::new(body)))
    }

    /// Answers one question.
    fn check(&self, question: CheckRequest) -> Result<CheckResponse, Status> {
        let attributes = question.attributes.unwrap_or_default();
        let of_route = attributes.context_extensions.get(POLICY);
        let name = of_route.or(self.in_metadata.as_ref());
        let policy = name.and_then(|name| self.app.frame().policies.find(&self.app, name));
        let policy = policy.filter(|policy| is_open_to(policy, self.asks));
        let Some(policy) = policy else {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_FOUND;
            let of = (self.request_id, self.client, None);
            note(&self.app, &Failure::NoRoute, &response, of, self.now);
            return Err(Status::new(Code::NotFound, "no such policy"));
        };
        let mut asked = Asked { client: self.client, ..Asked::default() };
        Ok(self.judge(&policy, attributes, &mut asked).unwrap_or_else(|refusal| {
            let rendering = rendering(&self.request_id, &asked.method);
            let mut response = refusal.render(&policy, &rendering, Version::HTTP_2);
            let headers = response.headers_mut();
            cors::dress(&self.app, &policy, refusal.scope, asked.origin.as_ref(), headers);
            middleware::dress(&mut response, &self.request_id);
            let of = (self.request_id, asked.client, refusal.scope);
            note(&self.app, &refusal.failure, &response, of, self.now);
            reply::refused(response)
        }))
    }

    fn judge(
        &self,
        policy: &Compiled,
        attributes: AttributeContext,
        asked: &mut Asked,
    ) -> Result<CheckResponse, Refusal> {
        let question = Question::of(&self.app, policy, attributes)?;
        asked.client = question.client;
        asked.method = question.method.parse().unwrap_or_default();
        asked.origin = cors::origin(&question.headers).map(|(_, value)| value.clone());
        let (method, headers) = (&question.method, &question.headers);
        if let Some(answer) = cors::preflight(&self.app, policy, method, headers) {
            // The only way to answer a call that is not refused and not for the upstream either.
            let mut response = Response::new(Body::empty());
            *response.headers_mut() = answer?;
            middleware::dress(&mut response, &self.request_id);
            return Ok(reply::refused(response));
        }
        let within = match self.asks.scope() {
            Scope::Cluster => policy.tenant(),
            own @ Scope::Tenant(_) => Some(own),
        };
        let call = question.call(self.now);
        let admitted = enforce::judge_within(&self.app, policy, &call, within)?;
        let mut to_client = HeaderMap::new();
        admitted.limits.write(&mut to_client);
        admitted.endings.write(&mut to_client);
        let (scope, origin) = (Some(admitted.scope), asked.origin.as_ref());
        cors::dress(&self.app, policy, scope, origin, &mut to_client);
        Ok(reply::passes(policy, headers, call.query, admitted, &to_client))
    }
}

/// What a refusal needs of a call, as far as it was read.
#[derive(Default)]
struct Asked {
    method: Method,
    origin: Option<HeaderValue>,
    client: Option<IpAddr>,
}

/// As `/check` does it: verdicts are counted, not logged one by one; what may be an attack, or our own
/// fault, is logged.
fn note(
    app: &App,
    failure: &Failure,
    response: &Response<Body>,
    (request_id, client, scope): (RequestId, Option<IpAddr>, Option<Scope>),
    started: Now,
) {
    let frame = app.frame();
    if is_verdict(failure) {
        return frame.figures.refused(failure);
    }
    let micros = frame.now().mono_ns.saturating_sub(started.mono_ns) / 1000;
    let of = (request_id, client, scope, micros);
    middleware::log_relayed(frame, &Method::POST, PATH, Some(failure), response, of);
}

fn rendering<'a>(request_id: &'a RequestId, method: &'a Method) -> Rendering<'a> {
    Rendering { request_id: request_id.as_str(), method, operation: None }
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
