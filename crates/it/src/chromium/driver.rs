//! The browser and its driver: two processes and a session.

use super::tools::program;
use anyhow::{Context as _, Result, bail, ensure};
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
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
    driver: Child,
    folder: PathBuf,
    client: Client<HttpConnector, Full<Bytes>>,
    /// The driver's address of the session.
    session: String,
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

impl Chromium {
    /// Starts a browser with a fresh profile.
    pub async fn start() -> Self {
        Self::try_start().await.expect("a browser starts")
    }

    async fn try_start() -> Result<Self> {
        let (browser, driver) = (program("chromium")?, program("chromedriver")?);
        let folder = std::env::temp_dir().join(format!("keyward-browser-{}", uuid::Uuid::new_v4()));
        fs::create_dir_all(&folder)?;
        let log = File::create(folder.join("log"))?;
        let driver = Command::new(driver)
            .arg("--port=0")
            // What the browser keeps in its own folders goes with ours.
            .env("TMPDIR", &folder)
            .env("HOME", &folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("start the driver")?;
        let client = Client::builder(TokioExecutor::new()).build_http();
        let mut chromium = Self { driver, folder, client, session: String::new() };
        let port = chromium.port().await?;
        let session = format!("http://127.0.0.1:{port}/session");
        let folder = chromium.folder.join("profile");
        let wanted = wanted(&browser, &folder);
        let made = chromium.call(Method::POST, &session, Some(wanted)).await?;
        let id = made["sessionId"].as_str().context("a session")?;
        chromium.session = format!("{session}/{id}");
        Ok(chromium)
    }

    /// The port that the driver says it listens at.
    async fn port(&mut self) -> Result<u16> {
        let begin = Instant::now();
        loop {
            let log = fs::read_to_string(self.folder.join("log"))?;
            let said = log.split_once("started successfully on port ");
            if let Some((number, _)) = said.and_then(|(_, more)| more.split_once('.')) {
                return Ok(number.parse()?);
            }
            ensure!(self.driver.try_wait()?.is_none(), "the driver ended:\n{log}");
            ensure!(begin.elapsed() < PATIENCE, "the driver does not start:\n{log}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// A command of the session; the driver's answer.
    ///
    /// # Errors
    /// What the driver says.
    pub(super) async fn command(&self, path: &str, body: Value) -> Result<Value> {
        self.call(Method::POST, &format!("{}/{path}", self.session), Some(body)).await
    }

    /// A question about the session.
    pub(super) async fn ask(&self, path: &str) -> Result<Value> {
        self.call(Method::GET, &format!("{}/{path}", self.session), None).await
    }

    /// A command of the browser's own protocol.
    pub async fn cdp(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.command("goog/cdp/execute", body).await.expect("a command of the protocol")
    }

    async fn call(&self, method: Method, address: &str, body: Option<Value>) -> Result<Value> {
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(address)
            .header("content-type", "application/json; charset=utf-8")
            .body(Full::new(Bytes::from(body)))?;
        let answer = tokio::time::timeout(PATIENCE, self.client.request(request));
        let response = answer.await.with_context(|| format!("no answer from {address}"))??;
        let status = response.status();
        let bytes = response.into_body().collect().await?.to_bytes();
        let mut answer: Value = serde_json::from_slice(&bytes)
            .with_context(|| format!("{status}: {}", String::from_utf8_lossy(&bytes)))?;
        let value = answer["value"].take();
        if let Some(error) = value["error"].as_str() {
            let message = value["message"].as_str().unwrap_or_default();
            bail!("{error}: {}", message.lines().next().unwrap_or_default());
        }
        Ok(value)
    }
}

/// What kind of session we want.
fn wanted(browser: &Path, profile: &Path) -> Value {
    let profile = format!("--user-data-dir={}", profile.display());
    let arguments: Vec<&str> = ARGUMENTS.into_iter().chain([profile.as_str()]).collect();
    json!({ "capabilities": { "alwaysMatch": {
        "browserName": "chrome",
        // A question that a page asks stays until the test has answered it.
        "unhandledPromptBehavior": "ignore",
        "timeouts": { "script": 60_000, "pageLoad": 60_000, "implicit": 0 },
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        "goog:chromeOptions": {
            "binary": browser,
            "args": arguments,
            "perfLoggingPrefs": { "enableNetwork": true, "enablePage": false },
        },
    } } })
}
