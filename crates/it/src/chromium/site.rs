//! What the browser opens: an installation on a port of this machine, and pages of somebody else.

use crate::World;
use rustls::{ServerConfig as TlsConfig, pki_types::PrivateKeyDer};
use server::{ListenerConfig, Listeners, ServerConfig, peer::SurfaceSet};
use service::Settings;
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
};
use tokio_rustls::TlsAcceptor;

/// A test world that listens.
pub struct Site {
    /// The world, with a clock that a test moves.
    pub world: World,
    /// Where it listens, `http://127.0.0.1:PORT`.
    pub url: String,
    serving: JoinHandle<usize>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Site {
    /// A fresh world that listens.
    pub async fn start() -> Self {
        Self::start_with(|_, _| {}).await
    }

    /// A fresh world with other settings that listens.
    pub async fn start_with(adjust: impl FnOnce(&mut Settings, &mut ServerConfig)) -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let wanted = ListenerConfig { address, surfaces: SurfaceSet::ALL, certificate: None };
        let listeners = Listeners::bind(&[wanted]).await.expect("a port");
        let addresses = listeners.addresses().expect("its number");
        let url = format!("http://{}", addresses[0]);
        let world = World::start_with(|settings, config| {
            settings.public_url.clone_from(&url);
            config.public_url.clone_from(&url);
            adjust(settings, config);
        })
        .await;
        let serving =
            tokio::spawn(server::serve(listeners, world.app.clone(), std::future::pending()));
        Self { world, url, serving }
    }

    /// The day so many days from now at noon, as a field for dates and times wants it.
    #[must_use]
    pub fn today(&self, days: i64) -> String {
        let now = self.world.service.now().wall.as_millis();
        let day = domain::time::Timestamp::from_millis(now + days * 86_400_000);
        day.to_string().chars().take("2026-03-01T12:00".len()).collect()
    }

    /// An address of the site.
    #[must_use]
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

/// Another site on another port: whatever is asked of it, it answers with one page.
pub struct Elsewhere {
    /// Its port.
    pub port: u16,
    serving: JoinHandle<()>,
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Elsewhere {
    /// A site with this one page.
    pub async fn start(page: String) -> Self {
        Self::serve(page, None).await
    }

    /// The same with TLS, by a certificate of its own for this host.
    pub async fn start_with_tls(host: &str, page: String) -> Self {
        let made = rcgen::generate_simple_self_signed(vec![host.to_owned()]);
        let made = made.expect("a certificate");
        let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
        let config = TlsConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key)
            .expect("a certificate with its key");
        Self::serve(page, Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    async fn serve(page: String, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let port = listener.local_addr().expect("its number").port();
        let serving = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (page, tls) = (page.clone(), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => answer(stream, &page).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                answer(stream, &page).await;
                            }
                        }
                    }
                });
            }
        });
        Self { port, serving }
    }
}

async fn answer(mut stream: impl AsyncRead + AsyncWrite + Unpin, page: &str) {
    let mut head = [0; 8192];
    let _ = stream.read(&mut head).await;
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n{page}",
        page.len()
    );
    let _ = stream.write_all(answer.as_bytes()).await;
    let _ = stream.shutdown().await;
}
