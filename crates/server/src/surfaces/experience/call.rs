//! One event, from its head to the head of its answer: its key first, then its parameters, then whoever its
//! tenant wants it handed to.

use super::{
    ENVELOPE, METHODS, STYLE,
    event::{self, Sent},
};
use crate::{
    activity::Activity,
    answer::{self, Body},
    app::{App, RequestBody},
    client_address,
    connection::WatchedBody,
    endings::Endings,
    enforce::{self, Admitted, Call, Compiled, Holder, Refusal},
    extract::body,
    failure::{Failure, Proof, Rendering, Scheme},
    gateway::{self, Handed, Named},
    middleware,
    peer::Peer,
    rate_limit_headers::Limits,
    request_id::RequestId,
    route::Route,
};
use bytes::Bytes;
use domain::{
    gateway_route::{Preset, preset},
    id::{Scope, TenantId},
    policy::{Policy, Tokens},
    secret::Secret,
};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, header,
    request::Parts,
};
use service::tenants::OPENCONNECT_TYPE;
use std::{any::Any, net::IpAddr, pin::pin, sync::Arc};
use verifier::Now;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Answers an event.
pub(crate) async fn answer<B: RequestBody>(
    app: &App,
    route: &'static Route,
    peer: Peer,
    request: Request<B>,
) -> Response<Body> {
    let (head, body) = request.into_parts();
    let watched = (&body as &dyn Any).downcast_ref::<WatchedBody>();
    let activity = watched.map(|body| Arc::clone(body.activity()));
    let client =
        client_address::client_address(peer.address, &head.headers, &app.config().trusted_proxies);
    let (now, request_id) = (app.service().now(), app.frame().ids.next());
    let calling = Calling { app, route, peer, client, now, request_id, activity };
    calling.answer(head, axum::body::Body::new(body)).await
}

struct Calling<'a> {
    app: &'a App,
    route: &'static Route,
    peer: Peer,
    client: Option<IpAddr>,
    now: Now,
    request_id: RequestId,
    activity: Option<Arc<Activity>>,
}

/// What is known of a call once it was judged: its answer says it, whatever becomes of it.
#[derive(Default)]
struct Known {
    scope: Option<Scope>,
    limits: Limits,
    endings: Endings,
    preflight: bool,
}

