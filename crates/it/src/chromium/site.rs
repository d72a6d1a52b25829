//! What the browser opens: an installation on a port of this machine, and pages of somebody else.

use crate::World;
use server::{ListenerConfig, Listeners, peer::SurfaceSet};
use std::net::{Ipv4Addr, SocketAddr};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinHandle,
};

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
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let wanted = ListenerConfig { address, surfaces: SurfaceSet::ALL, certificate: None };
        let listeners = Listeners::bind(&[wanted]).await.expect("a port");
        let addresses = listeners.addresses().expect("its number");
        let url = format!("http://{}", addresses[0]);
        let world = World::start_with(|settings, config| {
            settings.public_url.clone_from(&url);
            config.public_url.clone_from(&url);
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
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let port = listener.local_addr().expect("its number").port();
        let serving = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let page = page.clone();
                tokio::spawn(async move {
                    let mut head = [0; 8192];
                    let _ = stream.read(&mut head).await;
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\n\
                         content-length: {}\r\nconnection: close\r\n\r\n{page}",
                        page.len()
                    );
                    let _ = stream.write_all(answer.as_bytes()).await;
                });
            }
        });
        Self { port, serving }
    }
}
