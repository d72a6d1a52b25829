//! Metrics, in the text of OpenMetrics, on a listener of their own (AP-08): `GET /metrics`, nothing else.
//!
//! Most figures are read when somebody asks; what is counted as it happens stands in `figures` and
//! `traffic`. `docs/operations.md` lists all of them, and a test compares the two.

mod snapshot;

use super::process;
use crate::{
    answer::{self, Body},
    app::App,
    config::Limits,
    listener::{self, Listeners},
    peer::Peer,
};
use http::{Method, Request, Response, StatusCode, header};
use prometheus_client::{encoding::text, registry::Registry};
use snapshot::Snapshot;
use std::{future::Future, sync::Arc, time::Duration};

const PATH: &str = "/metrics";
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// One who scrapes keeps a connection; there are few of them.
const CONNECTIONS: usize = 64;
/// The rest is answered without what the store does not tell in time.
const STORE_TIME: Duration = Duration::from_secs(1);

/// Serves metrics until `stop` is ready.
pub async fn serve(listeners: Listeners, app: App, stop: impl Future<Output = ()>) {
    let limits =
        Limits { connections: CONNECTIONS, drain: Duration::from_secs(1), ..app.config().limits };
    let answer = move |_: Peer, request: Request<_>| {
        let app = app.clone();
        async move { answer(&app, &request).await }
    };
    listener::run(listeners, limits, Arc::default(), answer, stop).await;
}

async fn answer<B>(app: &App, request: &Request<B>) -> Response<Body> {
    if request.uri().path() != PATH {
        return answer::with_type(StatusCode::NOT_FOUND, "text/plain", "metrics are at /metrics\n");
    }
    if request.method() != Method::GET {
        let mut refused = answer::with_type(
            StatusCode::METHOD_NOT_ALLOWED,
            "text/plain",
            "this path takes GET\n",
        );
        refused.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("GET"));
        return refused;
    }
    answer::with_type(StatusCode::OK, TEXT, render(app).await)
}

/// All figures.
pub async fn render(app: &App) -> String {
    let audit_position = tokio::time::timeout(STORE_TIME, app.service().audit_position()).await;
    let audit_position = audit_position.ok().and_then(Result::ok);
    let mut registry = Registry::default();
    if let Some(figures) = process::read() {
        registry.register_collector(Box::new(snapshot::OfProcess(figures)));
    }
    let ours = registry.sub_registry_with_prefix("keyward");
    app.gateway().settle(app);
    let requests = app.frame().figures.clone();
    ours.register("requests", "Requests that were answered, hot paths apart", requests.answered);
    ours.register("request_seconds", "How long they took, hot paths apart", requests.seconds);
    let gateway = requests.gateway;
    ours.register("gateway_requests", "Calls through the gateway, by route", gateway.answered);
    ours.register("gateway_seconds", "How long they took, to the answer's head", gateway.seconds);
    ours.register("failures", "Requests that failed, hot paths too, by code", requests.refused);
    ours.register_collector(Box::new(Snapshot { app: app.clone(), audit_position }));
    let mut out = String::with_capacity(16 * 1024);
    // Writing to memory does not fail; what it holds so far would be told apart by its missing end.
    let _ = text::encode(&mut out, &registry);
    out
}
