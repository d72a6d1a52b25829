//! The whole HTTP side as one value that answers requests: with sockets in `listener`, without in
//! tests.

use crate::{
    answer::Body,
    config::ServerConfig,
    document::Document,
    ext_authz,
    frame::{Counters, Frame},
    front::{self, FrontTable},
    gateway::{self, Gateway},
    middleware, outgoing,
    peer::Peer,
    route::Surface,
    router,
    traffic::Traffic,
};
use bytes::Bytes;
use http::{Request, Response};
use service::Service;
use std::{
    fmt,
    sync::{Arc, OnceLock, atomic::Ordering},
};

/// What handlers share. Cheap to clone; axum's state.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    service: Service,
    frame: Arc<Frame>,
    document: OnceLock<Document>,
    gateway: Gateway,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("App")
    }
}

impl App {
    /// What handlers share.
    #[must_use]
    pub fn new(service: Service, config: ServerConfig) -> Self {
        let clock = service.clone();
        let gateway = Gateway::new(&config.outgoing);
        service.call_by(outgoing::outbound(&config.outgoing));
        let frame = Arc::new(Frame::new(config, move || clock.now()));
        Self(Arc::new(Shared { service, frame, document: OnceLock::new(), gateway }))
    }

    /// The use cases.
    #[must_use]
    pub fn service(&self) -> &Service {
        &self.0.service
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &ServerConfig {
        &self.0.frame.config
    }

    /// What happened to connections.
    #[must_use]
    pub fn traffic(&self) -> &Arc<Traffic> {
        &self.0.frame.traffic
    }

    /// The process was asked to stop: from now on it is not ready, so that nobody sends it more. What
    /// comes is still answered.
    pub fn announce_stop(&self) {
        self.0.frame.stopping.store(true, Ordering::Relaxed);
    }

    /// What the frame counted.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.0.frame.counters
    }

    /// What this server can do; made when somebody asks for it first.
    pub(crate) fn document(&self) -> &Document {
        let public_url = &self.config().public_url;
        self.0.document.get_or_init(|| Document::of(router::SURFACES, public_url))
    }

    pub(crate) fn gateway(&self) -> &Gateway {
        &self.0.gateway
    }

    pub(crate) fn frame(&self) -> &Arc<Frame> {
        &self.0.frame
    }
}

/// Among a request's extensions: it comes from the machine's own operator. Nothing that a client can
/// send becomes an extension, and only [`AppService::call_as_operator`] makes this one.
#[derive(Clone, Debug)]
pub(crate) struct Operator(pub(crate) Arc<str>);

/// The error that a body may end in.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A request's body, whatever carries it.
pub trait RequestBody:
    http_body::Body<Data = Bytes, Error: Into<BoxError>> + Unpin + Send + 'static
{
}

impl<B> RequestBody for B where
    B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Unpin + Send + 'static
{
}

/// Answers requests. Cheap to clone.
#[derive(Clone)]
pub struct AppService(Arc<Serving>);

struct Serving {
    app: App,
    front: FrontTable,
    router: axum::Router,
    surfaces: &'static [&'static Surface],
    /// The place of the gateway among them.
    gateway: Option<usize>,
}

impl fmt::Debug for AppService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AppService")
    }
}

/// Everything that is served.
#[must_use]
pub fn app(service: Service, config: ServerConfig) -> AppService {
    AppService::of(App::new(service, config), router::SURFACES)
}

impl AppService {
    /// Serves these surfaces.
    #[must_use]
    pub(crate) fn of(app: App, surfaces: &'static [&'static Surface]) -> Self {
        let front = FrontTable::of(surfaces);
        let router = router::build(&app, surfaces);
        let gateway = surfaces.iter().position(|surface| surface.name == gateway::SURFACE.name);
        Self(Arc::new(Serving { app, front, router, surfaces, gateway }))
    }

    /// What handlers share.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.0.app
    }

    /// Answers a request made within the process. A [`Peer`] among its extensions says from where.
    pub async fn call<B: RequestBody>(&self, request: Request<B>) -> Response<Body> {
        let peer = request.extensions().get::<Peer>().copied().unwrap_or(Peer::IN_PROCESS);
        self.call_from(peer, request).await
    }

    /// Answers a request of the machine's own operator: no credential is asked for, every right is
    /// there, and the audit log names `local:<user>`. Sockets do not lead here.
    pub async fn call_as_operator<B: RequestBody>(
        &self,
        user: &str,
        mut request: Request<B>,
    ) -> Response<Body> {
        request.extensions_mut().insert(Operator(user.into()));
        self.call_from(Peer::IN_PROCESS, request).await
    }

    /// Answers a request of this peer: routes of the gateway that name its host, the hot paths, the other
    /// routes of the gateway, and the router for all else. What is not hot is on the heap, or every hot
    /// call would be moved in a value as large as the largest of them.
    pub async fn call_from<B: RequestBody>(
        &self,
        peer: Peer,
        request: Request<B>,
    ) -> Response<Body> {
        let Serving { app, front, router, surfaces, gateway } = &*self.0;
        let request = if ext_authz::takes(surfaces, peer, &request) {
            match Box::pin(ext_authz::answer(app, peer, request)).await {
                Ok(response) => return response,
                Err(request) => request,
            }
        } else {
            request
        };
        let hot = front.find(peer, &request);
        let found = match gateway {
            // A hot row gives way to a route with a host alone.
            Some(_) if hot.is_some() && !app.service().rules().names_hosts() => None,
            Some(place) if peer.surfaces.holds(*place) => gateway::find(app, &request),
            _ => None,
        };
        if let Some(found) = found.as_ref().filter(|found| found.of_host) {
            return Box::pin(gateway::answer(app, found, peer, request)).await;
        }
        match (hot, found) {
            (Some((route, handler)), _) => front::answer(app, route, handler, peer, request).await,
            (None, Some(found)) => Box::pin(gateway::answer(app, &found, peer, request)).await,
            (None, None) => {
                let request = request.map(axum::body::Body::new);
                Box::pin(middleware::answer(app.frame(), router, surfaces, peer, request)).await
            }
        }
    }
}
