//! A call that was judged elsewhere, for the upstream of a route that it did not come to by its path: it
//! goes as though it had come to the route's prefix.

use super::{
    call::{self},
    inbound::Inbound,
    serve::Calling,
    table::Route,
};
use crate::{
    activity::Activity, answer::Body, app::App, enforce::Admitted, failure::Failure, peer::Peer,
    request_id::RequestId,
};
use bytes::Bytes;
use domain::gateway_route::GatewayRoute;
use http::{Response, Uri, request::Parts, uri::PathAndQuery};
use std::{net::IpAddr, sync::Arc};
use verifier::Now;

/// A route in force, by its name.
pub(crate) struct Named(Arc<Route>);

/// Such a call.
pub(crate) struct Handed<'a> {
    pub(crate) app: &'a App,
    pub(crate) peer: Peer,
    pub(crate) client: Option<IpAddr>,
    pub(crate) now: Now,
    pub(crate) request_id: RequestId,
    pub(crate) activity: Option<Arc<Activity>>,
    pub(crate) head: Parts,
    /// What is left of its body once the secret was taken out, or all of it; `None`: it has none.
    pub(crate) body: Option<Bytes>,
    pub(crate) admitted: Admitted,
}

/// The route of this name.
pub(crate) fn find_by_name(app: &App, name: &str) -> Option<Named> {
    let rules = app.service().rules();
    let rule = rules.routes().iter().find(|rule| rule.policy.name == name)?;
    app.gateway().route(&rules, rule, app).map(Named)
}

impl Named {
    /// What it says.
    pub(crate) fn rule(&self) -> &GatewayRoute {
        &self.0.rule
    }

    /// Whether the secret stays behind.
    pub(crate) fn takes_secret_out(&self, admitted: &Admitted) -> bool {
        call::taken(&self.0.rule, admitted).is_some()
    }

    /// Sends the call on, and relays the head of the answer.
    ///
    /// # Errors
    /// The body is too long for the route, or the upstream does not answer.
    pub(crate) async fn hand_over(&self, handed: Handed<'_>) -> Result<Response<Body>, Failure> {
        let Handed { app, peer, client, now, request_id, activity, mut head, body, admitted } =
            handed;
        let rule = &self.0.rule;
        let length = body.as_ref().map_or(0, Bytes::len);
        if let Some(most) = rule.max_body_bytes
            && u64::try_from(length).is_ok_and(|length| length > most)
        {
            return Err(call::too_long(most));
        }
        head.uri = at_prefix(head.uri, &rule.prefix)?;
        let calling = Calling { app, route: &self.0, peer, client, now, request_id, activity };
        let relaying = calling.activity.as_ref().map(|a| a.relay(rule.timeouts.idle_ms));
        let ready = call::ready(&calling, head, Inbound::Whole(body), admitted)?;
        let answered = calling.relay(ready, relaying).await;
        let status = match &answered {
            Ok(response) => response.status(),
            Err(failure) => failure.status(),
        };
        let micros = app.frame().now().mono_ns.saturating_sub(now.mono_ns) / 1000;
        self.0.figures.answered(status, micros);
        answered
    }
}

/// The same address, but for the path.
fn at_prefix(uri: Uri, prefix: &str) -> Result<Uri, Failure> {
    let text = match uri.query() {
        Some(query) => format!("{prefix}?{query}"),
        None => prefix.to_owned(),
    };
    let mut parts = uri.into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(text).map_err(|_| Failure::BadPath)?);
    Uri::from_parts(parts).map_err(|_| Failure::BadPath)
}
