//! `/check/{policy}`: forward-auth. A proxy in front of an API asks whether a call may pass; nothing is
//! sent on from here.
//!
//! Answered ahead of the router, like the hot rows of the table: who asks, which policy, what the call
//! was (`original`), then the same judgement that the gateway makes. A body is not read.

mod answers;
mod original;
mod policies;
mod table;

pub(crate) use answers::is_verdict;
pub(crate) use policies::Policies;
pub(crate) use table::SURFACE;

use crate::{
    answer::Body,
    app::{App, Operator},
    client_address,
    enforce::{self, Call, Compiled, Refusal, cors},
    failure::Failure,
    middleware,
    peer::Peer,
    request_id::RequestId,
    route::Route,
    verify_caller,
};
use answers::Answering;
use domain::{id::Scope, verdict::Verdict};
use http::{Request, Response, request::Parts};
use original::Original;
use service::VerifyCaller;
use std::{net::IpAddr, pin::pin, sync::Arc};
use verifier::Now;

const PREFIX: &str = "/check/";
const PATH: &str = "/check/{policy}";

/// Whether a path is one of these.
pub(crate) fn claims(path: &str) -> bool {
    path.strip_prefix(PREFIX).is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
}

/// Answers such a call.
pub(crate) async fn answer<B>(
    app: &App,
    route: &'static Route,
    peer: Peer,
    request: Request<B>,
) -> Response<Body> {
    let now = app.service().now();
    let request_id = app.frame().ids.next();
    // What a proxy sends of the body beside the head says nothing here.
    let (head, _) = request.into_parts();
    let client =
        client_address::client_address(peer.address, &head.headers, &app.config().trusted_proxies);
    let checking = Checking { app, route, peer, head: &head, now, request_id, client };
    let outcome = middleware::caught(pin!(checking.run())).await.unwrap_or_else(|| {
        app.counters().panicked();
        Err((Failure::Panic.into(), None))
    });
    let answering = Answering {
        app,
        route,
        head: &head,
        origin: cors::origin(&head.headers).map(|(_, value)| value),
        now,
        request_id,
        client,
    };
    match outcome {
        Ok(Passed::Call(policy, admitted)) => answering.passes(&policy, admitted),
        Ok(Passed::Preflight(headers)) => answers::preflight(headers),
        Err((refusal, Some(policy))) => answering.refused(&policy, &refusal),
        Err((refusal, None)) => answering.failed(&refusal.failure),
    }
}

/// What may pass.
#[expect(clippy::large_enum_variant, reason = "the large one is the usual one")]
enum Passed {
    Call(Arc<Compiled>, enforce::Admitted),
    Preflight(http::HeaderMap),
}

/// Refused, and in the words of which policy; without one, in our own.
type Refused = (Refusal, Option<Arc<Compiled>>);

struct Checking<'a> {
    app: &'a App,
    route: &'static Route,
    peer: Peer,
    head: &'a Parts,
    now: Now,
    request_id: RequestId,
    client: Option<IpAddr>,
}

impl Checking<'_> {
    async fn run(&self) -> Result<Passed, Refused> {
        let ours = |failure: Failure| (failure.into(), None);
        let (uri, headers) = (&self.head.uri, &self.head.headers);
        middleware::check_sizes(uri, headers, &self.app.config().limits).map_err(ours)?;
        let asks = self.caller().await.map_err(ours)?;
        let path = uri.path().strip_prefix(PREFIX).unwrap_or_default();
        let (name, rest) = path.find('/').map_or((path, ""), |at| path.split_at(at));
        let policy = self.app.frame().policies.find(self.app, name);
        let policy = policy.filter(|policy| is_open_to(policy, asks));
        let policy = policy.ok_or_else(|| ours(Failure::NoRoute))?;
        match self.judge(&policy, asks, rest) {
            Ok(Judged::Call(admitted)) => Ok(Passed::Call(policy, admitted)),
            Ok(Judged::Preflight(headers)) => Ok(Passed::Preflight(headers)),
            Err(refusal) => Err((refusal, Some(policy))),
        }
    }

    async fn caller(&self) -> Result<VerifyCaller, Failure> {
        if self.head.extensions.get::<Operator>().is_some() {
            return Ok(VerifyCaller::Principal { scope: Scope::Cluster });
        }
        let asking = verify_caller::Asking {
            peer: self.peer.address,
            client: self.client,
            headers: &self.head.headers,
            uri: &self.head.uri,
            method: self.head.method.as_str(),
            path: self.route.path,
            now: self.now,
            request_id: self.request_id,
        };
        verify_caller::establish_for_check(self.app, &asking).await
    }

    fn judge(&self, policy: &Compiled, asks: VerifyCaller, rest: &str) -> Result<Judged, Refusal> {
        let headers = &self.head.headers;
        let believed = asks == VerifyCaller::Trusted;
        let original = Original::of(self.head, rest, believed)
            // Whoever stands in front and we would read it differently.
            .ok_or(Failure::KeyForbidden(Verdict::RequestNotAllowed))?;
        if let Some(answer) = cors::preflight(self.app, policy, original.method, headers) {
            return answer.map(Judged::Preflight);
        }
        let call = Call {
            method: original.method,
            path: original.path,
            headers,
            query: original.query,
            form: None,
            origin: enforce::origin_of(headers),
            address: self.client,
            now: self.now,
        };
        let within = match asks.scope() {
            Scope::Cluster => policy.tenant(),
            own @ Scope::Tenant(_) => Some(own),
        };
        enforce::judge_within(self.app, policy, &call, within).map(Judged::Call)
    }
}

#[expect(clippy::large_enum_variant, reason = "the large one is the usual one")]
enum Judged {
    Call(enforce::Admitted),
    Preflight(http::HeaderMap),
}

/// Whoever belongs to a tenant learns nothing of another one's policies.
pub(crate) fn is_open_to(policy: &Compiled, asks: VerifyCaller) -> bool {
    match asks.scope() {
        Scope::Cluster => true,
        own @ Scope::Tenant(_) => policy.tenant().is_none_or(|tenant| tenant == own),
    }
}
