//! The data itself, while no server holds it: the routes answer in process, to the machine's operator.

use super::{Body, BoxError};
use crate::{
    cli::Settings,
    config::{Config, Environment, Log},
    failure::Failure,
    issuers, logging, open, operator, rules,
};
use ::http::{HeaderValue, Request, Response, header};
use http_body_util::BodyExt as _;
use server::{AppService, ServerConfig};
use service::{Service, entropy::Entropy};

/// An installation that this process holds.
pub(super) struct Installation {
    service: Service,
    app: AppService,
    user: String,
}

impl Installation {
    /// Opens the data that the settings name.
    ///
    /// # Errors
    /// There is none, another process holds it, or the master key does not fit.
    pub(super) async fn open(
        settings: &Settings,
        environment: &Environment,
    ) -> Result<Self, Failure> {
        let flags = settings.flags();
        let mut config = Config::load(settings.config.as_deref(), &flags, environment)?;
        // Who runs a command wants its answer; the log of a server is asked for by name.
        let asked = flags.iter().any(|flag| flag.path == "log.level");
        let level = if asked { config.log.level.clone() } else { "warn".to_owned() };
        let log = Log { level, ..config.log.clone() };
        logging::start(&log, environment.given("NO_COLOR").is_none());
        let service = open::existing(&config).await?;
        // What the configuration says stands in the way of what is made here, as on a server.
        let believed = std::mem::take(&mut config.issuers);
        let handed_over = rules::hand_over(&service, &config)
            .and_then(|()| issuers::hand_over(&service, believed));
        if let Err(failure) = handed_over {
            service.close().await;
            return Err(failure);
        }
        let server = ServerConfig::new(config.public_url(None), Entropy::system().bytes());
        let app = server::app(service.clone(), server);
        Ok(Self { service, app, user: operator::name() })
    }

    pub(super) async fn answer(&self, mut request: Request<Body>) -> Response<Body> {
        request.headers_mut().insert(header::HOST, HeaderValue::from_static("localhost"));
        let response = self.app.call_as_operator(&self.user, request).await;
        response.map(|body| body.map_err(BoxError::from).boxed_unsync())
    }

    /// Writes what memory still holds and lets go of the data.
    pub(super) async fn close(self) {
        self.service.close().await;
    }
}
