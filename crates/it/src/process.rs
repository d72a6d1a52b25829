//! The built program as its users run it: a process, a port, HTTP over a socket.

use crate::{
    caller::{Answer, basic},
    world::{CLIENT_SECRET, OTHER_TENANT, PASSWORD, Place, TENANT},
};
use anyhow::{Context as _, Result, bail};
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::Value;
use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// A running server.
pub struct Process {
    child: Mutex<Child>,
    /// Where it listens, `http://127.0.0.1:PORT`.
    pub url: String,
    log: PathBuf,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The program, built on demand.
///
/// # Errors
/// It does not build.
pub fn program() -> Result<PathBuf> {
    if let Ok(given) = std::env::var("KEYWARD_TEST_PROGRAM") {
        return Ok(given.into());
    }
    let here = std::env::current_exe()?;
    let target = here.ancestors().nth(2).context("the folder of the test binary")?.to_owned();
    let program = target.join("keyward");
    // Cargo builds a test binary's own package only; this is quick when nothing has changed.
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--package", "keyward"])
        .current_dir(root)
        .status()?;
    if !status.success() || !program.exists() {
        bail!("the program was not built at {}", program.display());
    }
    Ok(program)
}

/// A configuration with the persons and clients of the test world.
#[must_use]
pub fn config(place: &Place, port: u16, more: &str) -> String {
    let database = place.database_value();
    let data = place.folder().join("data");
    format!(
        r#"
listen = "127.0.0.1:{port}"
public_url = "http://127.0.0.1:{port}"
data_dir = "{data}"
database = "{database}"
{more}

[bootstrap]
ops = {{ username = "ops", password = "{PASSWORD}" }}

[[bootstrap.tenants]]
id = "{TENANT}"
name = "premise_tenant"
domains = ["t100"]
realm = "companya"
persons = [{{ username = "nexus", password = "{PASSWORD}", roles = ["admin"] }}]

[[bootstrap.tenants]]
id = "{OTHER_TENANT}"
name = "other_tenant"
domains = ["t200"]
persons = [{{ username = "bob", password = "{PASSWORD}", roles = ["admin"] }}]

[[bootstrap.clients]]
client_id = "nexus_client"
secret = ""
grants = ["password", "refresh_token"]

[[bootstrap.clients]]
client_id = "cluster-verifier"
secret = "{CLIENT_SECRET}"
grants = ["client_credentials"]
rights = ["Keys.canVerify"]
"#,
        data = data.display(),
    )
}

/// A port that was free a moment ago.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its number").port()
}

impl Process {
    /// Starts `keyward serve` on a place and waits until it is ready.
    ///
    /// # Errors
    /// It ends, or is not ready within 30 seconds; the error holds what it wrote.
    pub async fn start(place: &Place, more: &str) -> Result<Self> {
        let port = free_port();
        let file = place.folder().join("keyward.toml");
        fs::write(&file, config(place, port, more))?;
        Self::start_with(place, port, &["serve", "--config", &file.display().to_string()]).await
    }

    /// Starts the program with these arguments and waits until `port` is ready.
    ///
    /// # Errors
    /// It ends, or is not ready within 30 seconds; the error holds what it wrote.
    pub async fn start_with(place: &Place, port: u16, arguments: &[&str]) -> Result<Self> {
        Self::start_in(place, port, arguments, &[]).await
    }

    /// The same with these variables in its environment.
    ///
    /// # Errors
    /// It ends, or is not ready within 30 seconds; the error holds what it wrote.
    pub async fn start_in(
        place: &Place,
        port: u16,
        arguments: &[&str],
        variables: &[(&str, &str)],
    ) -> Result<Self> {
        let log = place.folder().join("log");
        let output = fs::OpenOptions::new().create(true).append(true).open(&log)?;
        let child = Command::new(program()?)
            .args(arguments)
            .envs(variables.iter().copied())
            .current_dir(place.folder())
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()?;
        let client = Client::builder(TokioExecutor::new()).build_http();
        let process =
            Self { child: Mutex::new(child), url: format!("http://127.0.0.1:{port}"), log, client };
        process.wait_until_ready().await?;
        Ok(process)
    }

    async fn wait_until_ready(&self) -> Result<()> {
        let begin = Instant::now();
        loop {
            if let Some(status) = self.child().try_wait()? {
                bail!("the program ended ({status}):\n{}", self.log());
            }
            if let Ok(answer) = self.send(Method::GET, "/health/ready", &[], Bytes::new()).await
                && answer.status == 200
            {
                return Ok(());
            }
            if begin.elapsed() > Duration::from_secs(30) {
                bail!("not ready after 30 seconds:\n{}", self.log());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Its number.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child().id()
    }

    /// Everything that it has written.
    #[must_use]
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Ends it as a power cut would: no handler runs.
    pub fn kill(&self) {
        let mut child = self.child();
        let _ = child.kill();
        let _ = child.wait();
    }

    fn child(&self) -> MutexGuard<'_, Child> {
        self.child.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks it to stop (SIGTERM) and waits; returns its exit code.
    ///
    /// # Errors
    /// It does not stop within 20 seconds.
    pub async fn stop(&self) -> Result<i32> {
        Command::new("kill").args(["-TERM", &self.child().id().to_string()]).status()?;
        for _ in 0..1_000 {
            if let Some(status) = self.child().try_wait()? {
                return Ok(status.code().unwrap_or(-1));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!("it did not stop:\n{}", self.log());
    }

    /// One call.
    ///
    /// # Errors
    /// The connection failed.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Answer> {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.client.request(request.body(Full::new(body))?).await?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Answer { status: parts.status, headers: parts.headers, body })
    }

    /// `POST` of JSON with a Bearer token.
    ///
    /// # Errors
    /// The connection failed.
    pub async fn post(&self, path: &str, token: &str, body: &Value) -> Result<Answer> {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        self.send(Method::POST, path, &headers, body.to_string().into()).await
    }

    /// An access token by the password grant of `nexus_client`.
    ///
    /// # Errors
    /// The connection failed or the grant was refused.
    pub async fn token(&self, username: &str) -> Result<String> {
        let form: String = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("grant_type", "password"),
                ("username", username),
                ("password", PASSWORD),
            ])
            .finish();
        self.token_by(&basic("nexus_client", ""), form).await
    }

    /// An access token of `cluster-verifier`.
    ///
    /// # Errors
    /// The connection failed or the grant was refused.
    pub async fn verifier_token(&self) -> Result<String> {
        self.token_by(
            &basic("cluster-verifier", CLIENT_SECRET),
            "grant_type=client_credentials".to_owned(),
        )
        .await
    }

    async fn token_by(&self, authorization: &str, form: String) -> Result<String> {
        let headers = [
            ("authorization", authorization),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let answer = self.send(Method::POST, "/auth/v3/oauth/token", &headers, form.into()).await?;
        let json = answer.json();
        json["access_token"]
            .as_str()
            .map(str::to_owned)
            .with_context(|| format!("no token: {json}"))
    }
}
