//! Every surface on one screen, and how their tables become a router.
//!
//! axum matches the path and feeds the extractors. Method, host, access and limits are decided here,
//! from the row, before a handler runs.

use crate::{
    access::{self, Access},
    app::App,
    console::{self, Admission},
    docs,
    failure::{ErrorStyle, Failure},
    frame::Frame,
    gateway, idempotency, ops,
    route::{Handler, Route, RouteInfo, Surface},
    surfaces::{auth_v3, environment_v3, experience, native, nexus_v3, nexusone, oauth2, oidc},
    trace::Trace,
};
use axum::{
    extract::Request,
    response::{IntoResponse, Response},
    routing::MethodRouter,
};
use std::{
    collections::BTreeMap,
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tower::{Service, ServiceExt, service_fn, util::BoxCloneSyncService};

/// What is served. The place in this list is the surface's number in a listener's set.
pub static SURFACES: &[&Surface] = &[
    &ops::SURFACE,            // /health
    &crate::check::SURFACE,   // /check
    &native::SURFACE,         // /v1
    &nexus_v3::SURFACE,       // /nexus/v3
    &environment_v3::SURFACE, // /environment/v3
    &auth_v3::SURFACE,        // /auth/v3
    &oauth2::SURFACE,         // /oauth2
    &nexusone::SURFACE,       // /api/user/psk, /api/dataproduct
    &experience::SURFACE,     // /openconnect
    &oidc::SURFACE,           // /realms
    &docs::SURFACE,           // /openapi.json, /docs
    &console::SURFACE,        // /console, and / leads there
    &gateway::SURFACE,        // wherever its routes lie
];

/// Every route, for ledgers and tests.
#[must_use]
pub fn routes() -> Vec<RouteInfo> {
    let rows =
        SURFACES.iter().flat_map(|surface| surface.routes.iter().map(move |row| (surface, row)));
    rows.map(|(surface, row)| RouteInfo {
        surface: surface.name,
        path: row.path,
        method: row.method.to_string(),
        operation: row.operation,
        access: format!("{:?}", row.access),
        public_because: row.access.public_because(),
        wants_credentials: row.access.wants_credentials(),
        errors: row.errors.name,
    })
    .collect()
}

/// How a miss fails: in the style of the longest prefix that holds the path, else in our own.
pub(crate) fn style_of_miss(surfaces: &[&'static Surface], path: &str) -> ErrorStyle {
    let within = |prefix: &str| {
        path.strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || prefix.ends_with('/'))
    };
    surfaces
        .iter()
        .flat_map(|surface| surface.prefixes)
        .filter(|(prefix, _)| within(prefix))
        .max_by_key(|(prefix, _)| prefix.len())
        .map_or(native::STYLE, |(_, style)| *style)
}

/// The router of these surfaces.
pub(crate) fn build(app: &App, surfaces: &'static [&'static Surface]) -> axum::Router {
    let mut paths = Paths::new();
    for (surface, wire) in surfaces.iter().enumerate() {
        for route in wire.routes {
            let handler = match route.handler {
                Handler::Axum(handler) => Some(admitting(app, route, handler())),
                // Answered by the front; here the row only counts for `Allow`.
                Handler::Front(_) | Handler::Check | Handler::OpenConnect => None,
            };
            paths.entry(route.path).or_default().push(Row { surface, route, handler });
        }
    }
    of_rows(app.frame(), paths)
}

/// Lets in whom the row lets in, then hands over to its handler.
fn admitting(app: &App, route: &'static Route, handler: MethodRouter<App>) -> RowHandler {
    let (app, handler) = (app.clone(), handler.with_state::<()>(app.clone()));
    BoxCloneSyncService::new(service_fn(move |request: Request| {
        let (app, handler) = (app.clone(), handler.clone());
        async move {
            let trace =
                request.extensions().get::<Arc<Trace>>().cloned().ok_or(Failure::NoRoute)?;
            let (request, renewed) = match &route.access {
                Access::Session(need) => {
                    match console::admit(&app, *need, &trace, request).await? {
                        Admission::Visitor(request, renewed) => (request, Some(renewed)),
                        Admission::Led(mut elsewhere) => {
                            console::guard(&mut elsewhere);
                            return Ok(elsewhere.map(axum::body::Body::new));
                        }
                    }
                }
                access => (access::admit(&app, access, &trace, request).await?, None),
            };
            if route.idempotent {
                return idempotency::answer(&app, route, request, handler).await;
            }
            let mut response = match handler.oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            if let Some(renewed) = renewed {
                renewed.put(&mut response);
                console::guard(&mut response);
            }
            Ok(response)
        }
    }))
}

fn of_rows(frame: &Arc<Frame>, paths: Paths) -> axum::Router {
    let router = paths.into_iter().fold(axum::Router::new(), |router, (path, rows)| {
        router.route_service(path, OnPath { frame: Arc::clone(frame), rows: rows.into() })
    });
    router.fallback(|| std::future::ready(Failure::NoRoute))
}

type RowHandler = BoxCloneSyncService<Request, Response, Failure>;
/// What lies on each path.
type Paths = BTreeMap<&'static str, Vec<Row>>;

#[derive(Clone)]
struct Row {
    surface: usize,
    route: &'static Route,
    handler: Option<RowHandler>,
}

/// Everything on one path.
#[derive(Clone)]
struct OnPath {
    frame: Arc<Frame>,
    rows: Arc<[Row]>,
}

impl Service<Request> for OnPath {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let path = self.clone();
        Box::pin(async move {
            Ok(path.answer(request).await.unwrap_or_else(IntoResponse::into_response))
        })
    }
}

impl OnPath {
    async fn answer(&self, request: Request) -> Result<Response, Failure> {
        let Some(trace) = request.extensions().get::<Arc<Trace>>().cloned() else {
            return Err(Failure::NoRoute);
        };
        let served: Vec<&Row> =
            self.rows.iter().filter(|row| trace.peer.surfaces.holds(row.surface)).collect();
        let Some(row) = served.iter().find(|row| row.route.method == *request.method()) else {
            return Err(self.no_method(&trace, &served, &request));
        };
        trace.matched(row.route);
        if !row.route.any_host {
            self.frame.hosts.check(request.uri(), request.headers())?;
        }
        row.handler.clone().ok_or(Failure::NoRoute)?.oneshot(request).await
    }

    fn no_method(&self, trace: &Trace, served: &[&Row], request: &Request) -> Failure {
        let Some(first) = served.first() else { return Failure::NoRoute };
        trace.fails_as(first.route.errors);
        if !first.route.any_host
            && let Err(failure) = self.frame.hosts.check(request.uri(), request.headers())
        {
            return failure;
        }
        let methods: Vec<&str> = served.iter().map(|row| row.route.method.as_str()).collect();
        Failure::MethodNotAllowed { allow: methods.join(", ") }
    }
}

#[cfg(test)]
mod table_tests;
#[cfg(test)]
mod tests;
