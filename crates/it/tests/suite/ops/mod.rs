//! What an operator relies on: metrics, certificates, a stop that is announced, hostile connections,
//! and a process that keeps to itself.

mod certificates;
mod defaults;
mod metrics;
mod private_memory;
mod readiness;
mod sandbox;
mod slow_clients;

use it::process::config;
use it::world::Place;
use std::{fs, path::PathBuf, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Longer than anything here takes; a test that comes to its end has failed.
const LONG: Duration = Duration::from_secs(30);

/// A configuration with these lines at its top and these tables at its end; returns its file.
fn configured(place: &Place, port: u16, top: &str, tables: &str) -> PathBuf {
    let file = place.folder().join("keyward.toml");
    fs::write(&file, format!("{}\n{tables}", config(place, port, top))).expect("a configuration");
    file
}

/// The whole answer of a connection that is closed after it; empty when there is none.
async fn raw(port: u16, request: &str) -> String {
    let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)).await else {
        return String::new();
    };
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(LONG, stream.read_to_end(&mut answer)).await.expect("an end");
    String::from_utf8_lossy(&answer).into_owned()
}

/// `GET`, over a connection of its own.
async fn get(port: u16, path: &str) -> String {
    raw(port, &format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")).await
}
