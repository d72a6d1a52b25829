//! Real proxies in front of Keyward: nginx, HAProxy, Caddy and Envoy as `.ci/proxies` finds or installs them,
//! each a process of its own on a free port, with a configuration in a folder of its own.

use crate::process::free_port;
use anyhow::{Context as _, Result, bail, ensure};
use std::{
    fs::{self, File},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A proxy that the suite drives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// nginx.
    Nginx,
    /// `HAProxy`.
    Haproxy,
    /// Caddy.
    Caddy,
    /// Envoy that asks over HTTP.
    Envoy,
    /// Envoy that asks over gRPC.
    EnvoyGrpc,
}

impl Kind {
    /// What `.ci/proxies` and the folder of the example call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Haproxy => "haproxy",
            Self::Caddy => "caddy",
            Self::Envoy | Self::EnvoyGrpc => "envoy",
        }
    }

    /// How its configuration writes a port of this machine.
    fn names(self, address: &str) -> String {
        match self {
            Self::Nginx | Self::Haproxy | Self::Caddy => address.to_owned(),
            Self::Envoy | Self::EnvoyGrpc => {
                format!("port_value: {} ", address.rsplit(':').next().unwrap_or_default())
            }
        }
    }
}

/// A running proxy. It ends with this value, and its folder goes.
pub struct Proxy {
    child: Child,
    folder: PathBuf,
    /// Where it listens, `127.0.0.1:PORT`.
    pub address: String,
    /// Where it speaks HTTP/2 without TLS; the same place, where the proxy tells the two apart.
    pub http2: String,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

const HERE: &str = "127.0.0.1";
/// Where the examples listen.
const PUBLIC: &str = ":8000";
/// The addresses that they name.
const KEYWARD: &str = "127.0.0.1:8080";
const API: &str = "127.0.0.1:9000";

impl Proxy {
    /// Starts the shipped example, as its files are but for the port and two addresses, and HTTP/2 switched on
    /// without TLS where it is not by itself.
    ///
    /// # Errors
    /// The proxy cannot be had, does not start, or the example does not name an address.
    pub async fn of_example(kind: Kind, keyward: &str, api: &str) -> Result<Self> {
        let example = project().join("examples").join(kind.name());
        let mut files = Vec::new();
        read_folder(&example, Path::new(""), &mut files)?;
        for address in [PUBLIC, KEYWARD, API] {
            ensure!(
                files.iter().any(|(_, text)| text.contains(&kind.names(address))),
                "the example of {} does not name {address}",
                kind.name()
            );
        }
        Self::start(kind, |public, http2| {
            let named = |address: &str| kind.names(address.trim_start_matches(HERE));
            let (keyward, api) = match kind {
                Kind::Nginx | Kind::Haproxy | Kind::Caddy => (keyward.to_owned(), api.to_owned()),
                Kind::Envoy | Kind::EnvoyGrpc => (named(keyward), named(api)),
            };
            let replaced = |text: &str| {
                let text = with_http2(kind, text, http2);
                text.replace(&kind.names(PUBLIC), &named(public))
                    .replace(&kind.names(KEYWARD), &keyward)
                    .replace(&kind.names(API), &api)
            };
            files.iter().map(|(path, text)| (path.clone(), replaced(text))).collect()
        })
        .await
    }

    /// Starts a proxy with the files that `files` makes of the two addresses to listen at; the main one
    /// bears the name that the example's has.
    ///
    /// # Errors
    /// The proxy cannot be had or does not start; the error holds what it wrote.
    pub async fn start(
        kind: Kind,
        files: impl Fn(&str, &str) -> Vec<(PathBuf, String)>,
    ) -> Result<Self> {
        let program = program(kind)?;
        let mut written = String::new();
        // A free port may be taken by the time that the proxy binds it.
        for _ in 0..4 {
            let name = format!("keyward-proxy-{}", uuid::Uuid::new_v4().simple());
            let folder = std::env::temp_dir().join(name);
            fs::create_dir_all(&folder)?;
            let address = format!("127.0.0.1:{}", free_port());
            let http2 = match kind {
                Kind::Nginx => format!("127.0.0.1:{}", free_port()),
                Kind::Haproxy | Kind::Caddy | Kind::Envoy | Kind::EnvoyGrpc => address.clone(),
            };
            for (path, text) in files(&address, &http2) {
                let path = folder.join(path);
                fs::create_dir_all(path.parent().context("a folder")?)?;
                fs::write(path, text)?;
            }
            let log = File::create(folder.join("log"))?;
            let child = command(kind, &program, &folder)
                .current_dir(&folder)
                .stdin(Stdio::null())
                .stdout(log.try_clone()?)
                .stderr(log)
                .spawn()
                .with_context(|| format!("start {}", program.display()))?;
            let mut proxy = Self { child, folder, address, http2 };
            if proxy.is_ready().await? {
                return Ok(proxy);
            }
            written = proxy.log();
        }
        bail!("{} does not start:\n{written}", kind.name());
    }

