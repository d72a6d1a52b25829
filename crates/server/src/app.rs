//! The whole HTTP side as one value that answers requests: with sockets in `listener`, without in
//! tests.

use crate::{
    answer::Body,
    config::ServerConfig,
    front::{self, FrontTable},
    hosts::Hosts,
    middleware,
    peer::Peer,
    request_id::RequestIds,
    route::Surface,
    router,
};
use bytes::Bytes;
use http::{Request, Response};
use service::Service;
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};
use tokio::sync::Semaphore;

/// What handlers share. Cheap to clone; axum's state.
#[derive(Clone)]
pub struct App(Arc<Shared>);

struct Shared {
    service: Service,
    config: ServerConfig,
    hosts: Hosts,
    ids: RequestIds,
    counters: Counters,
    in_flight: Semaphore,
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("App")
    }
}

/// What the frame counts.
#[derive(Debug, Default)]
pub struct Counters {
    panics: AtomicU64,
    timeouts: AtomicU64,
    shed: AtomicU64,
}

impl Counters {
    pub(crate) fn panicked(&self) {
        self.panics.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn timed_out(&self) {
        self.timeouts.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn shed_one(&self) {
        self.shed.fetch_add(1, Ordering::Relaxed);
    }

    /// Handlers that panicked.
    #[must_use]
    pub fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed)
    }

    /// Handlers that did not finish in time.
    #[must_use]
    pub fn timeouts(&self) -> u64 {
        self.timeouts.load(Ordering::Relaxed)
    }

    /// Requests that found too many others.
    #[must_use]
    pub fn shed(&self) -> u64 {
        self.shed.load(Ordering::Relaxed)
    }
}

impl App {
    /// What handlers share.
    #[must_use]
    pub fn new(service: Service, config: ServerConfig) -> Self {
        Self(Arc::new(Shared {
            hosts: Hosts::new(&config.public_url, &config.hosts),
            ids: RequestIds::new(config.request_id_seed),
            counters: Counters::default(),
            in_flight: Semaphore::new(config.limits.in_flight),
            service,
            config,
        }))
    }

    /// The use cases.
    #[must_use]
    pub fn service(&self) -> &Service {
        &self.0.service
    }

    /// The settings.
    #[must_use]
    pub fn config(&self) -> &ServerConfig {
        &self.0.config
    }

    /// What the frame counted.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.0.counters
    }

    pub(crate) fn hosts(&self) -> &Hosts {
        &self.0.hosts
    }

    pub(crate) fn ids(&self) -> &RequestIds {
        &self.0.ids
    }

    pub(crate) fn in_flight(&self) -> &Semaphore {
        &self.0.in_flight
    }
}

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
        Self(Arc::new(Serving { app, front, router, surfaces }))
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

    /// Answers a request of this peer: the hot paths first, the router for all else.
    pub async fn call_from<B: RequestBody>(
        &self,
        peer: Peer,
        request: Request<B>,
    ) -> Response<Body> {
        let Serving { app, front, router, surfaces } = &*self.0;
        match front.find(peer, &request) {
            Some((route, handler)) => front::answer(app, route, handler, peer, request).await,
            None => {
                let request = request.map(axum::body::Body::new);
                middleware::answer(app, router, surfaces, peer, request).await
            }
        }
    }
}
