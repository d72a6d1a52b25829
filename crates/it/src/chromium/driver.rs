//! The browser and its driver: two processes and a session.

use super::{tools::program, transport::Transport};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use thirtyfour::{
    CapabilitiesHelper as _, ChromeCapabilities, ChromiumLikeCapabilities as _,
    DesiredCapabilities, LoggingPrefsLogLevel, WebDriver, error::WebDriverResult,
};

/// What it is started with: no window, and nothing asked of other hosts by itself.
const ARGUMENTS: [&str; 13] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--window-size=1440,900",
    // When the driver dies, the pipe closes, and the browser ends by itself.
    "--remote-debugging-pipe",
    "--lang=en-GB",
];
/// How long starting may take on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser of one test.
pub struct Chromium {
    pub(super) session: WebDriver,
    _driver: Driver,
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // The browser ends with its driver: nobody says goodbye before, which would hold up the runtime.
        let _ = self.session.clone().leak();
    }
}

/// The driver's process, and the folder where it and the browser keep what they keep.
struct Driver {
    process: Child,
    folder: PathBuf,
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Chromium {
    /// Starts a browser with a fresh profile.
    pub async fn start() -> Self {
        Self::try_start(None).await.expect("a browser starts")
    }

    /// Starts one for which this host, with TLS, is a port of this machine, whoever certifies it.
    pub async fn start_knowing(host: &str, port: u16) -> Self {
        Self::try_start(Some((host, port))).await.expect("a browser starts")
    }

    async fn try_start(known: Option<(&str, u16)>) -> Result<Self> {
        let browser = program("chromium")?;
        let mut driver = Driver::start()?;
        let address = format!("http://127.0.0.1:{}", driver.port().await?);
        let mut wanted = wanted(&browser, &driver.folder.join("profile"))?;
        if let Some((host, port)) = known {
            wanted.add_arg(&format!("--host-resolver-rules=MAP {host}:443 127.0.0.1:{port}"))?;
            wanted.accept_insecure_certs(true)?;
        }
        let session = WebDriver::builder(address, wanted).client(Transport::fresh()).await?;
        Ok(Self { session, _driver: driver })
    }

    /// A command of the browser's own protocol.
    pub async fn cdp(&self, command: &str, parameters: Value) -> Value {
        let answer = self.session.cdp().send_raw(command, parameters).await;
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }
}

impl Driver {
    fn start() -> Result<Self> {
        let program = program("chromedriver")?;
        let folder = std::env::temp_dir().join(format!("keyward-browser-{}", uuid::Uuid::new_v4()));
        fs::create_dir_all(&folder)?;
        let log = File::create(folder.join("log"))?;
        let process = Command::new(program)
            .arg("--port=0")
            // What the browser keeps in its own folders goes with ours.
            .env("TMPDIR", &folder)
            .env("HOME", &folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("start the driver")?;
        Ok(Self { process, folder })
    }

    /// The port that it says it listens at.
    async fn port(&mut self) -> Result<u16> {
        let begin = Instant::now();
        loop {
            let log = fs::read_to_string(self.folder.join("log"))?;
            let said = log.split_once("started successfully on port ");
            if let Some((number, _)) = said.and_then(|(_, more)| more.split_once('.')) {
                return Ok(number.parse()?);
            }
            ensure!(self.process.try_wait()?.is_none(), "the driver ended:\n{log}");
            ensure!(begin.elapsed() < PATIENCE, "the driver does not start:\n{log}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// What kind of session we want.
fn wanted(browser: &Path, profile: &Path) -> WebDriverResult<ChromeCapabilities> {
    let mut wanted = DesiredCapabilities::chrome();
    wanted.set_binary(&browser.display().to_string())?;
    for argument in ARGUMENTS {
        wanted.add_arg(argument)?;
    }
    wanted.add_arg(&format!("--user-data-dir={}", profile.display()))?;
    for log in ["browser", "performance"] {
        wanted.set_logging_prefs(log, LoggingPrefsLogLevel::All)?;
    }
    let network = json!({ "enableNetwork": true, "enablePage": true });
    wanted.add_experimental_option("perfLoggingPrefs", network)?;
    // A question that a page asks stays until the test has answered it.
    wanted.set("unhandledPromptBehavior", "ignore")?;
    Ok(wanted)
}
