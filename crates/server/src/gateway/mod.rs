//! The gateway: calls that are held to a policy and then sent on to an upstream.
//!
//! `serve` is a call from head to head: judged by `enforce`, made ready in `call`, sent in `send` over a
//! connection of `pool`, its answer relayed by `relayed`. Which call is whose stands in `table`, compiled
//! anew when the rules are others. What is refused is said in one of `envelopes`.

mod alarm;
mod call;
pub(crate) mod envelopes;
mod figures;
mod forwarded;
mod handed;
mod head;
mod headers;
mod inbound;
mod path;
mod pool;
mod quiet;
mod relayed;
mod send;
mod serve;
mod table;
mod tunnel;
mod upgrade;

pub use crate::outgoing::{Outgoing, Resolver, Resolving};
pub(crate) use handed::{Handed, Named, find_by_name};
pub(crate) use table::Gateway;

use crate::{
    answer::Body,
    app::{App, RequestBody},
    failure::Failure,
    hosts,
    peer::Peer,
    route::Surface,
};
use http::{Request, Response};
use std::sync::Arc;
use table::Route;

/// The surface: it has no operations of its own, and a listener can be restricted to it.
pub(crate) static SURFACE: Surface = Surface {
    name: "gateway",
    about: "Calls that are sent on to upstreams, as the gateway's routes say.",
    prefixes: &[],
    documented: true,
    routes: &[],
};

/// A call that belongs to a route.
pub(crate) struct Found {
    route: Arc<Route>,
    /// The route names the host: then it goes before everything of our own.
    pub(crate) of_host: bool,
    /// What is wrong with the call already.
    refused: Option<Doubt>,
}

/// Why a call is refused that has a route.
#[derive(Clone, Copy)]
enum Doubt {
    /// It names two hosts, or none that can be.
    Host,
    /// Read in another way, the path would have another route.
    Path,
}

impl From<Doubt> for Failure {
    fn from(doubt: Doubt) -> Self {
        match doubt {
            Doubt::Host => Self::UnknownHost,
            Doubt::Path => Self::BadPath,
        }
    }
}

/// The route of a call, if it has one.
pub(crate) fn find<B>(app: &App, request: &Request<B>) -> Option<Found> {
    let rules = &app.service().rules();
    if rules.routes().is_empty() {
        return None;
    }
    let path = request.uri().path();
    let (host, mut refused) = match hosts::host_of_request(request.uri(), request.headers()) {
        Ok(host) => (Some(host), None),
        Err(_) => (None, Some(Doubt::Host)),
    };
    let rule = rules.find_route(host.as_deref(), path)?;
    if let Some(read) = path::other_reading(path)
        && !rules.find_route(host.as_deref(), &read).is_some_and(|other| Arc::ptr_eq(other, rule))
    {
        refused = refused.or(Some(Doubt::Path));
    }
    let route = app.gateway().route(rules, rule, app)?;
    Some(Found { of_host: rule.host.is_some(), route, refused })
}

/// Answers a call of a route.
pub(crate) async fn answer<B: RequestBody>(
    app: &App,
    found: &Found,
    peer: Peer,
    request: Request<B>,
) -> Response<Body> {
    serve::answer(app, &found.route, found.refused.map(Failure::from), peer, request).await
}