    /// Whether it takes connections; false when it ended instead.
    async fn is_ready(&mut self) -> Result<bool> {
        let address: SocketAddr = self.address.parse()?;
        let begin = Instant::now();
        loop {
            if self.child.try_wait()?.is_some() {
                return Ok(false);
            }
            if TcpStream::connect(address).is_ok() {
                return Ok(true);
            }
            if begin.elapsed() > Duration::from_secs(30) {
                bail!("not ready after 30 seconds:\n{}", self.log());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Everything that it has written to its terminal, and the access log where it has one beside.
    #[must_use]
    pub fn log(&self) -> String {
        ["log", "access.log"]
            .map(|name| fs::read_to_string(self.folder.join(name)).unwrap_or_default())
            .concat()
    }
}

fn command(kind: Kind, program: &Path, folder: &Path) -> Command {
    let mut command = Command::new(program);
    match kind {
        // One process, so that it can be ended by its number.
        Kind::Nginx => command
            .args(["-g", "master_process off;", "-e", "stderr", "-c"])
            .arg(folder.join("nginx.conf"))
            .arg("-p")
            .arg(folder),
        Kind::Haproxy => command.arg("-db").arg("-f").arg(folder.join("haproxy.cfg")),
        Kind::Caddy => command
            .args(["run", "--adapter", "caddyfile", "--config"])
            .arg(folder.join("Caddyfile"))
            .env("XDG_DATA_HOME", folder)
            .env("XDG_CONFIG_HOME", folder),
        Kind::Envoy => envoy(&mut command, &folder.join("envoy.yaml")),
        Kind::EnvoyGrpc => envoy(&mut command, &folder.join("envoy-grpc.yaml")),
    };
    command
}

/// One thread is enough, and several Envoys share a machine only when each has a number of its own.
fn envoy<'a>(command: &'a mut Command, file: &Path) -> &'a mut Command {
    command
        .args(["--use-dynamic-base-id", "--concurrency", "1", "--log-level", "warning", "-c"])
        .arg(file)
}

/// The examples speak HTTP/2 where there is TLS, as browsers do; here there is none.
fn with_http2(kind: Kind, text: &str, http2: &str) -> String {
    match kind {
        Kind::Nginx => {
            let listen = format!("listen {HERE}{PUBLIC};");
            text.replace(&listen, &format!("{listen} listen {http2} http2;"))
        }
        Kind::Haproxy | Kind::Envoy | Kind::EnvoyGrpc => text.to_owned(),
        Kind::Caddy => text.replace("admin off", "admin off\nservers {\nprotocols h1 h2 h2c\n}"),
    }
}

/// Where the program is; it is installed first where it is missing.
fn program(kind: Kind) -> Result<PathBuf> {
    let output = Command::new(project().join(".ci/proxies"))
        .arg(kind.name())
        .stdin(Stdio::null())
        .output()
        .context("run .ci/proxies")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let path = said.trim().strip_prefix(kind.name()).map(str::trim);
    match path {
        Some(path) if output.status.success() => Ok(path.into()),
        _ => {
            bail!(".ci/proxies {}: {}", kind.name(), String::from_utf8_lossy(&output.stderr).trim())
        }
    }
}

fn read_folder(root: &Path, below: &Path, files: &mut Vec<(PathBuf, String)>) -> Result<()> {
    for entry in fs::read_dir(root.join(below))? {
        let path = below.join(entry?.file_name());
        if root.join(&path).is_dir() {
            read_folder(root, &path, files)?;
        } else {
            files.push((path.clone(), fs::read_to_string(root.join(&path))?));
        }
    }
    Ok(())
}

/// The folder of the project.
#[must_use]
pub fn project() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
