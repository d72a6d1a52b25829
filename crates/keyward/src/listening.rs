//! The sockets of `serve`: bound before anything is made, with certificates that are read again when
//! their files change or SIGHUP asks for it.

use crate::{
    config::Config,
    failure::{Exit, Failure},
};
use server::{
    ListenerConfig, Listeners,
    peer::SurfaceSet,
    tls::{Certificate, Look, TlsError},
};
use std::{io, time::Duration};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    task::JoinHandle,
    time::MissedTickBehavior,
};

/// How often the files are looked at. They are read only when they changed.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Everything that listens.
pub(crate) struct Sockets {
    pub(crate) listeners: Listeners,
    pub(crate) configured: Vec<ListenerConfig>,
    pub(crate) metrics: Option<Listeners>,
}

/// Reads the certificates and binds every address. Connections wait in the kernel's queue meanwhile.
///
/// # Errors
/// A certificate that cannot be used, an address that cannot be had; with what to do about it.
pub(crate) async fn bind(config: &Config) -> Result<Sockets, Failure> {
    let mut configured = Vec::new();
    for listener in &config.listeners {
        let certificate = listener.tls.as_ref().map(Certificate::load).transpose();
        configured.push(ListenerConfig {
            address: listener.address,
            surfaces: listener.surfaces,
            certificate: certificate.map_err(|error| unusable(&error))?,
        });
    }
    let listeners = Listeners::bind(&configured).await.map_err(|error| taken(&error, "listen"))?;
    let metrics = match config.metrics {
        None => None,
        Some(address) => {
            let one = ListenerConfig { address, surfaces: SurfaceSet::ALL, certificate: None };
            let bound = Listeners::bind(&[one]).await;
            Some(bound.map_err(|error| taken(&error, "metrics_listen"))?)
        }
    };
    Ok(Sockets { listeners, configured, metrics })
}

fn unusable(error: &TlsError) -> Failure {
    Failure::new(Exit::Usage, error)
}

fn taken(error: &io::Error, setting: &str) -> Failure {
    let failure = Failure::failed(error);
    match error.kind() {
        io::ErrorKind::AddrInUse => failure.with_hint(format!(
            "another program listens there (`ss -ltnp` shows which); stop it, or choose another \
             address: `{setting}` in the configuration, or `--listen`"
        )),
        io::ErrorKind::PermissionDenied => failure.with_hint(
            "ports below 1024 take a privilege: choose a higher one, or give the service \
             CAP_NET_BIND_SERVICE",
        ),
        io::ErrorKind::AddrNotAvailable => failure
            .with_hint(format!("this machine does not have that address; correct `{setting}`")),
        _ => failure,
    }
}

/// Renews certificates for as long as the task lives; `None` when there are none. Without one SIGHUP
/// keeps its usual effect, which ends the process.
///
/// # Errors
/// The signal cannot be waited for.
pub(crate) fn keep_fresh(listeners: &[ListenerConfig]) -> io::Result<Option<JoinHandle<()>>> {
    let certificates: Vec<Certificate> =
        listeners.iter().filter_map(|l| l.certificate.clone()).collect();
    if certificates.is_empty() {
        return Ok(None);
    }
    let hangups = signal(SignalKind::hangup())?;
    Ok(Some(tokio::spawn(renew(certificates, hangups))))
}

async fn renew(certificates: Vec<Certificate>, mut hangups: Signal) {
    let mut every = tokio::time::interval(LOOK_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let asked = tokio::select! {
            _ = every.tick() => false,
            _ = hangups.recv() => true,
        };
        for certificate in &certificates {
            let certificate = certificate.clone();
            // A task that panicked has nothing to tell.
            let _ = tokio::task::spawn_blocking(move || look(&certificate, asked)).await;
        }
    }
}

fn look(certificate: &Certificate, asked: bool) {
    let file = certificate.files().certificate.display();
    match certificate.look(asked) {
        Ok(Look::Same) => {}
        Ok(Look::Renewed) => {
            let ends_at = certificate.ends_at().map(|end| end.to_string()).unwrap_or_default();
            tracing::info!(%file, ends_at, "the certificate was read anew");
        }
        Err(error) => {
            tracing::error!(%error, "the new certificate cannot be used; the one before stays in use");
        }
    }
}
