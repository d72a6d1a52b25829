//! `keyward serve`: bind, open, serve until asked to stop, then stop in good order.

use crate::{
    authorities, cli, commands,
    config::Config,
    failure::{Exit, Failure},
    first_start::{self, Newcomer},
    hardening, issuers,
    listening::{self, Sockets},
    mark,
    open::open,
    open_files, rules,
};
use rustls::pki_types::CertificateDer;
use server::{AppService, ServerConfig};
use service::{Service, bootstrap::FirstStart, entropy::Entropy};
use std::{future::Future, pin::Pin, time::Duration};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::oneshot,
    task::JoinHandle,
};

/// Serves until SIGTERM or SIGINT.
pub(crate) fn run(mut config: Config, arguments: &cli::Serve) -> Result<Exit, Failure> {
    config.warnings.extend(hardening::keep_memory_private());
    let runtime = commands::runtime()?;
    let outcome = runtime.block_on(async {
        let mut signals = Signals::new().map_err(Failure::failed)?;
        let (stop, stopping) = oneshot::channel::<()>();
        let serving = serve(config, arguments.demo, async {
            // A sender that is gone means the same.
            drop(stopping.await);
        });
        tokio::pin!(serving);
        tokio::select! {
            outcome = &mut serving => return outcome,
            () = signals.next() => { let _ = stop.send(()); }
        }
        tokio::select! {
            outcome = &mut serving => outcome,
            () = signals.next() => Err(Failure::failed("stopped at once by a second signal")),
        }
    });
    // Whatever still runs was given its time; dropping the runtime would wait for it.
    runtime.shutdown_background();
    outcome
}

async fn serve(
    mut config: Config,
    demo: bool,
    stop: impl Future<Output = ()>,
) -> Result<Exit, Failure> {
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    // What cannot be used, and a taken port, is told before anything is made.
    let authorities = upstream_authorities(&config)?;
    let sockets = listening::bind(&config).await?;
    let addresses = sockets.listeners.addresses().map_err(Failure::failed)?;
    let public_url = config.public_url(addresses.first().copied());
    rules::check(&config, &public_url)?;
    issuers::check(&config.issuers)?;
    let believed = std::mem::take(&mut config.issuers);
    config.forget_given();
    let plan = std::mem::take(&mut config.bootstrap);
    let newcomer = Newcomer::of(&plan);
    let (service, first) = open(&config, plan, public_url.clone()).await?;
    let prepared = match mark::check(&service, &config.data_dir).await {
        Ok(()) => prepare(&service, first, demo, |first| {
            first_start::show(first, &newcomer, &config.data_dir, &public_url)
        })
        .await
        .and_then(|()| rules::hand_over(&service, &config))
        .and_then(|()| issuers::hand_over(&service, believed)),
        refused => refused,
    };
    let served = match prepared {
        Ok(()) => {
            let marking = mark::Keeper::start(service.clone(), config.data_dir.clone());
            let mut server = server_config(&config, &sockets, public_url);
            server.outgoing.authorities = authorities;
            let app = server::app(service.clone(), server);
            let served = run_until(stop, app, sockets, config.shutdown_delay).await;
            marking.stop().await;
            served
        }
        Err(failure) => Err(failure),
    };
    service.close().await;
    served.map(|()| Exit::Done)
}

/// What happens once, between opening and serving.
async fn prepare(
    service: &Service,
    first: Option<FirstStart>,
    demo: bool,
    show: impl FnOnce(&FirstStart) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let Some(mut first) = first else {
        return if demo { Err(not_empty()) } else { Ok(()) };
    };
    if demo {
        let samples = service.fill_demo().await.map_err(|error| match error {
            service::Error::Conflict { .. } => not_empty(),
            other => Failure::failed(format!("the sample data could not be made: {other}")),
        })?;
        first.credentials.extend(samples);
    }
    for warning in &first.warnings {
        tracing::warn!("{warning}");
    }
    show(&first)
}

fn not_empty() -> Failure {
    Failure::new(Exit::Usage, "`--demo` needs an empty database, and this one is in use")
        .with_hint("start without `--demo`, or name another `--data-dir`")
}

/// Answers requests and does the jobs. When `stop` is ready: not ready any more, then no new
/// connections, then what runs may end, then the jobs write what memory still holds.
async fn run_until(
    stop: impl Future<Output = ()>,
    app: AppService,
    sockets: Sockets,
    delay: Duration,
) -> Result<(), Failure> {
    let renewing = listening::keep_fresh(&sockets.configured).map_err(Failure::failed)?;
    let (end_jobs, jobs) = until_told(|end| app.app().service().clone().run_jobs(end));
    let metrics = sockets.metrics.map(|listeners| {
        let app = app.app().clone();
        until_told(|end| server::ops::metrics::serve(listeners, app, end))
    });
    for address in sockets.listeners.addresses().map_err(Failure::failed)? {
        let public_url = &app.app().config().public_url;
        tracing::info!(%address, public_url, version = env!("CARGO_PKG_VERSION"), "listening");
    }
    let dropped = server::serve(sockets.listeners, app.clone(), async {
        stop.await;
        app.app().announce_stop();
        tracing::info!(delay = ?delay, "stopping: not ready any more, and soon not listening");
        tokio::time::sleep(delay).await;
    })
    .await;
    if dropped > 0 {
        tracing::warn!(connections = dropped, "requests were cut off: `shutdown_grace` was over");
    }
    drop(end_jobs);
    if let Err(error) = jobs.await {
        tracing::error!(%error, "the jobs ended badly");
    }
    if let Some((end_metrics, serving)) = metrics {
        drop(end_metrics);
        let _ = serving.await;
    }
    if let Some(renewing) = renewing {
        renewing.abort();
    }
    tracing::info!("stopped");
    Ok(())
}

/// Starts a task that ends when the sender is dropped.
fn until_told<W: Future<Output = ()> + Send + 'static>(
    task: impl FnOnce(Pin<Box<dyn Future<Output = ()> + Send>>) -> W,
) -> (oneshot::Sender<()>, JoinHandle<()>) {
    let (end, ended) = oneshot::channel::<()>();
    let told = Box::pin(async {
        // A sender that is gone means the same.
        drop(ended.await);
    });
    (end, tokio::spawn(task(told)))
}

/// Whom the gateway trusts beside the public authorities.
fn upstream_authorities(config: &Config) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let Some(path) = &config.rules.upstream_authorities else { return Ok(Vec::new()) };
    authorities::read(path)
        .map_err(|why| Failure::new(Exit::Usage, format!("`gateway.upstream_authorities`: {why}")))
}

fn server_config(config: &Config, sockets: &Sockets, public_url: String) -> ServerConfig {
    let mut server = ServerConfig::new(public_url, Entropy::system().bytes());
    server.hosts.clone_from(&config.hosts);
    server.trusted_proxies = config.trusted_proxies.clone();
    server.listeners.clone_from(&sockets.configured);
    server.verify_on_loopback_without_credentials = config.verify_on_loopback;
    server.limits.drain = config.shutdown_grace;
    server.limits.connections = open_files::most_connections(server.limits.connections);
    server
}

/// What asks the process to stop.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn new() -> std::io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}
