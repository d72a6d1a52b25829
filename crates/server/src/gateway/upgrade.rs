//! Calls that want to leave HTTP, such as the opening of a WebSocket (RFC 9110 section 7.8).
//!
//! Each has a connection to the upstream of its own. When the upstream agrees, the client's connection is
//! left to a tunnel; else its answer is relayed like any other.

use super::{
    call::Ready,
    head, headers,
    pool::http1_builder,
    relayed::{Relayed, Way},
    send::{self, Lost, millis},
    serve::Calling,
    table::Route,
    tunnel,
};
use crate::{
    activity::Activity, answer::Body, app::App, connection::InFlight, enforce::LetIn,
    failure::Failure, hosts,
};
use http::{HeaderValue, Response, StatusCode, header, request::Parts};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use std::{borrow::Cow, sync::Arc};
use tokio::time::timeout;

const UPGRADE: HeaderValue = HeaderValue::from_static("upgrade");

/// What a client wants to change to, and its connection once it has.
pub(super) struct Upgrade {
    protocol: HeaderValue,
    client: OnUpgrade,
    /// By what it was let in, to look at again.
    opened: Option<Opened>,
}

/// The call that opens a tunnel, as far as its route and its key go.
struct Opened {
    key: LetIn,
    host: Option<String>,
}

impl Upgrade {
    /// With the key of the call.
    pub(super) fn of(mut self, calling: &Calling<'_>, head: &Parts) -> Self {
        let host = hosts::host_of_request(&head.uri, &head.headers).ok().map(Cow::into_owned);
        let key = LetIn::of(&calling.route.enforced, &calling.call(head, None));
        self.opened = key.map(|key| Opened { key, host });
        self
    }
}

impl Opened {
    /// Whether the call, made now, would still come to the same upstream by the same route.
    fn still_passes(&self, app: &App, route: &Route) -> bool {
        let rules = app.service().rules();
        let Some(rule) = rules.find_route(self.host.as_deref(), self.key.path()) else {
            return false;
        };
        if Arc::ptr_eq(rule, &route.rule) {
            return self.key.still_passes(app, &route.enforced);
        }
        let same = rule.policy.name == route.rule.policy.name
            && rule.policy.tenant == route.rule.policy.tenant
            && rule.upstream == route.rule.upstream;
        let now = if same { app.gateway().route(&rules, rule, app) } else { None };
        now.is_some_and(|now| self.key.still_passes(app, &now.enforced))
    }
}

/// Whether the call wants to leave HTTP.
pub(super) fn wanted(head: &mut Parts) -> Option<Upgrade> {
    let protocol = headers::wanted_upgrade(&head.headers, head.version)?;
    let client = head.extensions.remove::<OnUpgrade>()?;
    Some(Upgrade { protocol, client, opened: None })
}

/// Asks the upstream, and does as it says.
pub(super) async fn answer(
    calling: &Calling<'_>,
    ready: Ready,
    upgrade: Upgrade,
    activity: &Arc<Activity>,
) -> Result<Response<Body>, Failure> {
    let asked = ask(calling, ready, &upgrade).await;
    let (mut response, way) = asked.map_err(|lost| calling.failure(&lost))?;
    let idle = millis(calling.route.rule.timeouts.idle_ms);
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        headers::clean_response(response.headers_mut());
        return Ok(response.map(|incoming| {
            let mut relayed = Relayed::new(incoming, way, idle);
            relayed.relay(Some(activity.relay(calling.route.rule.timeouts.idle_ms)));
            Body::Streamed(axum::body::Body::new(relayed))
        }));
    }
    let upstream = hyper::upgrade::on(&mut response);
    let agreed = response.headers_mut().remove(header::UPGRADE).ok_or(Failure::BadGateway)?;
    headers::clean_response(response.headers_mut());
    response.headers_mut().insert(header::CONNECTION, UPGRADE);
    response.headers_mut().insert(header::UPGRADE, agreed);
    let (app, route) = (calling.app.clone(), Arc::clone(calling.route));
    let opened = upgrade.opened;
    let live = move || opened.as_ref().is_some_and(|opened| opened.still_passes(&app, &route));
    // Counts as a request under way: the watch over the connection leaves it alone.
    let in_flight = InFlight::new(activity, false);
    activity.leave_to(Box::pin(async move {
        tunnel::run(upgrade.client, upstream, idle, live).await;
        drop(in_flight);
        drop(way);
    }));
    Ok(response.map(|_| Body::empty()))
}

async fn ask(
    calling: &Calling<'_>,
    ready: Ready,
    upgrade: &Upgrade,
) -> Result<(Response<hyper::body::Incoming>, Way), Lost> {
    let timeouts = &calling.route.rule.timeouts;
    let line = match timeout(millis(timeouts.connect_ms), calling.route.pool.line()).await {
        Ok(Ok(line)) => line,
        Ok(Err(error)) => {
            tracing::debug!(%error, "no connection to an upstream came about");
            return Err(Lost::Broken);
        }
        Err(_) => return Err(Lost::Late),
    };
    let shaken = http1_builder().handshake(TokioIo::new(line)).await;
    let (mut sender, connection) = shaken.map_err(|_| Lost::Broken)?;
    let way = Way::task(async move {
        if let Err(error) = connection.with_upgrades().await {
            tracing::debug!(%error, "a connection to an upstream ended");
        }
    });
    let mut request = send::as_http1(ready.request, &ready.target);
    request.headers_mut().insert(header::CONNECTION, UPGRADE);
    request.headers_mut().insert(header::UPGRADE, upgrade.protocol.clone());
    let response = head::head(sender.try_send_request(request), None, timeouts).await?;
    Ok((response, way))
}
