//! `keyward serve`: bind, open, serve until asked to stop, then stop in good order.

use crate::{
    cli, commands,
    config::Config,
    failure::{Exit, Failure},
    first_start::{self, Newcomer},
    open::open,
};
use server::{ListenerConfig, Listeners, ServerConfig};
use service::{Service, bootstrap::FirstStart, entropy::Entropy};
use std::{future::Future, net::SocketAddr};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::oneshot,
};

/// Serves until SIGTERM or SIGINT.
pub(crate) fn run(config: Config, arguments: &cli::Serve) -> Result<Exit, Failure> {
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
    // A taken port is told before anything is made. Connections wait in the kernel's queue meanwhile.
    let listeners = Listeners::bind(&listeners(&config)).await.map_err(Failure::failed)?;
    let addresses = listeners.addresses().map_err(Failure::failed)?;
    let public_url = config.public_url(addresses.first().copied());
    config.forget_given();
    let plan = std::mem::take(&mut config.bootstrap);
    let newcomer = Newcomer::of(&plan);
    let (service, first) = open(&config, plan, public_url.clone()).await?;
    let prepared = prepare(&service, first, demo, |first| {
        first_start::show(first, &newcomer, &config.data_dir, &public_url)
    })
    .await;
    if prepared.is_ok() {
        let server = server_config(&config, public_url);
        run_until(stop, &service, listeners, &addresses, server).await;
    }
    service.close().await;
    prepared.map(|()| Exit::Done)
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

/// Answers requests and does the jobs. When `stop` is ready: no new connections, then what runs may
/// end, then the jobs write what memory still holds.
async fn run_until(
    stop: impl Future<Output = ()>,
    service: &Service,
    listeners: Listeners,
    addresses: &[SocketAddr],
    config: ServerConfig,
) {
    let (end_jobs, jobs_end) = oneshot::channel::<()>();
    let jobs = tokio::spawn(service.clone().run_jobs(async {
        // A sender that is gone means the same.
        drop(jobs_end.await);
    }));
    for address in addresses {
        tracing::info!(%address, public_url = config.public_url, version = env!("CARGO_PKG_VERSION"), "listening");
    }
    let app = server::app(service.clone(), config);
    let dropped = server::serve(listeners, app, async {
        stop.await;
        tracing::info!("stopping");
    })
    .await;
    if dropped > 0 {
        tracing::warn!(connections = dropped, "requests were cut off: `shutdown_grace` was over");
    }
    let _ = end_jobs.send(());
    if let Err(error) = jobs.await {
        tracing::error!(%error, "the jobs ended badly");
    }
    tracing::info!("stopped");
}

fn listeners(config: &Config) -> Vec<ListenerConfig> {
    let one = |l: &crate::config::Listener| ListenerConfig {
        address: l.address,
        surfaces: l.surfaces,
        certificate: None,
    };
    config.listeners.iter().map(one).collect()
}

fn server_config(config: &Config, public_url: String) -> ServerConfig {
    let mut server = ServerConfig::new(public_url, Entropy::system().bytes());
    server.hosts.clone_from(&config.hosts);
    server.trusted_proxies = config.trusted_proxies.clone();
    server.listeners = listeners(config);
    server.verify_on_loopback_without_credentials = config.verify_on_loopback;
    server.limits.drain = config.shutdown_grace;
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