impl Calling<'_> {
    async fn answer(&self, head: Parts, body: axum::body::Body) -> Response<Body> {
        let version = head.version;
        let origin = enforce::cors::origin(&head.headers).map(|(_, origin)| origin.clone());
        let policy = Compiled::of(self.app, Holder::Policy, &own_policy());
        let mut known = Known::default();
        let outcome = middleware::caught(pin!(self.run(&policy, &mut known, head, body))).await;
        let outcome = outcome.unwrap_or_else(|| {
            self.app.counters().panicked();
            Err(Failure::Panic)
        });
        let Known { scope, limits, endings, preflight } = known;
        let (mut response, failure) = match outcome {
            Ok(mut response) => {
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
                    method: &self.route.method,
                    operation: Some(self.route.operation),
                };
                let mut response = middleware::render(&failure, STYLE, &rendering, version);
                limits.write(response.headers_mut());
                middleware::dress(&mut response, &self.request_id);
                (response, Some(failure))
            }
        };
        if !preflight {
            let headers = response.headers_mut();
            enforce::cors::dress(self.app, &policy, scope, origin.as_ref(), headers);
        }
        self.log(&response, failure.as_ref(), scope);
        response
    }

    async fn run(
        &self,
        own: &Compiled,
        known: &mut Known,
        head: Parts,
        body: axum::body::Body,
    ) -> Result<Response<Body>, Failure> {
        let limits = &self.app.config().limits;
        middleware::check_sizes(&head.uri, &head.headers, limits)?;
        self.app.frame().hosts.check(&head.uri, &head.headers)?;
        if head.method == Method::OPTIONS {
            return self.asked_before(own, known, &head.headers);
        }
        middleware::check_encoding(&head.headers)?;
        let body = body::read(body, self.route.max_body_bytes, Some(limits.body)).await?;
        let read = Sent::read(&head.headers, body.clone()).and_then(|sent| {
            let form = sent.form()?;
            Ok((sent, form))
        });
        let (sent, form) = match read {
            Ok(read) => read,
            // Whoever presents nothing is told that, and not what is wrong with the rest.
            Err(_)
                if !event::names_key(&body) && !enforce::presents(own, &self.call(&head, None)) =>
            {
                let proof = Proof::Absent;
                return Err(Failure::Unauthenticated { scheme: Scheme::Bearer, proof });
            }
            Err(failure) => return Err(failure),
        };
        let call = self.call(&head, form.as_ref().map(Secret::expose));
        let to = match enforce::scope_of(self.app, own, &call)? {
            Some(Scope::Tenant(tenant)) => self.wanted_by(tenant).await?,
            Some(Scope::Cluster) | None => Wanted::Answer,
        };
        let narrowed = match &to {
            Wanted::Route(route) => {
                let policy = narrowed(&route.rule().policy);
                Some(Compiled::of(self.app, Holder::Route, &policy))
            }
            Wanted::Answer | Wanted::Missing => None,
        };
        let policy = narrowed.as_ref().unwrap_or(own);
        let admitted = enforce::judge(self.app, policy, &call).map_err(|refusal| {
            let Refusal { failure, scope, limits, .. } = refusal;
            *known = Known { scope, limits, ..Known::default() };
            failure
        })?;
        known.scope = Some(admitted.scope);
        known.limits = admitted.limits;
        known.endings = admitted.endings;
        sent.check(head.uri.query())?;
        match to {
            Wanted::Answer => {
                let mut response =
                    answer::json(StatusCode::OK, &event::doc::Answer { status: "ok" });
                middleware::dress(&mut response, &self.request_id);
                Ok(response)
            }
            Wanted::Missing => Err(Failure::BadGateway),
            Wanted::Route(route) => self.hand_over(&route, head, sent, admitted).await,
        }
    }

    fn call<'b>(&self, head: &'b Parts, form: Option<&'b str>) -> Call<'b> {
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

    /// A question before the call: that of a browser's page, or what may be called at all.
    fn asked_before(
        &self,
        own: &Compiled,
        known: &mut Known,
        headers: &HeaderMap,
    ) -> Result<Response<Body>, Failure> {
        let answered = enforce::cors::preflight(self.app, own, Method::OPTIONS.as_str(), headers);
        known.preflight = matches!(answered, Some(Ok(_)));
        let fields = match answered {
            Some(answered) => answered.map_err(|refusal| refusal.failure)?,
            None => [(header::ALLOW, HeaderValue::from_static(METHODS))].into_iter().collect(),
        };
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        *response.headers_mut() = fields;
        Ok(response)
    }

    /// To whom the tenant's events go.
    async fn wanted_by(&self, tenant: TenantId) -> Result<Wanted, Failure> {
        let service = self.app.service();
        let Some(name) = service.openconnect_route(tenant).await? else {
            return Ok(Wanted::Answer);
        };
        let route = gateway::find_by_name(self.app, &name)
            .filter(|route| service.serves_openconnect(route.rule(), tenant));
        if route.is_none() {
            tracing::warn!(%tenant, route = %name, "events cannot be handed on: the route does not take them");
        }
        Ok(route.map_or(Wanted::Missing, Wanted::Route))
    }

    async fn hand_over(
        &self,
        route: &Named,
        head: Parts,
        sent: Sent,
        admitted: Admitted,
    ) -> Result<Response<Body>, Failure> {
        let taken = route.takes_secret_out(&admitted).then_some(&admitted.used);
        let body: Option<Bytes> = sent.into_body(taken);
        let handed = Handed {
            app: self.app,
            peer: self.peer,
            client: self.client,
            now: self.now,
            request_id: self.request_id,
            activity: self.activity.clone(),
            head,
            body,
            admitted,
        };
        Box::pin(route.hand_over(handed)).await
    }

    fn log(&self, response: &Response<Body>, failure: Option<&Failure>, scope: Option<Scope>) {
        let frame = self.app.frame();
        let micros = frame.now().mono_ns.saturating_sub(self.now.mono_ns) / 1000;
        frame.figures.answered(Some(self.route), response.status(), micros);
        let of = (self.request_id, self.client, scope, micros);
        // The template alone: in the address the key may stand.
        let (method, path) = (&self.route.method, self.route.path);
        middleware::log_relayed(frame, method, path, failure, response, of);
    }
}

/// Where an event goes.
enum Wanted {
    /// Nowhere: it is answered here.
    Answer,
    /// To this route.
    Route(Named),
    /// To one that does not take it, or is not there.
    Missing,
}

/// What an event must present.
fn own_policy() -> Policy {
    narrowed(&Policy::unsaid(OPENCONNECT_TYPE.to_owned()))
}

/// What an event must present that goes to the route of this policy: a key of OpenConnect in one of its
/// places, in place of what the route takes from its own callers. Its tenant, its limit, its cost and the names
/// that it tells the upstream stay; that such a key holds what it wants was asked before.
fn narrowed(policy: &Policy) -> Policy {
    let preset = preset(OPENCONNECT_TYPE);
    Policy {
        key_types: vec![OPENCONNECT_TYPE.to_owned()],
        wanted: preset.map(Preset::wanted).unwrap_or_default(),
        presented_in: preset.map(|preset| preset.presented_in.to_vec()).unwrap_or_default(),
        tokens: Tokens::Refused,
        envelope: ENVELOPE,
        ..policy.clone()
    }
}
