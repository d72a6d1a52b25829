//! What is known of one request while it is on its way: for the log line, the answer's headers, and
//! the use cases' context.

use crate::{
    failure::ErrorStyle,
    peer::Peer,
    request_id::RequestId,
    route::{Route, Surface},
};
use domain::id::Scope;
use service::{Caller, Context};
use std::{net::IpAddr, sync::OnceLock};
use verifier::Now;

/// One request. Shared by the frame, the access check and the extractors.
#[derive(Debug)]
pub(crate) struct Trace {
    pub(crate) request_id: RequestId,
    pub(crate) started: Now,
    pub(crate) client: Option<IpAddr>,
    pub(crate) peer: Peer,
    matched: OnceLock<&'static Route>,
    style: OnceLock<ErrorStyle>,
    actor: OnceLock<(Scope, String)>,
}

impl Trace {
    pub(crate) fn new(
        request_id: RequestId,
        started: Now,
        client: Option<IpAddr>,
        peer: Peer,
    ) -> Self {
        Self {
            request_id,
            started,
            client,
            peer,
            matched: OnceLock::new(),
            style: OnceLock::new(),
            actor: OnceLock::new(),
        }
    }

    /// The request got as far as this route.
    pub(crate) fn matched(&self, route: &'static Route) {
        let _ = self.matched.set(route);
        let _ = self.style.set(route.errors);
    }

    /// The request got as far as this path, but no route has its method.
    pub(crate) fn fails_as(&self, style: ErrorStyle) {
        let _ = self.style.set(style);
    }

    pub(crate) fn route(&self) -> Option<&'static Route> {
        self.matched.get().copied()
    }

    /// The style of the route, or, for a miss, of the longest prefix of a surface.
    pub(crate) fn style(&self, surfaces: &[&'static Surface], path: &str) -> ErrorStyle {
        self.style.get().copied().unwrap_or_else(|| crate::router::style_of_miss(surfaces, path))
    }

    /// The caller, for the log.
    pub(crate) fn name_actor(&self, caller: &Caller) {
        let who = match caller.local {
            true => caller.principal.name().to_string(),
            false => caller.principal.id.to_string(),
        };
        let _ = self.actor.set((caller.scope(), who));
    }

    pub(crate) fn actor(&self) -> Option<&(Scope, String)> {
        self.actor.get()
    }

    /// What use cases are told.
    pub(crate) fn context(&self) -> Context {
        Context { request_id: self.request_id.as_str().to_owned(), address: self.client }
    }
}
