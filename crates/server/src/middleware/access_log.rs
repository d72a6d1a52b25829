//! The access log: one line a request, with the route's template or name, never the path or the query.

use crate::{
    answer::Body,
    failure::{Failure, Proof},
    frame::Frame,
    request_id::RequestId,
    route::Route,
    trace::Trace,
};
use domain::id::Scope;
use http::{Method, Response, StatusCode};
use std::net::IpAddr;
use verifier::Now;

/// One line a request: the route's template, never the path or the query (LG-02).
pub(super) fn log(
    frame: &Frame,
    trace: &Trace,
    method: &Method,
    response: &Response<Body>,
    failure: Option<&Failure>,
) {
    let micros = frame.now().mono_ns.saturating_sub(trace.started.mono_ns) / 1000;
    frame.figures.answered(trace.route(), response.status(), micros);
    if let Some(failure) = failure {
        frame.figures.refused(failure);
    }
    let (tenant, actor) = match trace.actor() {
        Some((Scope::Tenant(tenant), actor)) => (tenant.to_string(), actor.as_str()),
        Some((Scope::Cluster, actor)) => ("*".to_owned(), actor.as_str()),
        None => (String::new(), ""),
    };
    write(&Line {
        method: method.as_str(),
        route: trace.route().map_or("", |route| route.path),
        quiet: trace.route().is_some_and(|route| route.any_host),
        status: response.status(),
        request_id: trace.request_id.as_str(),
        client: trace.client,
        tenant: &tenant,
        actor,
        micros,
        failure,
    });
}

/// The line of a hot request that failed; successes are counted, not logged.
pub(crate) fn log_front(
    frame: &Frame,
    route: &'static Route,
    failure: &Failure,
    response: &Response<Body>,
    (request_id, client, started): (RequestId, Option<IpAddr>, Now),
) {
    frame.figures.refused(failure);
    write(&Line {
        method: route.method.as_str(),
        route: route.path,
        quiet: false,
        status: response.status(),
        request_id: request_id.as_str(),
        client,
        tenant: "",
        actor: "",
        micros: frame.now().mono_ns.saturating_sub(started.mono_ns) / 1000,
        failure: Some(failure),
    });
}

/// The line of a call through the gateway, with its route's name: a success is only of interest to those
/// who look for it, a failure to all.
pub(crate) fn log_relayed(
    frame: &Frame,
    method: &Method,
    route: &str,
    failure: Option<&Failure>,
    response: &Response<Body>,
    (request_id, client, scope, micros): (RequestId, Option<IpAddr>, Option<Scope>, u64),
) {
    if let Some(failure) = failure {
        frame.figures.refused(failure);
    } else if !tracing::enabled!(target: "keyward::access", tracing::Level::DEBUG) {
        return;
    }
    let tenant = scope.map(|scope| match scope {
        Scope::Tenant(tenant) => tenant.to_string(),
        Scope::Cluster => "*".to_owned(),
    });
    write(&Line {
        method: method.as_str(),
        route,
        quiet: failure.is_none(),
        status: response.status(),
        request_id: request_id.as_str(),
        client,
        tenant: tenant.as_deref().unwrap_or_default(),
        actor: "",
        micros,
        failure,
    });
}

struct Line<'a> {
    method: &'a str,
    route: &'a str,
    quiet: bool,
    status: StatusCode,
    request_id: &'a str,
    client: Option<IpAddr>,
    tenant: &'a str,
    actor: &'a str,
    micros: u64,
    failure: Option<&'a Failure>,
}

/// A defect with its causes is an error, a refusal that may be an attack a warning, the rest is news.
fn write(line: &Line<'_>) {
    let status = line.status.as_u16();
    let client = line.client.map(tracing::field::display);
    let failure = line.failure.map_or("", Failure::code);
    macro_rules! event {
        ($level:ident $(, $extra:ident)?) => {
            tracing::$level!(
                target: "keyward::access",
                method = line.method, route = line.route, status, request_id = line.request_id, client,
                tenant = line.tenant, actor = line.actor, duration_us = line.micros, failure,
                $($extra,)? "request"
            )
        };
    }
    match line.failure {
        Some(Failure::Service(service::Error::Internal(source))) => {
            let cause = causes(source.as_ref());
            event!(error, cause);
        }
        Some(Failure::Panic) => event!(error),
        Some(
            Failure::TwoCredentials
            | Failure::MalformedCredentials
            | Failure::Unauthenticated { proof: Proof::Refused, .. }
            | Failure::Timeout
            | Failure::Shed
            | Failure::Loading(_),
        ) => event!(warn),
        _ if line.quiet => event!(debug),
        _ => event!(info),
    }
}

/// The chain of causes on one line; control characters would break the log's lines (LG-03).
fn causes(source: &(dyn std::error::Error + 'static)) -> String {
    let mut text = source.to_string();
    let mut next = source.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text.replace(char::is_control, " ")
}
