//! Servers as processes of their own, so that the kernel counts their CPU time apart from the
//! client's.

use super::installation::Installation;
use anyhow::{Context as _, Result, bail};
use std::{
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// How long a server may take to listen; under an instrument it is slow.
const PATIENCE: Duration = Duration::from_secs(180);
const PAUSE: Duration = Duration::from_millis(1);
/// How long a server may take to stop before it is killed.
const GRACE: Duration = Duration::from_secs(15);

/// A server that was started here and is ended with this value.
pub(super) struct Server {
    child: Child,
    pub(super) address: SocketAddr,
    pub(super) started: Instant,
    log: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Asked first: a server that is killed leaves workers of its own behind.
        if self.ask_to_stop().is_ok() {
            let begin = Instant::now();
            while begin.elapsed() < GRACE {
                if !matches!(self.child.try_wait(), Ok(None)) {
                    return;
                }
                std::thread::sleep(PAUSE);
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// `keyward serve` on an installation; `wrapper` is a program to run it under, with arguments.
    pub(super) fn keyward(installation: &Installation, wrapper: &[String]) -> Result<Self> {
        Self::configured(installation, wrapper, "")
    }

    /// The same with more in its configuration.
    pub(super) fn configured(
        installation: &Installation,
        wrapper: &[String],
        more: &str,
    ) -> Result<Self> {
        let address = free_address()?;
        let folder = installation.folder.path();
        let config = folder.join(format!("keyward-{}.toml", address.port()));
        fs::write(&config, configuration(installation, address) + more)?;
        let config = config.display().to_string();
        let arguments = ["serve", "--config", &config, "--log-level", "warn"];
        Self::start(wrapper, &this_program()?, &arguments, address, folder)
    }

    /// The bare server, which answers everything with so many bytes.
    pub(super) fn bare(bytes: usize, folder: &Path, wrapper: &[String]) -> Result<Self> {
        let address = free_address()?;
        let (listen, bytes) = (address.to_string(), bytes.to_string());
        let arguments = ["bench", "bare", "--bytes", &bytes, "--listen", &listen];
        Self::start(wrapper, &this_program()?, &arguments, address, folder)
    }

    /// Any program that will listen on `address`.
    pub(super) fn start(
        wrapper: &[String],
        program: &Path,
        arguments: &[&str],
        address: SocketAddr,
        folder: &Path,
    ) -> Result<Self> {
        let log = folder.join(format!("log-{}", address.port()));
        let mut command = match wrapper.split_first() {
            Some((first, rest)) => {
                let mut command = Command::new(first);
                command.args(rest).arg(program);
                command
            }
            None => Command::new(program),
        };
        let output = File::create(&log)?;
        command
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        let started = Instant::now();
        let child =
            command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        let mut server = Self { child, address, started, log };
        server.wait_until_it_listens()?;
        Ok(server)
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop (SIGTERM), waits for that, and returns what it wrote.
    pub(super) fn stop(mut self) -> Result<String> {
        self.ask_to_stop()?;
        let begin = Instant::now();
        while self.child.try_wait()?.is_none() {
            if begin.elapsed() > PATIENCE {
                bail!("a server did not stop:\n{}", self.output());
            }
            std::thread::sleep(PAUSE);
        }
        Ok(self.output())
    }

    /// The standard library can only kill; an instrument writes its result when asked to stop.
    fn ask_to_stop(&self) -> Result<()> {
        Command::new("kill").args(["-TERM", &self.pid().to_string()]).status()?;
        Ok(())
    }

    fn output(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn wait_until_it_listens(&mut self) -> Result<()> {
        while TcpStream::connect(self.address).is_err() {
            if let Some(status) = self.child.try_wait()? {
                bail!("a server ended ({status}):\n{}", self.output());
            }
            if self.started.elapsed() > PATIENCE {
                bail!("a server does not listen:\n{}", self.output());
            }
            std::thread::sleep(PAUSE);
        }
        Ok(())
    }
}

fn configuration(installation: &Installation, address: SocketAddr) -> String {
    let database = installation.postgres.as_deref().unwrap_or("sqlite");
    let data = installation.data().display().to_string();
    format!(
        "listen = \"{address}\"\npublic_url = \"http://{address}\"\ndata_dir = {data:?}\ndatabase = {database:?}\n"
    )
}

/// This very program.
pub(super) fn this_program() -> Result<PathBuf> {
    std::env::current_exe().context("where this program lies")
}

/// A port of the loopback interface that was free a moment ago.
pub(super) fn free_address() -> Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    Ok(listener.local_addr()?)
}
