//! The hot paths: an exact compare of method and path, then parse, verify, write bytes.
//!
//! Rows come from the same table as all others. Nothing here spawns, boxes, opens a span or logs a
//! success; who calls is told from memory, and only a token that memory does not know is awaited.

use crate::{
    access::Access,
    answer::Body,
    app::{App, Operator, RequestBody},
    check, client_address,
    extract::body,
    failure::{Failure, Rendering},
    middleware,
    peer::Peer,
    rate_limit_headers,
    request_id::RequestId,
    route::{FrontHandler, Handler, Route, Surface},
    surfaces::experience,
    verify_caller,
};
use domain::id::Scope;
use http::{HeaderMap, Request, Response};
use service::VerifyCaller;
use std::{net::IpAddr, pin::pin};
use verifier::{LimitState, Now};

/// What a hot handler is given.
#[derive(Debug)]
pub struct FrontRequest<'a> {
    /// The header fields.
    pub headers: &'a HeaderMap,
    /// The whole body.
    pub body: &'a [u8],
    /// Who asks; `None` on public routes.
    pub caller: Option<VerifyCaller>,
    /// The instant of the request, on both clocks.
    pub now: Now,
    /// Its id.
    pub request_id: RequestId,
    /// The client's address.
    pub client: Option<IpAddr>,
}

/// The hot rows. There are a handful, so a walk beats hashing.
pub(crate) struct FrontTable(Vec<Row>);

struct Row {
    surface: usize,
    route: &'static Route,
    handler: Handler,
}

impl FrontTable {
    pub(crate) fn of(surfaces: &'static [&'static Surface]) -> Self {
        let rows = surfaces.iter().enumerate().flat_map(|(surface, wire)| {
            wire.routes.iter().filter_map(move |route| match route.handler {
                Handler::Front(_) | Handler::Check | Handler::OpenConnect => {
                    Some(Row { surface, route, handler: route.handler })
                }
                Handler::Axum(_) => None,
            })
        });
        Self(rows.collect())
    }

    pub(crate) fn find<B>(
        &self,
        peer: Peer,
        request: &Request<B>,
    ) -> Option<(&'static Route, Handler)> {
        let path = request.uri().path();
        let checks = check::claims(path);
        let row = self.0.iter().find(|row| {
            let here = match row.handler {
                Handler::Check => checks,
                Handler::Front(_) | Handler::OpenConnect | Handler::Axum(_) => {
                    row.route.path == path
                }
            };
            here && row.route.method == *request.method() && peer.surfaces.holds(row.surface)
        })?;
        Some((row.route, row.handler))
    }
}

/// Answers a hot request.
pub(crate) async fn answer<B: RequestBody>(
    app: &App,
    route: &'static Route,
    handler: Handler,
    peer: Peer,
    request: Request<B>,
) -> Response<Body> {
    let handler = match handler {
        Handler::Front(handler) => handler,
        Handler::OpenConnect => {
            return Box::pin(experience::answer(app, route, peer, request)).await;
        }
        // The table holds no other.
        Handler::Check | Handler::Axum(_) => {
            return check::answer(app, route, peer, request).await;
        }
    };
    let now = app.service().now();
    let request_id = app.frame().ids.next();
    let (head, body) = request.into_parts();
    let client =
        client_address::client_address(peer.address, &head.headers, &app.config().trusted_proxies);
    let asking = Asking { app, route, peer, head: &head, now, request_id, client };
    let answered = middleware::caught(pin!(asking.run(handler, body))).await.unwrap_or_else(|| {
        app.counters().panicked();
        Err(Failure::Panic)
    });
    match answered {
        Ok(response) => response,
        Err(failure) => {
            let rendering = Rendering {
                request_id: request_id.as_str(),
                method: &head.method,
                operation: Some(route.operation),
            };
            let mut response = middleware::render(&failure, route.errors, &rendering, head.version);
            middleware::dress(&mut response, &request_id);
            middleware::log_front(
                app.frame(),
                route,
                &failure,
                &response,
                (request_id, client, now),
            );
            response
        }
    }
}

struct Asking<'a> {
    app: &'a App,
    route: &'static Route,
    peer: Peer,
    head: &'a http::request::Parts,
    now: Now,
    request_id: RequestId,
    client: Option<IpAddr>,
}

impl Asking<'_> {
    async fn run<B: RequestBody>(
        &self,
        handler: FrontHandler,
        body: B,
    ) -> Result<Response<Body>, Failure> {
        let headers = &self.head.headers;
        middleware::check_sizes(&self.head.uri, headers, &self.app.config().limits)?;
        middleware::check_encoding(headers)?;
        if !self.route.any_host {
            self.app.frame().hosts.check(&self.head.uri, headers)?;
        }
        let (caller, limit) = self.caller().await?;
        // The connection's own watch sees how long a piece takes, not how many there are: a body that
        // drips would never end.
        let deadline = Some(self.app.config().limits.body);
        let body = body::read(body, self.route.max_body_bytes, deadline).await?;
        let request = FrontRequest {
            headers,
            body: &body,
            caller,
            now: self.now,
            request_id: self.request_id,
            client: self.client,
        };
        let mut response = handler(self.app, &request)?;
        if let Some(limit) = &limit {
            rate_limit_headers::add(response.headers_mut(), "caller", limit);
        }
        Ok(response)
    }

    async fn caller(&self) -> Result<(Option<VerifyCaller>, Option<LimitState>), Failure> {
        match self.route.access {
            Access::Public(_) => Ok((None, None)),
            Access::VerifyCaller if self.head.extensions.get::<Operator>().is_some() => {
                Ok((Some(VerifyCaller::Principal { scope: Scope::Cluster }), None))
            }
            Access::VerifyCaller => {
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
                let (caller, limit) = verify_caller::establish(self.app, &asking).await?;
                Ok((Some(caller), limit))
            }
            // A hot row with any other access is refused by the table's test; here it fails closed.
            Access::OptionalBearer(_)
            | Access::Bearer(_)
            | Access::BareOrBearer(_)
            | Access::BearerOrBasic(_)
            | Access::Client
            | Access::RealmClient
            | Access::RealmToken
            | Access::TokenOrKey
            | Access::CheckCaller
            | Access::Session(_)
            | Access::Key => Err(Failure::NoRoute),
        }
    }
}
